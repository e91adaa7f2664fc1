import Market
import Numerics
import Runtime

/// What an account may do, from `production/config/risk_limits.yaml`; docs/RISK.md has all of it.
///
/// Parts are of what the account is worth. A limit that is `nil` (null in the file) does not hold. The
/// defaults are those of an engine that trades; a back-test of an idea has `research`, which limits
/// nothing, and real money has `production`.
public struct RiskLimits: Configured, Hashable {
  public var cash = CashLimit()
  public var leverage = LeverageLimit()
  public var position = PositionLimit()
  public var sector = SectorLimit()
  public var turnover = TurnoverLimit()
  public var correlation = CorrelationLimit()
  public var valueAtRisk = ValueAtRiskLimit()
  public var order = OrderLimit()
  public var messages = MessageLimit()
  public var data = DataLimit()
  public var dailyLoss = LossLimit(part: .percent(5))
  public var weeklyLoss = LossLimit(part: .percent(10))
  public var drawdown = LossLimit(part: .percent(10), action: .flatten)
  public var singleName = LossLimit(part: .percent(8))
  public var capital = CapitalLimit()
  public var signal = SignalLimit()
  public var provenance = ProvenanceLimit()

  public init() {}

  public static let schema = Schema<Self>("What an account may do") {
    Field(section: "cash", \.cash)
    Field(section: "leverage", \.leverage)
    Field(section: "position", \.position)
    Field(section: "sector", \.sector)
    Field(section: "turnover", \.turnover)
    Field(section: "correlation", \.correlation)
    Field(section: "value_at_risk", \.valueAtRisk)
    Field(section: "order", \.order)
    Field(section: "messages", \.messages)
    Field(section: "data", \.data)
    Field(section: "daily_loss", \.dailyLoss)
    Field(section: "weekly_loss", \.weeklyLoss)
    Field(section: "drawdown", \.drawdown)
    Field(section: "single_name", \.singleName)
    Field(section: "capital", \.capital)
    Field(section: "signal", \.signal)
    Field(section: "provenance", \.provenance)
  }

  public var json: JSON { Self.schema.json(of: self) }

  /// As `json` has them.
  public init(_ json: JSON) throws(ConfigurationError) { self = try Self.recorded(json) }
}

extension ConfigurationSource {
  /// Limits for files to lie over.
  public init(_ limits: RiskLimits, name: String) {
    self.init(name: name, bytes: Array(limits.json.text().utf8))
  }
}

extension Rate {
  /// Hundredths, for limits written in code.
  static func percent(_ count: Int64) -> Rate { Rate(steps: count * (Rate.stepsPerUnit / 100)) }
  static let one = Rate(steps: Rate.stepsPerUnit)
}

// What an order may make of the book.

/// Cash that is not spent.
public struct CashLimit: Configured, Hashable {
  public var reserve: Rate? = .percent(5)
  public var allowance: Rate = .zero
  public var action = RiskAction.reduce
  public init() {}

  public static let schema = Schema<Self>("Cash that no purchase may use") {
    Field("reserve", \.reserve, in: .zero ... .percent(99), "Part that stays in cash")
    Field(
      "allowance", \.allowance, in: .zero ... .percent(10),
      "Part of an order's worth that is set aside for its costs")
    Field("action", \.action, "What an order leads to that would use it")
  }
}

/// Both sides of the book together.
public struct LeverageLimit: Configured, Hashable {
  public var isAllowed = true
  public var gross: Rate? = .percent(160)
  public var shortSelling = true
  public var action = RiskAction.reduce
  public init() {}

  public static let schema = Schema<Self>("How much may be held and owed together") {
    Field("allowed", \.isAllowed, "More may be held and owed than the account is worth")
    Field(
      "max_gross", \.gross, in: .percent(1) ... .percent(1000),
      "Most that all positions, those sold short included, may come to")
    Field("short_selling", \.shortSelling, "More may be sold than is held")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// One instrument.
public struct PositionLimit: Configured, Hashable {
  public var most: Rate? = .percent(20)
  public var mostAmount: Cash?
  public var least: Rate?
  public var action = RiskAction.reduce
  public init() {}

  public static let schema = Schema<Self>("What one instrument may come to") {
    Field("max_part", \.most, in: .step ... .percent(1000), "Most of it")
    Field("max_amount", \.mostAmount, in: Cash.step..., unit: "account's currency", "Most of it")
    Field("min_part", \.least, in: .zero ... .percent(100), "Least of it, where there is any")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// Instruments of one sector together.
public struct SectorLimit: Configured, Hashable {
  public var most: Rate? = .percent(40)
  public var members: [SectorMember] = []
  public var action = RiskAction.reduce
  public init() {}

  public static let schema = Schema<Self>("What the instruments of one sector may come to") {
    Field("max_part", \.most, in: .step ... .percent(1000), "Most of it")
    Field("of", \.members, "The sector of each symbol, as in NVDA=semiconductors")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// A symbol and its sector: `NVDA=semiconductors`.
public struct SectorMember: ConfigurationText, Hashable {
  public var symbol: Symbol
  public var sector: String

  public init(symbol: Symbol, sector: String) {
    self.symbol = symbol
    self.sector = sector
  }

  public static var expected: String { "a symbol and its sector" }
  public var configurationText: String { "\(symbol)=\(sector)" }

  public static func read(text: String) throws(ConfigurationRefusal) -> Self {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let symbol = Symbol(parts[0]) else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) is not a symbol and its sector",
        remedy: "write both, as in NVDA=semiconductors")
    }
    return Self(symbol: symbol, sector: parts[1])
  }
}

/// Trading in one day.
public struct TurnoverLimit: Configured, Hashable {
  public var most: Rate? = .percent(30)
  public var action = RiskAction.reduce
  public init() {}

  public static let schema = Schema<Self>("What may be bought and sold in a day") {
    Field(
      "max_part", \.most, in: .step ... .percent(10_000),
      "Most that purchases and sales of a day may come to, of the worth when it began")
    Field("action", \.action, "What an order leads to that would break it")
  }
}
