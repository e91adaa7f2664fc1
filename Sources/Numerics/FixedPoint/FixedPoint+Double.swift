extension FixedPoint {
  /// The one door from floating point to exact amounts: the step nearest to the number itself.
  ///
  /// What is not finite or out of range is refused; everything else is rounded once, by the exact
  /// binary value and not by the decimal text it may once have been, so the result is never further
  /// away than half a step. Beyond 2⁵³ steps (90 million units at eight digits) a `Double` no longer
  /// tells neighbouring steps apart: such amounts are exact here, but the number itself was not.
  @inlinable public init(
    nearest value: Double, rounding: Rounding = .halfEven
  ) throws(FixedPointError) {
    guard value.isFinite else { throw .notFinite(value: value.description, unit: Unit.name) }
    guard let steps = Self.steps(of: value, rounding: rounding) else {
      throw Self.overflow(value.description, isNegative: value < 0)
    }
    self.init(steps: steps)
  }

  /// `value` = significand × 2ᵉˣᵖᵒⁿᵉⁿᵗ with a whole significand below 2⁵³, so that times 10¹⁸ it stays
  /// below 2¹¹³, and the result is exact before it is rounded.
  @inlinable static func steps(of value: Double, rounding: Rounding) -> Int64? {
    guard value != 0 else { return 0 }
    let isSubnormal = value.exponentBitPattern == 0
    let significand = value.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
    let exponent = Int(isSubnormal ? 1 : value.exponentBitPattern) - 1075
    let scaled = Int128(significand) * Int128(stepsPerUnit) * (value < 0 ? -1 : 1)
    if exponent >= 0 {
      guard exponent <= 11 else { return nil }
      return Int64(exactly: scaled << Int128(exponent))
    }
    // Below 2⁻¹²⁶ only the direction matters.
    let shift = Int128(Swift.min(-exponent, 126))
    guard rounding == .halfEven else {
      return Int64(exactly: rounding.divide(scaled, by: 1 << shift).quotient)
    }
    // The usual way needs no division: what is shifted out is the remainder.
    let floor = scaled >> shift
    let rest = scaled - floor << shift
    let half = Int128(1) << (shift - 1)
    let isUp = rest > half || (rest == half && floor & 1 != 0)
    return Int64(exactly: isUp ? floor + 1 : floor)
  }
}

extension Double {
  /// The nearest number; for fewer than 2⁵³ steps it reads back as the same amount.
  @inlinable public init<Unit>(_ amount: FixedPoint<Unit>) {
    self = Double(amount.steps) / Double(FixedPoint<Unit>.stepsPerUnit)
  }
}
