import Numerics

public enum PriceUnit: FixedUnit {
  public static var fractionDigits: Int { 8 }
  public static var name: String { "price" }
}

public enum QuantityUnit: FixedUnit {
  public static var fractionDigits: Int { 8 }
  public static var name: String { "quantity" }
}

public enum CashUnit: FixedUnit {
  public static var fractionDigits: Int { 4 }
  public static var name: String { "cash" }
}

public enum CashResidueUnit: FixedUnit {
  public static var fractionDigits: Int { 16 }
  public static var name: String { "residue" }
}

public enum RateUnit: FixedUnit {
  public static var fractionDigits: Int { 8 }
  public static var name: String { "rate" }
}

/// Units of currency for one unit of an instrument, exact to 10⁻⁸.
public typealias Price = FixedPoint<PriceUnit>
/// Shares, contracts or coins, exact to 10⁻⁸; negative when sold.
public typealias Quantity = FixedPoint<QuantityUnit>
/// Money of one currency, exact to 10⁻⁴ of its unit.
public typealias Cash = FixedPoint<CashUnit>
/// What rounding to cash left out, exact to 10⁻¹⁶: posted to a rounding account, so that nothing is
/// lost. A year of ten thousand roundings a day stays in range whatever their signs.
public typealias CashResidue = FixedPoint<CashResidueUnit>
/// A pure number exact to 10⁻⁸: a fee's share of a trade's value, or an exchange rate.
public typealias Rate = FixedPoint<RateUnit>

/// Cash with the part of the true amount that cash cannot hold.
public struct CashAmount: Hashable, Sendable, BitwiseCopyable {
  public let cash: Cash
  /// The true amount is `cash` and this; at most half a step of cash unless rounded one way.
  public let residue: CashResidue

  /// Price × quantity × contract multiplier: what a trade is worth; negative when sold.
  @inlinable public init(
    price: Price, quantity: Quantity, multiplier: Int64 = 1, rounding: Rounding = .halfEven
  ) throws(FixedPointError) {
    // 10⁻⁸ × 10⁻⁸: the remainder is counted in 10⁻¹⁶ already.
    let (cash, remainder) = try Cash.product(
      price, quantity, times: multiplier, rounding: rounding)
    self.init(cash: cash, residue: CashResidue(steps: Int64(truncatingIfNeeded: remainder)))
  }

  /// A share of an amount, or an amount in another currency.
  @inlinable public init(
    _ cash: Cash, times rate: Rate, rounding: Rounding = .halfEven
  ) throws(FixedPointError) {
    // 10⁻⁴ × 10⁻⁸ leaves a remainder in 10⁻¹², below one step of cash.
    let (product, remainder) = try Cash.product(cash, rate, rounding: rounding)
    self.init(
      cash: product, residue: CashResidue(steps: Int64(truncatingIfNeeded: remainder * 10_000)))
  }

  @inlinable public init(cash: Cash, residue: CashResidue = .zero) {
    self.cash = cash
    self.residue = residue
  }

  /// The whole steps of cash a rounding account has gathered, and what is left in it.
  public static func settling(_ account: CashResidue) -> CashAmount {
    let perStep = CashResidue.stepsPerUnit / Cash.stepsPerUnit
    let (whole, rest) = account.steps.quotientAndRemainder(dividingBy: perStep)
    return CashAmount(cash: Cash(steps: whole), residue: CashResidue(steps: rest))
  }
}

extension Price {
  /// The price on the grid of `tick`; a buyer's limit is rounded down, a seller's up.
  @inlinable public func rounded(
    toTick tick: Price, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Price {
    try rounded(toMultipleOf: tick, rounding: rounding)
  }
}

extension Quantity {
  /// Whole lots, by default never more than asked for in either direction.
  @inlinable public func rounded(
    toLot lot: Quantity, rounding: Rounding = .towardZero
  ) throws(FixedPointError) -> Quantity {
    try rounded(toMultipleOf: lot, rounding: rounding)
  }

  /// How much `cash` buys at `price`, rounded toward zero.
  @inlinable public init(
    of cash: Cash, at price: Price, rounding: Rounding = .towardZero
  ) throws(FixedPointError) {
    self = try Quantity.quotient(cash, by: price, rounding: rounding)
  }
}
