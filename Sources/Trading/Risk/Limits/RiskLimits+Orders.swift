import Market
import Numerics
import Runtime

// What an order itself must be like, and what stands behind it.

/// Holdings that move together.
public struct CorrelationLimit: Configured, Hashable {
  public var most: Double? = 0.7
  public var days = 30
  public var action = RiskAction.reject
  public init() {}

  public static let schema = Schema<Self>("Holdings whose daily returns move together") {
    Field(
      "max", \.most, in: -1...1, "Highest correlation of a new position with one that is held")
    Field("days", \.days, in: 10...1000, unit: "days", "Returns it is taken from")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// What a bad day may cost.
public struct ValueAtRiskLimit: Configured, Hashable {
  public var most: Rate? = .percent(5)
  public var level = 0.95
  public var days = 60
  public var action = RiskAction.reject
  public init() {}

  public static let schema = Schema<Self>("Value at risk of a day, of a normal distribution") {
    Field("max_part", \.most, in: .step ... .percent(100), "Most that it may be")
    Field("level", \.level, in: 0.9...0.999, "Part of days on which less is lost")
    Field("days", \.days, in: 10...1000, unit: "days", "Returns it is taken from")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// One order.
public struct OrderLimit: Configured, Hashable {
  public var collar: Rate? = .percent(5)
  public var mostQuantity: Quantity?
  public var mostAmount: Cash?
  public var action = RiskAction.reject
  public init() {}

  public static let schema = Schema<Self>("What one order may be") {
    Field(
      "collar", \.collar, in: .step ... .percent(100),
      "How far above the last price a purchase may go, or below it a sale")
    Field("max_quantity", \.mostQuantity, in: Quantity.step..., unit: "units", "Most of it")
    Field("max_amount", \.mostAmount, in: Cash.step..., unit: "account's currency", "Most of it")
    Field("action", \.action, "What an order leads to that is larger; the collar always rejects")
  }
}

/// How often the venue is spoken to.
public struct MessageLimit: Configured, Hashable {
  public var mostPerSecond: Int? = 100
  public var duplicateWindow: Duration? = .seconds(1)
  public var action = RiskAction.reject
  public init() {}

  public static let schema = Schema<Self>("How often the venue is spoken to") {
    Field(
      "max_per_second", \.mostPerSecond, in: 1...4096,
      "Orders, replacements and cancels in a second")
    Field(
      "duplicate_window", \.duplicateWindow, in: Duration.nanoseconds(1)...,
      "The same order is not sent again within this time")
    Field("action", \.action, "What an order leads to that would break it")
  }
}

/// Prices that are too old to trade by.
public struct DataLimit: Configured, Hashable {
  public var oldest: Duration? = .seconds(900)
  public var action = RiskAction.reject
  public init() {}

  public static let schema = Schema<Self>("How old a price may be when an order is made") {
    Field("max_age", \.oldest, in: Duration.nanoseconds(1)..., "Oldest price")
    Field("action", \.action, "What an order leads to whose price is older")
  }
}

/// What may be lost before the account stops.
public struct LossLimit: Configured, Hashable {
  public var part: Rate?
  public var amount: Cash?
  public var action = RiskAction.reduce
  public var recovery = RiskRecovery.approval

  public init() {}

  init(part: Rate?, action: RiskAction = .reduce) {
    self.part = part
    self.action = action
  }

  var isOn: Bool { part != nil || amount != nil }

  public static let schema = Schema<Self>("What may be lost before the account stops") {
    Field("max_part", \.part, in: .step ... .percent(100), "Most of it")
    Field("max_amount", \.amount, in: Cash.step..., unit: "account's currency", "Most of it")
    Field("action", \.action, "What a greater loss leads to")
    Field("recovery", \.recovery, "Who lets the account trade again")
  }
}

/// What must be left of what the account began with.
public struct CapitalLimit: Configured, Hashable {
  public var least: Rate? = .percent(80)
  public var action = RiskAction.flatten
  public var recovery = RiskRecovery.approval
  public init() {}

  public static let schema = Schema<Self>("What must be left of what the account began with") {
    Field("min_part", \.least, in: .step ... .percent(100), "Least of it")
    Field("action", \.action, "What a worth below it leads to")
    Field("recovery", \.recovery, "Who lets the account trade again")
  }
}

/// How sure a signal must be, where it says how sure it is.
public struct SignalLimit: Configured, Hashable {
  public var leastConfidence: Double? = 0.75
  public var mostWidth: Double? = 0.03
  public init() {}

  public static let schema = Schema<Self>("How sure a signal must be, where it says how sure it is")
  {
    Field("min_confidence", \.leastConfidence, in: 0...1, "Least confidence")
    Field(
      "max_interval_width", \.mostWidth, in: 0...10,
      "The interval must be narrower than this part of its middle")
  }
}

/// What must be known of what stands behind an order.
public struct ProvenanceLimit: Configured, Hashable {
  public var isRequired = false
  public var certificate = true
  public var oldestModel: Duration?
  public var oldestCertificate: Duration?
  public init() {}

  public static let schema = Schema<Self>("What must be known of what stands behind an order") {
    Field("required", \.isRequired, "Orders that name nothing behind them do not leave")
    Field("certificate", \.certificate, "A model needs a proof that it does not look ahead")
    Field(
      "max_model_age", \.oldestModel, in: Duration.nanoseconds(1)...,
      "Oldest end of a model's training")
    Field(
      "max_certificate_age", \.oldestCertificate, in: Duration.nanoseconds(1)...,
      "Oldest certificate")
  }
}
