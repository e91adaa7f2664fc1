import Foundation

/// The operators of numbers.
///
/// A quotient that has nothing to divide by, a logarithm of nothing and a power beyond all numbers are
/// missing, also inside a larger expression.
enum Arithmetic {
  static func negative(_ a: Value) throws(ExpressionError) -> Value {
    if let constant = a.constant { return number(-constant, a) }
    return Value(
      expression: -a.expression, mayBeInfinite: a.mayBeInfinite, size: a.size + 1,
      height: a.height + 1)
  }

  static func value(
    _ mark: Token.Mark, _ a: Value, _ b: Value, at place: String
  ) throws(ExpressionError) -> Value {
    if let x = a.constant, let y = b.constant, let folded = folded(mark, x, y) {
      guard folded.isFinite else {
        throw ExpressionError(
          .arguments, at: place,
          "\(NumberWords.text(x)) \(mark.rawValue) \(NumberWords.text(y)) is no number",
          "change one of the two")
      }
      return number(folded, a, b)
    }
    if mark == .over, b.constant == 0 {
      throw ExpressionError(
        .arguments, at: place, "a division by zero has no value at any bar", "divide by something")
    }
    if mark == .power { return try power(a, b, at: place) }
    let isCondition = Conditions.comparisons.contains(mark)
    let isDivision = mark == .over
    // Only what a finite number could come of again must be made missing first.
    let left = isCondition ? a.finite : a.expression
    let right = isCondition || isDivision ? b.finite : b.expression
    let expression: Expression =
      switch mark {
      case .plus: left + right
      case .minus: left - right
      case .times: left * right
      case .over: left / right
      default: Conditions.comparison(mark, left, right)
      }
    return Value(
      expression: expression, isCondition: isCondition,
      mayBeInfinite: !isCondition
        && (a.mayBeInfinite || isDivision && b.constant == nil || !isDivision && b.mayBeInfinite),
      size: a.size + b.size + 1, height: max(a.height, b.height) + 1)
  }

  private static func folded(_ mark: Token.Mark, _ x: Double, _ y: Double) -> Double? {
    switch mark {
    case .plus: x + y
    case .minus: x - y
    case .times: x * y
    case .over: x / y
    case .power: Foundation.pow(x, y)
    default: nil
    }
  }

  private static func number(_ value: Double, _ parts: Value...) -> Value {
    Value(
      expression: .constant(value), constant: value,
      height: parts.map(\.height).max() ?? 1)
  }

  /// Whole powers by squaring, halves by roots, all others by logarithms: then the base must be
  /// above zero.
  static func power(_ a: Value, _ b: Value, at place: String) throws(ExpressionError) -> Value {
    var value = Value(
      expression: a.expression, mayBeInfinite: true, size: a.size + b.size + 8,
      height: max(a.height, b.height) + 8)
    guard let exponent = b.constant else {
      value.expression = (b.finite * a.finite.logarithm).exponential
      return value
    }
    let base = a.finite
    if let whole = Int(exactly: exponent), abs(whole) <= 64 {
      value.expression = whole < 0 ? 1 / wholePower(base, -whole) : wholePower(base, whole)
      if whole == 0 { value.expression = Expression.constant(1).whereKnown(base) }
      value.size = a.size * max(1, abs(whole)) + 8
    } else if exponent == 0.5 {
      value.expression = base.squareRoot
    } else {
      value.expression = (.constant(exponent) * base.logarithm).exponential
    }
    return value
  }

  private static func wholePower(_ base: Expression, _ exponent: Int) -> Expression {
    if exponent <= 1 { return base }
    let half = wholePower(base, exponent / 2)
    return exponent.isMultiple(of: 2) ? half * half : half * half * base
  }
}

/// Comparisons and what joins them: 1 or 0, missing where either side is.
enum Conditions {
  static let comparisons: [Token.Mark] = [
    .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
  ]

  static func comparison(_ mark: Token.Mark, _ a: Expression, _ b: Expression) -> Expression {
    switch mark {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: .binary(.isEqual, a, b)
    default: 1 - .binary(.isEqual, a, b)
    }
  }

  static func joined(_ isAnd: Bool, _ a: Value, _ b: Value) -> Value {
    Value(
      expression: isAnd
        ? a.expression * b.expression : .greater(a.expression, b.expression),
      isCondition: true)
  }
}
