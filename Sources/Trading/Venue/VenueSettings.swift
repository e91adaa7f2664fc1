import Market
import Numerics
import Runtime

/// How the simulated venue of a run fills, as its settings say it; docs/FILL_RULES.md.
public struct VenueSettings: Configured, Hashable {
  public var volumeShare = 1.0
  public var touchFills = false
  public var orderDelay: Duration = .zero
  public var reportDelay: Duration = .zero
  public var settlementSessions = 0
  public var priceBand: Double?
  public var actions: String?
  public var notices: String?

  public init() {}

  public static let schema = Schema<Self>("How the simulated venue fills; docs/FILL_RULES.md") {
    Field(
      "volume_share", \.volumeShare, in: 0.0001...1, "Part of a bar's volume that we can have")
    Field(
      "touch_fills", \.touchFills, "A limit that the price only touches is filled, not passed by")
    Field("order_delay", \.orderDelay, in: Duration.zero..., "Until an order reaches the venue")
    Field("report_delay", \.reportDelay, in: Duration.zero..., "Until its word reaches us")
    Field(
      "settlement_sessions", \.settlementSessions, in: 0...10, unit: "sessions",
      "Until what was sold for cash pays for purchases")
    Field(
      "price_band", \.priceBand, in: 0.001...1,
      "No trade beyond this part of the last session's close, as at exchanges with daily limits")
    Field(
      "actions", \.actions,
      "Splits and dividends of prices as traded: a folder of factor files, or a store")
    Field(
      "notices", \.notices, "File of halts, price bands and shares to borrow: time,symbol,notice,…")
  }

  func apply(to rules: inout VenueRules) throws(BacktestError) {
    rules.volumeShare = volumeShare
    rules.touchFills = touchFills
    rules.orderDelay = try Self.nanoseconds(orderDelay, "venue.order_delay")
    rules.reportDelay = try Self.nanoseconds(reportDelay, "venue.report_delay")
    if let priceBand {
      do { rules.priceBand = try Rate(nearest: priceBand) } catch { throw .amount(error) }
    }
  }

  private static func nanoseconds(
    _ duration: Duration, _ key: String
  ) throws(BacktestError) -> Int64 {
    guard let count = duration.nanoseconds, count >= 0 else {
      throw .setting(key, "\(duration)", expected: "a time as 250ms or 2s")
    }
    return count
  }

  /// Nothing but the bars decides what is filled, and all of it at once.
  var isPlain: Bool {
    orderDelay == .zero && reportDelay == .zero && settlementSessions == 0 && priceBand == nil
  }
}
