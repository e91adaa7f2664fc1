// The error function, and the normal distribution as neural networks use it.
//
// The complement is exp(−t²) times a function without a scale, which a polynomial in
// t / (t + scale) follows on the whole half-line (after Shepherd and Laframboise 1981).

extension VectorLanes {
  /// The error function; error below 1.25 ULP.
  @inlinable @inline(__always)
  package static func erf(_ x: Self) -> Self {
    let magnitude = x.magnitudes.held(to: greatestErf)
    let square = magnitude * magnitude
    let near = magnitude.addingProduct(magnitude, erfTail(square))
    let far = 1 - exp(-square) * scaledErfc(magnitude)
    return near.replacing(with: far, where: magnitude.isGreater(than: erfSeriesLimit)).withSigns(
      of: x)
  }

  /// The Gaussian error linear unit x Φ(x), in its exact form (Hendrycks and Gimpel 2016); error
  /// below 6 ULP, in `Double` 12, in the tail too.
  ///
  /// −0 at −∞, its limit.
  @inlinable @inline(__always)
  package static func gelu(_ x: Self) -> Self {
    let normal = NormalTail(x)
    let below = -(0.5 * normal.magnitude * normal.scaledErfc) * normal.decay
    let above = x * (1 - 0.5 * normal.scaledErfc * normal.decay)
    return above.replacing(with: below, where: x.isLess(than: 0))
  }

  /// The derivative of `gelu`: Φ(x) + x φ(x).
  ///
  /// Error below 5.1 ULP, in `Double` 6, where the unit is that of 1/8 for smaller values: it crosses
  /// zero near −0.7518.
  @inlinable @inline(__always)
  package static func geluDerivative(_ x: Self) -> Self {
    let normal = NormalTail(x)
    let slope = Self(repeating: -normalDensityAtZero)
    let below = (0.5 * normal.scaledErfc).addingProduct(normal.magnitude, slope) * normal.decay
    return (1 - below).replacing(with: below, where: x.isLess(than: 0))
  }

  /// exp(t²) erfc(t) for t ≥ 0.
  @inlinable @inline(__always)
  static func scaledErfc(_ t: Self) -> Self {
    let sum = t + scaledErfcScale
    return scaledErfcShape(t / sum) * scaledErfcScale / sum
  }
}

/// The pieces of the normal distribution's tail at t = |x|: Φ(−t) = decay · scaledErfc / 2.
@usableFromInline @frozen
struct NormalTail<Lanes: VectorLanes> {
  /// |x|, held to where the tail still matters.
  @usableFromInline var magnitude: Lanes
  /// exp(−t²/2), with the rounding of the square made good.
  @usableFromInline var decay: Lanes
  /// exp(t²/2) erfc(t/√2).
  @usableFromInline var scaledErfc: Lanes

  @inlinable @inline(__always)
  init(_ x: Lanes) {
    magnitude = x.magnitudes.held(to: Lanes.greatestNormal)
    let square = magnitude * magnitude
    let lost = (-square).addingProduct(magnitude, magnitude)
    let rounded = Lanes.exp(-0.5 * square)
    decay = rounded.addingProduct(rounded, -0.5 * lost)
    scaledErfc = Lanes.scaledErfc(magnitude * Lanes.squareRootOfHalf)
  }
}
