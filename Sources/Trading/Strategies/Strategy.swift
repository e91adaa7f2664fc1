import Market
import Runtime

/// Decides what to trade. A strategy is a value: two runs of the same value over the same events decide
/// the same, in a back-test as on paper.
///
/// It sees the desk and nothing else. What it does not implement does nothing.
public protocol Strategy: Sendable {
  /// Said on pages: `sma_cross 20/50`.
  var name: String { get }
  /// How many bars must be known before it can decide at all.
  var warmUp: Int { get }
  /// The model that it asks; nil where there is none. Its orders carry it.
  var model: ModelCredentials? { get }
  /// All that it asks one after the other, where there are several; `model` is the first of them.
  var models: [ModelCredentials] { get }
  /// How quickly it answered so far, where it is a program of its own.
  var pace: GuestPace? { get }
  /// Once, before anything else; bars before the first day may be known already.
  mutating func onStart(_ desk: inout Desk)
  /// A bar became known.
  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk)
  /// Someone traded.
  mutating func onTrade(_ trade: Market.Trade, of instrument: InstrumentID, _ desk: inout Desk)
  /// One of its orders was filled, in part or whole.
  mutating func onFill(_ fill: Fill, _ desk: inout Desk)
  /// A timer that it set is due.
  mutating func onTimer(_ timer: TimerID, _ desk: inout Desk)
}

extension Strategy {
  public var model: ModelCredentials? { nil }
  public var models: [ModelCredentials] { model.map { [$0] } ?? [] }
  public var pace: GuestPace? { nil }
  public mutating func onStart(_ desk: inout Desk) {}
  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {}
  public mutating func onTrade(
    _ trade: Market.Trade, of instrument: InstrumentID, _ desk: inout Desk
  ) {}
  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) {}
  public mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) {}
}

/// A bar and whose it is.
public struct BarOfSeries: Hashable, Sendable, BitwiseCopyable {
  public let bar: Bar
  public let series: SeriesID
  public let instrument: InstrumentID

  public init(_ bar: Bar, series: SeriesID, instrument: InstrumentID) {
    self.bar = bar
    self.series = series
    self.instrument = instrument
  }
}
