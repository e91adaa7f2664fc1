import Glibc

/// The incomplete beta function, to some 1e-13 relative; to some 1e-12 for shapes of a billion.
enum BetaFunction {
  /// xᵃ yᵇ / B(a, b) with y = 1 − x given for itself, so that neither end loses digits.
  static func powerTerm(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    if x <= 0 || y <= 0 { return 0 }
    let n = a + b
    // How far x is from the mean a / n, times n.
    let away = difference(b, x, a, y)
    let exponent =
      a * GammaFunction.logRest(away / a, onePlus: x * (n / a))
      + b * GammaFunction.logRest(-away / b, onePlus: y * (n / b))
    let rest =
      GammaFunction.stirlingRest(n) - GammaFunction.stirlingRest(a) - GammaFunction.stirlingRest(b)
    return exp(exponent + rest) * (a / n * b / (2 * .pi)).squareRoot()
  }

  /// Iₓ(a, b) and its complement, both to full relative accuracy where they are small.
  static func incomplete(
    _ a: Double, _ b: Double, _ x: Double, _ y: Double
  ) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    if y <= 0 { return (1, 0) }
    if b * x <= a * y || (a < 1 && b <= 1 && x <= 0.5) {
      let lower = chance(smallerSide(a, b, x, y))
      return (lower, 1 - lower)
    }
    let upper = chance(smallerSide(b, a, y, x))
    return (1 - upper, upper)
  }

  /// What rounding put beyond certainty is certain; NaN stays.
  private static func chance(_ value: Double) -> Double { value > 1 ? 1 : value }

  /// a · b − c · d, where the products all but cancel (Kahan).
  private static func difference(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    let product = c * d
    let lost = product.addingProduct(-c, d)
    return (-product).addingProduct(a, b) + lost
  }

  private static func smallerSide(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let term = powerTerm(a, b, x, y)
    if term == 0 { return 0 }
    // For b ≤ 1 all terms of the power series are positive.
    if b <= 1, x <= 0.7 { return term * exp(-b * log1p(-x)) * series(a, b, x) }
    return term / fraction(a, b, x, y)
  }

  /// Σ (1 − b)ₙ xⁿ / (n! (a + n)): DLMF 8.17.7.
  private static func series(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1 / a
    var n = 1.0
    repeat {
      term *= (n - b) * x / n
      sum += term / (a + n)
      n += 1
    } while term > sum * (a + n) * 1e-18
    return sum
  }

  /// The continued fraction of DiDonato and Morris, Algorithm 708 (1992), equation 9, by Lentz's
  /// method; it converges in a few √max(a, b) steps.
  private static func fraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let away = difference(a, y, b, x)
    var value = GammaFunction.nonZero(a * (away + 1) / (a + 1))
    var c = value
    var d = 0.0
    var n = 1.0
    while true {
      let twice = a + 2 * n
      // x by x, for where b is huge it is tiny.
      let numerator =
        (a + n - 1) / (twice - 1) * ((a + b + n - 1) / (twice - 1) * x) * n * ((b - n) * x)
      let denominator =
        n + n * (b - n) * x / (twice - 1) + (a + n) * (away + 1 + n * (1 + y)) / (twice + 1)
      d = 1 / GammaFunction.nonZero(denominator + numerator * d)
      c = GammaFunction.nonZero(denominator + numerator / c)
      let step = c * d
      value *= step
      // Also left with NaN.
      guard (step - 1).magnitude >= 2e-16, n < 1e7 else { return value }
      n += 1
    }
  }
}
