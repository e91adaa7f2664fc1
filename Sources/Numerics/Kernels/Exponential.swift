// The exponential and what is built from it.
//
// x = n log 2 + r with |r| ≤ log 2 / 2 (Cody and Waite 1980), exp(r) by a polynomial, and 2ⁿ as the
// product of two powers, so that results below the least normal number are rounded only once more.

/// The pieces of an exponential: exp(x) = 2ⁿ (1 + r + lost + r² tail(r)).
@usableFromInline @frozen
struct ReducedExponent<Lanes: VectorLanes> {
  /// The integer n, standing in the low bits with twice the exponent's bias added.
  @usableFromInline var power: Lanes.Bits
  /// r, and what rounding took from it.
  @usableFromInline var r, lost: Lanes

  @inlinable @inline(__always)
  init(_ x: Lanes) {
    let shift = Lanes(repeating: Lanes.roundingShift)
    let shifted = shift.addingProduct(x, Lanes(repeating: Lanes.reciprocalOfLog2))
    let n = shifted - shift
    let fine = Lanes(repeating: -Lanes.log2Fine)
    let exact = x.addingProduct(n, Lanes(repeating: -Lanes.log2Coarse))
    power = shifted.bits
    r = exact.addingProduct(n, fine)
    lost = (exact - r).addingProduct(n, fine)
  }
}

extension VectorLanes {
  /// eˣ; error below 1.05 ULP.
  ///
  /// Infinite above log of the greatest number; 0 below log of half the least one; e^NaN is NaN.
  @inlinable @inline(__always)
  package static func exp(_ x: Self) -> Self {
    let reduced = ReducedExponent(x.held(from: exponents.least, to: exponents.greatest))
    let r = reduced.r
    let half = reduced.power &>> 1
    let lower = Self(bits: half &<< fractionBitCount)
    let upper = Self(bits: (reduced.power &- half) &<< fractionBitCount)
    let fraction = r.addingProduct(r * r, exponentialTail(r))
    return lower.addingProduct(lower, fraction) * upper
  }

  /// eˣ where 2ⁿ is a normal number: the bits of `exp`, in a function small enough to be inlined in
  /// others.
  @inlinable @inline(__always)
  package static func expOfModerate(_ x: Self) -> Self {
    let reduced = ReducedExponent(x)
    let r = reduced.r
    let scale = Self(bits: (reduced.power &- exponentBias) &<< fractionBitCount)
    return scale.addingProduct(scale, r.addingProduct(r * r, exponentialTail(r)))
  }

  /// eˣ of x ≤ 0, with 0 where it is less than the least normal number; error below 1.05 ULP.
  ///
  /// Cheaper than `exp`: 2ⁿ is one number, and nothing overflows.
  @inlinable @inline(__always)
  package static func expOfNonPositive(_ x: Self) -> Self {
    let isTiny = x.isLess(than: logOfLeastNormal)
    return expOfModerate(x.replacing(with: logOfLeastNormal, where: isTiny))
      .replacing(with: 0, where: isTiny)
  }

  /// eˣ − 1 without cancellation; error below 1.25 ULP.
  @inlinable @inline(__always)
  package static func expm1(_ x: Self) -> Self {
    let reduced = ReducedExponent(x.held(from: leastExpm1, to: exponents.greatest))
    let r = reduced.r
    // Half of 2ⁿ, which is a number even where 2ⁿ is not.
    let half = Self(bits: (reduced.power &- (exponentBias + 1)) &<< fractionBitCount)
    let whole = half - 0.5
    let part = half * r
    let sum = whole + part
    let lost = part - (sum - whole)
    let tail = reduced.lost.addingProduct(r * r, exponentialTail(r))
    let result = 2 * (sum + lost.addingProduct(half, tail))
    return result.replacing(with: x, where: x.magnitudes.isLess(than: identityLimit))
  }

  /// The hyperbolic tangent; error below 1.5 ULP.
  @inlinable @inline(__always)
  package static func tanh(_ x: Self) -> Self {
    let magnitude = x.magnitudes.held(to: greatestTanh)
    let square = magnitude * magnitude
    let near = magnitude.addingProduct(magnitude * square, tanhTail(square))
    let far = 1 - 2 / (1 + expOfModerate(magnitude + magnitude))
    return near.replacing(with: far, where: magnitude.isGreater(than: 0.5625)).withSigns(of: x)
  }

  /// 1 / (1 + e⁻ˣ), accurate in both tails; error below 2.5 ULP.
  @inlinable @inline(__always)
  package static func sigmoid(_ x: Self) -> Self {
    let decay = exp(-x.magnitudes)
    let numerator = Self(repeating: 1).replacing(with: decay, where: x.isLess(than: 0))
    return numerator / (1 + decay)
  }
}
