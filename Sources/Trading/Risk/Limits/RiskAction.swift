import Runtime

/// What a broken limit leads to.
public enum RiskAction: String, ConfigurationChoice, Sendable {
  /// The order does not leave; nothing else changes.
  case reject
  /// An order leaves as small as the limit asks. Of a loss: only what makes positions smaller leaves,
  /// and what would enlarge them is cancelled.
  case reduce
  /// As `reduce`, and every position is closed at the market.
  case flatten
  /// Everything that waits is cancelled, and nothing leaves but cancels.
  case halt
}

/// How a breaker that has tripped is set back.
public enum RiskRecovery: String, ConfigurationChoice, Sendable {
  /// By itself, once its limit holds again.
  case automatic
  /// By a person, who is named and says why: `martinet risk resume`.
  case approval
}

/// Each limit by the number that its breaker has in journals: never renumber.
///
/// Their order is that of precedence: where several are broken, the first of them is told.
public enum RiskLimit: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case cash = 1
  case leverage, position, sector, turnover, minimumPosition
  case correlation, valueAtRisk
  case order, messages, data
  case dailyLoss, weeklyLoss, drawdown, singleName, capital
  case signal, provenance

  /// Its section in risk_limits.yaml.
  public var key: String {
    switch self {
    case .cash: "cash"
    case .leverage: "leverage"
    case .position, .minimumPosition: "position"
    case .sector: "sector"
    case .turnover: "turnover"
    case .correlation: "correlation"
    case .valueAtRisk: "value_at_risk"
    case .order: "order"
    case .messages: "messages"
    case .data: "data"
    case .dailyLoss: "daily_loss"
    case .weeklyLoss: "weekly_loss"
    case .drawdown: "drawdown"
    case .singleName: "single_name"
    case .capital: "capital"
    case .signal: "signal"
    case .provenance: "provenance"
    }
  }

  public init?(key: String) {
    guard let limit = Self.allCases.first(where: { $0.key == key }) else { return nil }
    self = limit
  }

  /// An order that breaks it may be made smaller until it does not.
  var isOfSize: Bool { rawValue <= Self.turnover.rawValue || self == .order }
  /// It is broken by what the account is worth, not by an order.
  var isOfWorth: Bool { (Self.dailyLoss.rawValue...Self.capital.rawValue).contains(rawValue) }
}
