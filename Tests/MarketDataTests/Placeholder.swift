import MarketData
import Testing
