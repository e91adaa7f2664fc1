import Market
import Numerics

/// What a broker asks an account to own of what it trades.
public struct MarginRule: Hashable, Sendable, BitwiseCopyable {
  /// To open, as a part of the worth of positions on either side.
  public var initial: Rate
  /// To keep, for what is held and for what was sold short.
  public var maintenanceLong: Rate
  public var maintenanceShort: Rate

  public init(initial: Rate, maintenanceLong: Rate, maintenanceShort: Rate) {
    self.initial = initial
    self.maintenanceLong = maintenanceLong
    self.maintenanceShort = maintenanceShort
  }

  /// All of it is paid for.
  public static let cash = MarginRule(
    initial: one, maintenanceLong: one, maintenanceShort: one)
  /// Regulation T and FINRA rule 4210: half to open; a quarter to keep what is held, three tenths to
  /// keep what was sold short.
  public static let regulationT = MarginRule(
    initial: Rate(steps: Rate.stepsPerUnit / 2),
    maintenanceLong: Rate(steps: Rate.stepsPerUnit / 4),
    maintenanceShort: Rate(steps: Rate.stepsPerUnit * 3 / 10))

  private static let one = Rate(steps: Rate.stepsPerUnit)
}

/// How an account stands to its margin rule.
public struct Margin: Hashable, Sendable, BitwiseCopyable {
  public let initial, maintenance: Cash
  /// Equity beyond what opening the positions anew would ask for; negative where that is missing.
  public let excess: Cash
  /// Worth of further positions that may be opened.
  public let buyingPower: Cash
  /// The broker may close positions.
  public let isCalled: Bool

  public init(_ value: AccountValue, rule: MarginRule) throws(FixedPointError) {
    let gross = try value.long.adding(value.short)
    initial = try CashAmount(gross, times: rule.initial, rounding: .up).cash
    maintenance = try CashAmount(value.long, times: rule.maintenanceLong, rounding: .up).cash
      .adding(CashAmount(value.short, times: rule.maintenanceShort, rounding: .up).cash)
    excess = try value.equity.subtracting(initial)
    buyingPower =
      excess.isNegative || rule.initial.isZero
      ? .zero
      : try Cash.quotient(excess, by: rule.initial, rounding: .towardZero)
    isCalled = value.equity < maintenance
  }
}
