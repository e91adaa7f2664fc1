import Market

/// The same part of the account in every symbol, made equal again every so many bars.
public struct BalancedHolding: ShippedStrategy {
  public static let id = "equal_weight"
  public static let summary = "Holds the same part of the account in every symbol"
  public static let parameters: [StrategyParameter] = [
    .bars("every", 21, "Bars from one rebalance to the next")
  ]

  public let every: Int
  /// Bars seen of each instrument.
  private var seen: [Int] = []

  public init(every: Int) { self.every = every }
  public init(_ values: StrategyValues) { self.init(every: values[whole: "every"]) }

  public var name: String { "equal_weight \(every)" }
  public var warmUp: Int { 1 }

  public mutating func onStart(_ desk: inout Desk) {
    seen = Array(repeating: 0, count: desk.account.table.count)
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    let place = bar.instrument.place
    if seen[place] % every == 0 { desk.hold(1, of: bar.instrument) }
    seen[place] += 1
  }
}
