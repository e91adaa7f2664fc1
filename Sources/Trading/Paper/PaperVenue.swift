import Market
import Runtime

/// How the venue of an account on paper differs from the one that its back-test believes in: what it costs
/// more, and how late orders arrive there.
public struct PaperVenue: Hashable, Sendable {
  /// Until an order reaches the venue.
  public var delay: Duration
  /// Beside those of the settings.
  public var halfSpreadBasisPoints: Double
  public var commissionBasisPoints: Double

  /// As the back-test has it, where nothing is said.
  public init(
    delay: Duration = .zero, halfSpreadBasisPoints: Double = 0, commissionBasisPoints: Double = 0
  ) {
    self.delay = delay
    self.halfSpreadBasisPoints = halfSpreadBasisPoints
    self.commissionBasisPoints = commissionBasisPoints
  }

  func venue(
    _ table: InstrumentTable, _ settings: BacktestSettings
  ) throws(BacktestError) -> SimulatedVenue {
    var actual = settings
    actual.halfSpreadBasisPoints += halfSpreadBasisPoints
    actual.commissionBasisPoints += commissionBasisPoints
    var rules = try actual.rules()
    guard let nanoseconds = delay.nanoseconds, nanoseconds >= 0 else {
      throw .setting("delay", "\(delay)", expected: "no less than nothing")
    }
    rules.orderDelay += nanoseconds
    return SimulatedVenue(table, cash: settings.initialCash, rules: rules)
  }

  var json: JSON {
    [
      "delay_ns": JSON(delay.nanoseconds ?? 0), "half_spread_bps": JSON(halfSpreadBasisPoints),
      "commission_bps": JSON(commissionBasisPoints),
    ]
  }

  /// Nil where it is none; accounts of before there was one have the back-test's.
  init?(_ json: JSON?) {
    guard let json else {
      self.init()
      return
    }
    guard let delay = json["delay_ns"]?.whole, let spread = json["half_spread_bps"]?.double,
      let commission = json["commission_bps"]?.double
    else { return nil }
    self.init(
      delay: .nanoseconds(delay), halfSpreadBasisPoints: spread, commissionBasisPoints: commission)
  }
}
