// Logarithms: x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) from the series of
// log((1 + s) / (1 − s)) with s = f / (2 + f), arranged as in fdlibm (Sun Microsystems 1993).

extension VectorLanes {
  /// The natural logarithm; error below 1 ULP.
  ///
  /// −∞ at ±0, NaN below, +∞ at +∞.
  @inlinable @inline(__always)
  package static func log(_ x: Self) -> Self {
    let least = Scalar.leastNormalMagnitude
    let isSmall = x.isLess(than: least)
    let scaled = x.replacing(with: x * firstInteger, where: isSmall)
    let offset = Self.zero.replacing(with: Scalar(fractionBitCount), where: isSmall)
    let finite = logOfNormal(scaled, exponentOffset: offset, correction: .zero)
    return x.replacing(with: finite, where: x.isLess(than: Scalar.infinity))
      .replacing(with: -Scalar.infinity, where: x.isEqual(to: 0))
      .replacing(with: Scalar.nan, where: x.isLess(than: 0))
  }

  /// log(1 + x) without cancellation; error below 1 ULP.
  ///
  /// −∞ at −1, NaN below, +∞ at +∞.
  @inlinable @inline(__always)
  package static func log1p(_ x: Self) -> Self {
    let sum = 1 + x
    // What rounding took from the sum (Knuth's two-sum).
    let rest = sum - 1
    let lost = (1 - (sum - rest)) + (x - rest)
    let finite = logOfNormal(sum, exponentOffset: .zero, correction: lost / sum)
    return x.replacing(with: finite, where: x.isLess(than: Scalar.infinity))
      .replacing(with: x, where: x.magnitudes.isLess(than: identityLimit))
      .replacing(with: -Scalar.infinity, where: x.isEqual(to: -1))
      .replacing(with: Scalar.nan, where: x.isLess(than: -1))
  }

  /// log x − offset · log 2 + correction for positive normal x; anything for others.
  @inlinable @inline(__always)
  static func logOfNormal(_ x: Self, exponentOffset: Self, correction: Self) -> Self {
    let biased = (x.bits &- bitsOfSquareRootOfHalf &+ bitsOfOne) &>> fractionBitCount
    let exponent = biased &- exponentBias
    let f = Self(bits: x.bits &- (exponent &<< fractionBitCount)) - 1
    let k =
      Self(bits: biased | bitsOfIntegers) - (firstInteger + Scalar(exponentBias))
      - exponentOffset

    let s = f / (2 + f)
    let z = s * s
    let halfSquare = 0.5 * f * f
    let tail = (-halfSquare).addingProduct(s, halfSquare.addingProduct(z, logarithmTail(z)))

    let whole = k * log2Coarse
    let sum = whole + f
    let lost = f - (sum - whole)
    let fine = (lost + correction).addingProduct(k, Self(repeating: log2Fine))
    return sum + (fine + tail)
  }
}
