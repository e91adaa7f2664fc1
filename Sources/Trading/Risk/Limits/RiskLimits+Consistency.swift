import Market
import Numerics
import Runtime

// What does not fit together is refused when it is read.
extension RiskLimits {
  public var inconsistency: Inconsistency? {
    leverageByAccident ?? impossible ?? actionsThatCannotBe ?? sectorsTwice
  }

  /// More than the account is worth, though nobody said that this was meant.
  private var leverageByAccident: Inconsistency? {
    guard !leverage.isAllowed else { return nil }
    guard let gross = leverage.gross else {
      return Inconsistency(
        at: "leverage.max_gross", finding: "without a limit there would be leverage",
        remedy: "write max_gross: 1, or leverage.allowed: true if leverage is meant")
    }
    guard gross <= .one else {
      return Inconsistency(
        at: "leverage.max_gross",
        finding: "\(gross) would allow leverage, which leverage.allowed: false forbids",
        remedy: "write at most 1, or leverage.allowed: true if leverage is meant")
    }
    if let most = position.most, most > .one {
      return Inconsistency(
        at: "position.max_part",
        finding: "\(most) of the account in one instrument is leverage, which is not allowed",
        remedy: "write at most 1, or leverage.allowed: true if leverage is meant")
    }
    return nil
  }

  /// Least amounts that no book could have beside the greatest ones.
  private var impossible: Inconsistency? {
    guard let least = position.least, !least.isZero else { return nil }
    let ceilings: [(String, Rate?)] = [
      ("position.max_part", position.most), ("sector.max_part", sector.most),
      ("leverage.max_gross", leverage.gross),
      (
        "cash.reserve",
        leverage.isAllowed ? nil : cash.reserve.map { Rate(steps: Rate.one.steps - $0.steps) }
      ),
    ]
    for case (let key, let most?) in ceilings where most < least {
      return Inconsistency(
        at: "position.min_part",
        finding: "no position can reach \(least): \(key) leaves \(most) at most",
        remedy: "write at most \(most), or change \(key)")
    }
    return nil
  }

  private var actionsThatCannotBe: Inconsistency? {
    let actions: [(RiskLimit, RiskAction)] = [
      (.correlation, correlation.action), (.valueAtRisk, valueAtRisk.action),
      (.messages, messages.action), (.data, data.action),
    ]
    for case (let limit, .reduce) in actions {
      return Inconsistency(
        at: "\(limit.key).action", finding: "a smaller order does not mend this limit",
        remedy: "write reject, flatten or halt")
    }
    return nil
  }

  private var sectorsTwice: Inconsistency? {
    var seen: [Symbol: String] = [:]
    for member in sector.members {
      if let other = seen.updateValue(member.sector, forKey: member.symbol), other != member.sector
      {
        return Inconsistency(
          at: "sector.of", finding: "\(member.symbol) is in \(other) and in \(member.sector)",
          remedy: "name one sector a symbol")
      }
    }
    return nil
  }
}

/// Why an account cannot trade under its limits.
public enum RiskLimitsError: DiagnosedError, Equatable {
  /// The greatest amount is below the least part of what the account is worth.
  case neverMet(least: Rate, amount: Cash, equity: Cash)
  case noSector(Symbol)

  public var diagnosis: Diagnosis {
    switch self {
    case .neverMet(let least, let amount, let equity):
      Diagnosis(
        place: "position.min_part",
        finding: "\(least) of the account's \(equity) is more than position.max_amount, \(amount)",
        remedy: "begin with less cash, lower min_part (null for none), or raise max_amount",
        exitCode: .refused)
    case .noSector(let symbol):
      Diagnosis(
        place: "sector.of", finding: "\(symbol) has no sector, and sectors are limited",
        remedy: "add \(symbol)=SECTOR to sector.of, or sector.max_part: null for no limit",
        exitCode: .refused)
    }
  }
}

extension RiskLimits {
  /// Refuses limits that this account never can meet, or that nobody could judge for it.
  public func check(_ instruments: InstrumentTable, equity: Cash) throws(RiskLimitsError) {
    if let least = position.least, let amount = position.mostAmount,
      Int128(equity.steps) * Int128(least.steps)
        > Int128(amount.steps) * Int128(Rate.stepsPerUnit)
    {
      throw .neverMet(least: least, amount: amount, equity: equity)
    }
    guard sector.most != nil else { return }
    let known = Set(sector.members.map(\.symbol))
    for instrument in instruments.instruments where !known.contains(instrument.symbol) {
      throw .noSector(instrument.symbol)
    }
  }
}
