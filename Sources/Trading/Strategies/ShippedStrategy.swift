import Market

/// A strategy that comes with the program. Whoever adds one writes it in a file of its own and names it
/// in `StrategyCatalogue`; recordings, sweeps and walk-forward follow from what it says here.
public protocol ShippedStrategy: Strategy {
  /// As settings call it: `sma_cross`.
  static var id: String { get }
  /// One sentence.
  static var summary: String { get }
  static var parameters: [StrategyParameter] { get }
  /// Throws where the values contradict each other; each alone is in its range.
  init(_ values: StrategyValues) throws(BacktestError)
}

/// The strategies that come with the program.
public enum StrategyCatalogue {
  public static let all: [any ShippedStrategy.Type] = [
    SMACross.self, BuyAndHold.self, BalancedHolding.self, MeanReversion.self, Breakout.self,
    MomentumRotation.self,
  ]

  public static func type(_ id: String) -> (any ShippedStrategy.Type)? {
    all.first { $0.id == id }
  }

  /// Values of `type` by name; what is not given is as it comes.
  public static func values(
    _ given: [String: Double], of type: any ShippedStrategy.Type
  ) throws(BacktestError) -> StrategyValues {
    var values = StrategyValues(type.parameters)
    for (key, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = type.parameters.first(where: { $0.key == key }) else {
        throw .unknownParameter(key, of: type.id, known: type.parameters.map(\.key))
      }
      try parameter.check(value)
      values[key] = value
    }
    return values
  }
}

/// A strategy whose type is known only when the program runs.
public struct AnyStrategy: Strategy {
  private var base: any Strategy

  public init(_ base: any Strategy) { self.base = base }

  public var name: String { base.name }
  public var warmUp: Int { base.warmUp }
  public var model: ModelCredentials? { base.model }
  public var models: [ModelCredentials] { base.models }
  public var pace: GuestPace? { base.pace }
  public mutating func onStart(_ desk: inout Desk) { base.onStart(&desk) }
  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) { base.onBar(bar, &desk) }
  public mutating func onTrade(
    _ trade: Market.Trade, of instrument: InstrumentID, _ desk: inout Desk
  ) {
    base.onTrade(trade, of: instrument, &desk)
  }
  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) { base.onFill(fill, &desk) }
  public mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) { base.onTimer(timer, &desk) }
}
