import Market

/// Buys at the first bar and never sells: what every strategy is compared with.
public struct BuyAndHold: ShippedStrategy {
  public static let id = "buy_and_hold"
  public static let summary = "Buys at the first bar and never sells"
  public static let parameters: [StrategyParameter] = []

  private var bought: Set<InstrumentID> = []

  public init() {}
  public init(_ values: StrategyValues) { self.init() }

  public var name: String { "buy and hold" }
  public var warmUp: Int { 1 }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    if bought.insert(bar.instrument).inserted { desk.hold(1, of: bar.instrument) }
  }
}
