/// Holds while the mean of the last `fast` closes is above that of the last `slow` ones.
public struct SMACross: LongFlatStrategy {
  public static let id = "sma_cross"
  public static let summary = "Holds while a fast average of closes is above a slow one"
  public static let parameters: [StrategyParameter] = [
    .bars("fast", 20, "Length of the fast average"),
    .bars("slow", 100, in: 2...10_000, "Length of the slow average"),
  ]

  public let fast, slow: Int
  public var holds: [Bool?] = []

  public init(fast: Int, slow: Int) throws(BacktestError) {
    guard fast > 0 else {
      throw .setting("fast", "\(fast)", expected: "a whole number from 1 on")
    }
    guard fast < slow else {
      throw .contradiction(
        "fast", finding: "\(fast) is not below slow, which is \(slow)",
        remedy: "choose a fast average that is shorter than the slow one")
    }
    self.fast = fast
    self.slow = slow
  }

  public init(_ values: StrategyValues) throws(BacktestError) {
    try self.init(fast: values[whole: "fast"], slow: values[whole: "slow"])
  }

  public var name: String { "sma_cross \(fast)/\(slow)" }
  public var warmUp: Int { slow }

  public func wants(_ bars: BarView, holds: Bool) -> Bool {
    let recent = UnsafeBufferPointer(rebasing: bars.close.suffix(fast))
    return WindowSum.of(recent) / Double(fast) > WindowSum.of(bars.close) / Double(slow)
  }
}
