import Market
import Numerics
import Runtime

/// Money and whole shares in single machine words, in steps: what `CostModel`, `Sizing` and the ledger
/// reckon in two, for runs without events. Where a word is too small there is no result, and the engine is
/// asked instead; what there is has the same steps, which a test holds against the engine.
struct WordMoney: Sendable {
  /// The part of the account that the position may take, and of each fill's value that it costs.
  let share, commission: Rate

  /// Price steps of a unit that make one step of cash.
  static let perStep = Price.stepsPerUnit / Cash.stepsPerUnit

  /// `cash` and `units` at a price: summed exactly and rounded once, as the ledger values an account.
  func worth(_ units: Int64, at price: Int64, and cash: Int64) -> Int64? {
    let (value, isOver) = price.multipliedReportingOverflow(by: units)
    let (own, isAlsoOver) = cash.multipliedReportingOverflow(by: Self.perStep)
    let (sum, isSumOver) = value.addingReportingOverflow(own)
    guard !isOver, !isAlsoOver, !isSumOver, sum >= 0 else { return nil }
    return Self.toEven(sum)
  }

  /// The same of an account whose greatest worth was found to fit.
  func value(_ state: VectorRun.State, at price: Int64) -> Int64 {
    Self.toEven(price &* state.units &+ state.cash &* Self.perStep)
  }

  func charges(on worth: Int64) -> Int64? { Self.part(commission, of: worth, roundsUp: true) }

  /// What may be spent of an account.
  func budget(of equity: Int64) -> Int64? { Self.part(share, of: equity, roundsUp: false) }

  /// Units that `cash` pays for, charges included, as `CostModel.affordable` counts them.
  func affordable(_ cash: Int64, at price: Int64) -> Int64? {
    guard cash > 0, price > 0 else { return 0 }
    let (scaled, isOver) = cash.multipliedReportingOverflow(by: Self.perStep)
    guard !isOver else { return nil }
    var units = scaled / price
    guard units <= .max / Quantity.stepsPerUnit else { return nil }
    while units > 0 {
      let worth = Self.up(units &* price, Self.perStep)
      guard let charges = charges(on: worth) else { return nil }
      let missing = worth + charges - cash
      guard missing > 0 else { return units }
      units -= max(1, Self.up(missing &* Self.perStep, price))
    }
    return 0
  }

  /// Of numbers that are not below zero.
  private static func up(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    (dividend + (divisor - 1)) / divisor
  }

  private static func toEven(_ value: Int64) -> Int64 {
    let (steps, rest) = value.quotientAndRemainder(dividingBy: perStep)
    return rest > perStep / 2 || (rest == perStep / 2 && steps & 1 != 0) ? steps + 1 : steps
  }

  /// Rounded up, or to the even step.
  private static func part(_ rate: Rate, of cash: Int64, roundsUp: Bool) -> Int64? {
    if rate.steps == Rate.stepsPerUnit { return cash }
    let (product, isOver) = cash.multipliedReportingOverflow(by: rate.steps)
    guard !isOver, cash >= 0 else {
      let rounding: Rounding = roundsUp ? .up : .halfEven
      let quotient = rounding.divide(
        Int128(cash) * Int128(rate.steps), by: Int128(Rate.stepsPerUnit)
      ).quotient
      return Int64(exactly: quotient)
    }
    let (steps, rest) = product.quotientAndRemainder(dividingBy: Rate.stepsPerUnit)
    guard !roundsUp else { return rest > 0 ? steps + 1 : steps }
    let half = Rate.stepsPerUnit / 2
    return rest > half || (rest == half && steps & 1 != 0) ? steps + 1 : steps
  }
}
