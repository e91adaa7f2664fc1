import Runtime

/// What can be wrong with an exact amount someone gives or computes.
public enum FixedPointError: DiagnosedError, Equatable {
  /// Characters are counted from 1.
  case malformed(text: String, character: Int, unit: String)
  /// More digits after the point than the unit has, and no rounding was asked for.
  case tooManyDigits(text: String, allowed: Int, unit: String)
  /// The value, or the calculation that led to it, and the limit it passes.
  case overflow(value: String, limit: String, unit: String)
  case notFinite(value: String, unit: String)
  case divisionByZero(dividend: String, unit: String)
  /// A tick, lot or other size to round to that is not above zero.
  case sizeNotPositive(size: String, unit: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let text, let character, let unit):
      Diagnosis(
        place: "\(unit) \(Excerpt.quoted(text, longest: 40))",
        finding: "no plain decimal number: character \(character) does not belong there",
        remedy: "write digits with a point, as 123.45 or -0.5: no exponent, spaces or separators",
        exitCode: .wrongUsage)
    case .tooManyDigits(let text, let allowed, let unit):
      Diagnosis(
        place: "\(unit) \(Excerpt.quoted(text, longest: 40))",
        finding: "more than \(allowed) digits after the point",
        remedy: "leave the further digits out, or ask for rounding", exitCode: .wrongUsage)
    case .overflow(let value, let limit, let unit):
      Diagnosis(
        place: "\(unit) \(Excerpt.quoted(value, longest: 60))",
        finding: "beyond the limit of \(limit)",
        remedy: "check the number and its unit; no \(unit) can be larger", exitCode: .wrongUsage)
    case .notFinite(let value, let unit):
      Diagnosis(
        place: "\(unit) \(value)", finding: "no finite number",
        remedy: "leave out rows without a value before they become a \(unit)")
    case .divisionByZero(let dividend, let unit):
      Diagnosis(
        place: "\(unit) \(dividend)", finding: "divided by zero",
        remedy: "check that the divisor is there and not zero")
    case .sizeNotPositive(let size, let unit):
      Diagnosis(
        place: "\(unit) \(size)", finding: "a size to round to is above zero",
        remedy: "check the instrument's tick and lot size", exitCode: .wrongUsage)
    }
  }
}

// Errors are made out of line, so that the code that does not fail stays small.
extension FixedPoint {
  @usableFromInline @inline(never)
  static func overflow(_ a: Self, _ operation: String, _ b: String, isNegative: Bool)
    -> FixedPointError
  {
    overflow("\(a) \(operation) \(b)", isNegative: isNegative)
  }

  @usableFromInline @inline(never)
  static func overflow(_ value: String, isNegative: Bool) -> FixedPointError {
    .overflow(
      value: value, limit: (isNegative ? Self.min : Self.max).description, unit: Unit.name)
  }

  @usableFromInline @inline(never)
  static func divisionByZero(_ dividend: String) -> FixedPointError {
    .divisionByZero(dividend: dividend, unit: Unit.name)
  }
}
