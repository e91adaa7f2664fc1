import Evidence
import Market
import Numerics
import Runtime

/// What a strategy did, exactly.
public struct BacktestResult: Sendable {
  public let strategy: String
  public let symbols: [Symbol]
  public let interval: BarInterval
  public let calendar: TradingCalendar
  public let settings: BacktestSettings
  public let equity: [EquityPoint]
  public let fills: [Fill]
  public let trades: [RoundTrip]
  /// Orders for which there was not even the cash for one share.
  public let unaffordable: Int
  /// What became of its orders, counted.
  public let orders: OrderCounts
  public let participation: Participation?
  /// Orders that limits held back or made smaller, and breakers that tripped.
  public let heldBack: [HeldBack]
  public let breakers: [Breaker]
  /// Every order as it was decided, those that limits held back too.
  public let decided: [OrderRecord]
  /// How quickly a strategy that is a program of its own answered.
  public let pace: GuestPace?
  public let ledger: Ledger

  public var bars: Int { equity.count }
  public var start: Timestamp { equity[0].time }
  public var end: Timestamp { equity[equity.count - 1].time }
  /// The day at the exchange.
  public func day(_ time: Timestamp) -> CivilDate { calendar.zone.date(at: time) }

  /// Commissions and taxes, in the account's currency.
  public var fees: Cash {
    Cash(
      steps: ledger.balance(.commission(.base)).steps + ledger.balance(.taxes(.base)).steps)
  }

  /// An order that a limit held back, or let go smaller than it was asked for.
  public struct HeldBack: Hashable, Sendable {
    public let time: Timestamp
    public let denial: Denial
    public let isReduction: Bool
  }

  public func symbol(of fill: Fill) -> Symbol { symbols[fill.instrument.place] }
}
