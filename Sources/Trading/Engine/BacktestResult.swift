import Market
import Numerics
import Runtime

/// What the account was worth at the close of a bar.
public struct EquityPoint: Hashable, Sendable {
  public let time: Timestamp
  public let equity: Cash
  /// The part of it that was in holdings.
  public let exposure: Double
}

/// From the first share bought to the last one sold.
public struct Trade: Hashable, Sendable {
  public let symbol: Symbol
  public let entry, exit: Timestamp
  public let quantity: Quantity
  /// Mean prices, the half-spread included.
  public let entryPrice, exitPrice: Double
  public let fees: Cash
  /// After fees.
  public let profit: Cash
  /// Profit over what was paid at entry.
  public let profitRatio: Double
  public let bars: Int
  /// Still held at the end; then valued at the last close.
  public let isOpen: Bool
}

/// What a strategy did, exactly.
public struct BacktestResult: Sendable {
  public let strategy: String
  public let symbols: [Symbol]
  public let interval: BarInterval
  public let calendar: TradingCalendar
  public let settings: BacktestSettings
  public let equity: [EquityPoint]
  public let fills: [NextOpenFill]
  public let trades: [Trade]
  /// Orders for which there was not even the cash for one share.
  public let unaffordable: Int
  public let ledger: NextOpenLedger

  public var bars: Int { equity.count }
  public var start: Timestamp { equity[0].time }
  public var end: Timestamp { equity[equity.count - 1].time }
  /// The day at the exchange.
  public func day(_ time: Timestamp) -> CivilDate { calendar.zone.date(at: time) }

  public var fees: Cash { ledger.balance(.fees) }
}
