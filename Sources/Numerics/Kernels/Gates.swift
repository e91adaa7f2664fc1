// Sigmoid and hyperbolic tangent for recurrent cells, which take five of them a unit and step: one
// formula over the whole line and no choice between two, so that several registers are under way at
// once.

extension VectorLanes {
  /// 2ⁿ and eˣ / 2ⁿ − 1, where n log 2 is the multiple nearest to x and 2ⁿ is a normal number.
  @inlinable @inline(__always)
  static func scaled(_ x: Self) -> (scale: Self, fraction: Self) {
    // Small integers with the exponent's bias stand in the low bits.
    let shift = Self(repeating: roundingShift - Scalar(exponentBias))
    let shifted = shift.addingProduct(x, Self(repeating: reciprocalOfLog2))
    let n = shifted - shift
    let r = x.addingProduct(n, Self(repeating: -log2Coarse))
      .addingProduct(n, Self(repeating: -log2Fine))
    return (
      Self(bits: shifted.bits &<< fractionBitCount), r.addingProduct(r * r, exponentialTail(r))
    )
  }

  /// 1 / (1 + e⁻ˣ); error below 2.5 ULP, or the least normal number for lesser values.
  @inlinable @inline(__always)
  package static func gate(_ x: Self) -> Self {
    let (scale, fraction) = scaled(-x.held(from: logOfLeastNormal, to: -logOfLeastNormal))
    return 1 / (1 + scale.addingProduct(scale, fraction))
  }

  /// The hyperbolic tangent as (e²ˣ − 1) / (e²ˣ + 1), with no cancellation near 0; error below 3 ULP.
  @inlinable @inline(__always)
  package static func squash(_ x: Self) -> Self {
    let held = x.held(from: -greatestTanh, to: greatestTanh)
    let (scale, fraction) = scaled(held + held)
    let rise = (scale - 1).addingProduct(scale, fraction)
    return rise / (rise + 2)
  }
}
