import Market
import Runtime

/// One trade, from the first unit taken on to the last one given back.
public struct TradeRecord: Hashable, Sendable {
  public var symbol: Symbol
  public var isShort: Bool
  public var entry, exit: Timestamp
  /// What was paid or received at entry, above zero.
  public var stake: Double
  /// After costs.
  public var profit: Double
  /// Costs that are taken off in `profit`.
  public var fees: Double
  /// Still held at the end; then `exit` is the end and `profit` what it would bring.
  public var isOpen: Bool
  /// How far it was in loss at worst (at most zero) and in profit at best (at least zero), where known.
  public var adverse, favourable: Double?

  public init(
    symbol: Symbol, isShort: Bool = false, entry: Timestamp, exit: Timestamp, stake: Double,
    profit: Double, fees: Double = 0, isOpen: Bool = false, adverse: Double? = nil,
    favourable: Double? = nil
  ) {
    self.symbol = symbol
    self.isShort = isShort
    self.entry = entry
    self.exit = exit
    self.stake = stake
    self.profit = profit
    self.fees = fees
    self.isOpen = isOpen
    self.adverse = adverse
    self.favourable = favourable
  }

  /// Profit over stake.
  public var profitRatio: Double { profit / stake }
  /// In days of the calendar, with their parts.
  public var days: Double {
    Double(exit.nanoseconds - entry.nanoseconds) / Double(Timestamp.nanosecondsPerDay)
  }
}

/// What became of the orders of a run, as counted by the engine.
public struct OrderCounts: Hashable, Sendable {
  public var orders = 0
  public var rejectedSignals = 0
  public var entryTimeouts = 0
  public var exitTimeouts = 0
  public var cancelledEntries = 0
  public var cancelledEntryOrders = 0
  public var replacedEntryOrders = 0
  /// SHA-256 of the orders as they were journalled.
  public var hash: String?

  public init() {}
}

/// The largest part of a bar's traded value that one fill took, and where.
public struct Participation: Hashable, Sendable {
  public var symbol: Symbol
  public var share: Double

  public init(symbol: Symbol, share: Double) {
    self.symbol = symbol
    self.share = share
  }
}

/// What a run left behind, bar by bar: all that figures are computed from. What was not recorded is
/// `nil`, and figures that need it say so.
public struct RunHistory: Sendable {
  public var annualisation: Annualisation
  /// Whose days the bars have.
  public var zone: Zone
  /// When each bar ended.
  public var stamps: [Timestamp]
  /// What the account was worth: the capital put in, then the value at each bar's end.
  public var values: [Double]
  /// A year.
  public var riskFreeRate = 0.0
  /// What the benchmark returned in each bar.
  public var benchmark: [Double]?
  /// What was held over what the account was worth, at each bar's end; short holdings negative.
  public var exposure: [Double]?
  /// The value of what was bought and sold in each bar, both above zero.
  public var traded: [Double]?
  /// Commissions and taxes; spread and slippage are in the prices. The values are after all of them.
  public var fees: Double?
  public var trades: [TradeRecord]?
  public var orders: OrderCounts?
  public var participation: Participation?

  public init(
    annualisation: Annualisation, zone: Zone, stamps: [Timestamp], values: [Double]
  ) {
    self.annualisation = annualisation
    self.zone = zone
    self.stamps = stamps
    self.values = values
  }
}
