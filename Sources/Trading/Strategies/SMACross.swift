import Market

/// Holds while the mean of the last `fast` closes is above that of the last `slow` ones.
public struct SMACross: Strategy {
  public let fast, slow: Int
  private var wanted: [Symbol: Double] = [:]

  public init(fast: Int, slow: Int) throws(BacktestError) {
    guard fast > 0, fast < slow else {
      throw .setting("fast", "\(fast)", expected: "a whole number from 1 to below slow (\(slow))")
    }
    self.fast = fast
    self.slow = slow
  }

  public var name: String { "sma_cross \(fast)/\(slow)" }
  public var warmUp: Int { slow }

  public mutating func barClosed(_ view: MarketView) -> Double? {
    guard let long = view.closes(last: slow) else { return nil }
    let short = long.slice(slow - fast..<slow)
    let target: Double = mean(short) > mean(long) ? 1 : 0
    return wanted.updateValue(target, forKey: view.symbol) == target ? nil : target
  }

  private func mean(_ values: Column<Double>) -> Double {
    values.withUnsafeValues { values in
      var sum = 0.0
      for value in values { sum += value }
      return sum / Double(values.count)
    }
  }
}

/// Buys at the first bar and never sells: what every strategy is compared with.
public struct BuyAndHold: Strategy {
  private var bought: Set<Symbol> = []

  public init() {}

  public var name: String { "buy and hold" }
  public var warmUp: Int { 1 }

  public mutating func barClosed(_ view: MarketView) -> Double? {
    bought.insert(view.symbol).inserted ? 1 : nil
  }
}
