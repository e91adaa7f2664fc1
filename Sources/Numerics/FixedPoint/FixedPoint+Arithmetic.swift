// Sums and whole multiples: exact, or an error.
extension FixedPoint {
  @inlinable public func addingReportingOverflow(
    _ other: Self
  ) -> (partialValue: Self, overflow: Bool) {
    let (sum, overflow) = steps.addingReportingOverflow(other.steps)
    return (Self(steps: sum), overflow)
  }

  @inlinable public func subtractingReportingOverflow(
    _ other: Self
  ) -> (partialValue: Self, overflow: Bool) {
    let (difference, overflow) = steps.subtractingReportingOverflow(other.steps)
    return (Self(steps: difference), overflow)
  }

  @inlinable public func multipliedReportingOverflow(
    by count: Int64
  ) -> (partialValue: Self, overflow: Bool) {
    let (product, overflow) = steps.multipliedReportingOverflow(by: count)
    return (Self(steps: product), overflow)
  }

  @inlinable public func adding(_ other: Self) throws(FixedPointError) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else {
      throw Self.overflow(self, "+", other.description, isNegative: isNegative)
    }
    return sum
  }

  @inlinable public func subtracting(_ other: Self) throws(FixedPointError) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    guard !overflow else {
      throw Self.overflow(self, "-", other.description, isNegative: isNegative)
    }
    return difference
  }

  /// The same amount with the other sign; the smallest number has none.
  @inlinable public func negated() throws(FixedPointError) -> Self {
    try Self.zero.subtracting(self)
  }

  @inlinable public func magnitude() throws(FixedPointError) -> Self {
    isNegative ? try negated() : self
  }

  @inlinable public func multiplied(by count: Int64) throws(FixedPointError) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: count)
    guard !overflow else {
      throw Self.overflow(self, "×", String(count), isNegative: isNegative != (count < 0))
    }
    return product
  }
}

// Products and quotients: computed in 128 bits, rounded once.
extension FixedPoint {
  /// A rounded amount and what rounding left out, exactly: the true value is `value` and `remainder`
  /// steps of 10⁻ⁿ, where n is said by the function that returns it.
  public typealias Rounded = (value: Self, remainder: Int128)

  /// `self × numerator ÷ denominator`: three basis points are `(3, 10_000)`.
  @inlinable public func scaled(
    by numerator: Int64, over denominator: Int64, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Self {
    guard denominator != 0 else { throw Self.divisionByZero(description) }
    let product = Int128(steps) * Int128(numerator)
    let quotient = rounding.divide(product, by: Int128(denominator)).quotient
    guard let result = Int64(exactly: quotient) else {
      throw Self.overflow(
        self, "×", "\(numerator)/\(denominator)", isNegative: quotient < 0)
    }
    return Self(steps: result)
  }

  @inlinable public func divided(
    by count: Int64, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Self {
    try scaled(by: 1, over: count, rounding: rounding)
  }

  /// `a × b × count` in this unit. The remainder is counted in steps of 10⁻ⁿ, where n is the sum of
  /// both factors' digits, or this unit's digits where those are more.
  @inlinable public static func product<A, B>(
    _ a: FixedPoint<A>, _ b: FixedPoint<B>, times count: Int64 = 1, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Rounded {
    let (product, tooLarge) =
      (Int128(a.steps) * Int128(b.steps)).multipliedReportingOverflow(by: Int128(count))
    guard !tooLarge,
      let rounded = rescaled(
        product, fromDigits: A.fractionDigits + B.fractionDigits, rounding: rounding)
    else {
      let isNegative = a.sign * b.sign * count.signum() < 0
      throw overflow(count == 1 ? "\(a) × \(b)" : "\(a) × \(b) × \(count)", isNegative: isNegative)
    }
    return rounded
  }

  /// `dividend ÷ divisor` in this unit: cash by a price is a quantity.
  @inlinable public static func quotient<A, B>(
    _ dividend: FixedPoint<A>, by divisor: FixedPoint<B>, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Self {
    guard !divisor.isZero else { throw divisionByZero(dividend.description) }
    let shift = Unit.fractionDigits + B.fractionDigits - A.fractionDigits
    // At most 10³⁶ × 2⁶³ is asked for; what does not fit is an overflow like any other.
    let (scaled, tooLarge) = Int128(dividend.steps).multipliedReportingOverflow(
      by: powerOfTen(Swift.max(0, shift)))
    let scaledDivisor = Int128(divisor.steps) * powerOfTen(Swift.max(0, -shift))
    guard !tooLarge,
      let steps = Int64(exactly: rounding.divide(scaled, by: scaledDivisor).quotient)
    else {
      throw overflow(
        "\(dividend) ÷ \(divisor)", isNegative: dividend.isNegative != divisor.isNegative)
    }
    return Self(steps: steps)
  }

  /// The same amount in another unit. The remainder is counted in the finer unit's steps.
  @inlinable public func converted<Other>(
    to other: FixedPoint<Other>.Type, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> FixedPoint<Other>.Rounded {
    guard
      let rounded = other.rescaled(
        Int128(steps), fromDigits: Unit.fractionDigits, rounding: rounding)
    else { throw other.overflow(description, isNegative: isNegative) }
    return rounded
  }

  /// `count` steps of 10⁻ᵈⁱᵍⁱᵗˢ in this unit, or `nil` where it does not fit.
  @inlinable static func rescaled(
    _ count: Int128, fromDigits digits: Int, rounding: Rounding
  ) -> Rounded? {
    let shift = digits - Unit.fractionDigits
    guard shift > 0 else {
      let (steps, tooLarge) = count.multipliedReportingOverflow(by: powerOfTen(-shift))
      return tooLarge ? nil : Int64(exactly: steps).map { (Self(steps: $0), 0) }
    }
    let (quotient, remainder) = rounding.divide(count, by: powerOfTen(shift))
    return Int64(exactly: quotient).map { (Self(steps: $0), remainder) }
  }
}

// Whole ticks and lots.
extension FixedPoint {
  /// The multiple of `size` next to this amount in the way `rounding` says.
  @inlinable public func rounded(
    toMultipleOf size: Self, rounding: Rounding = .halfEven
  ) throws(FixedPointError) -> Self {
    guard size.steps > 0 else {
      throw .sizeNotPositive(size: size.description, unit: Unit.name)
    }
    let count = rounding.divide(Int128(steps), by: Int128(size.steps)).quotient
    guard let steps = Int64(exactly: count * Int128(size.steps)) else {
      throw Self.overflow(self, "to a multiple of", size.description, isNegative: isNegative)
    }
    return Self(steps: steps)
  }

  /// Whether this amount is a whole number of `size`; of nothing, only zero is.
  @inlinable public func isMultiple(of size: Self) -> Bool { steps.isMultiple(of: size.steps) }
}
