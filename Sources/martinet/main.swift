import MarketData

print("martinet, with Arrow \(arrowVersion())")
