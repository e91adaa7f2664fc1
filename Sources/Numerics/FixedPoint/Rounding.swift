/// What happens to a result that lies between two steps.
public enum Rounding: String, CaseIterable, Sendable {
  /// To the nearest step, and to the even one when both are as near: banker's rounding, the default
  /// for money because its errors cancel out.
  case halfEven = "half_even"
  /// To the nearest step, and away from zero when both are as near, as taught at school.
  case halfAwayFromZero = "half_away_from_zero"
  /// Toward positive infinity.
  case up
  /// Toward negative infinity.
  case down
  case towardZero = "toward_zero"

  /// `dividend / divisor` as a whole number, and what is left over:
  /// `dividend == quotient * divisor + remainder`.
  @inlinable public func divide(
    _ dividend: Int128, by divisor: Int128
  ) -> (quotient: Int128, remainder: Int128) {
    precondition(divisor != 0, "division by zero is for the caller to refuse")
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    guard remainder != 0 else { return (quotient, 0) }
    let isNegative = (dividend < 0) != (divisor < 0)
    guard
      movesAwayFromZero(
        remainder: remainder.magnitude, divisor: divisor.magnitude, isNegative: isNegative,
        isOdd: quotient & 1 != 0)
    else { return (quotient, remainder) }
    return isNegative
      ? (quotient - 1, remainder + divisor) : (quotient + 1, remainder - divisor)
  }

  /// Whether a magnitude cut off at a whole number should be one larger, where `remainder` of
  /// `divisor` parts (not none) were cut off.
  @inlinable func movesAwayFromZero(
    remainder: UInt128, divisor: UInt128, isNegative: Bool, isOdd: Bool
  ) -> Bool {
    let rest = divisor - remainder
    return switch self {
    case .halfEven: remainder > rest || (remainder == rest && isOdd)
    case .halfAwayFromZero: remainder >= rest
    case .up: !isNegative
    case .down: isNegative
    case .towardZero: false
    }
  }
}
