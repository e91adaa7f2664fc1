import Glibc

/// The gamma function's logarithm and the incomplete gamma functions, to some 1e-14 relative.
enum GammaFunction {
  /// log Γ(1 + a), accurate for small a as well, where 1 + a would lose its digits.
  static func logOfOnePlus(_ a: Double) -> Double {
    guard a.magnitude <= 0.5 else { return lgamma(1 + a) }
    // Abramowitz and Stegun 6.1.33.
    var sum = 0.0
    for coefficient in zetaTerms.reversed() { sum = sum * a + coefficient }
    return -log1p(a) + a * (1 - eulerGamma) + a * a * sum
  }

  private static let eulerGamma = 0.57721566490153286

  /// (−1)ᵏ (ζ(k) − 1) / k from k = 2.
  private static let zetaTerms = [
    0.32246703342411322, -0.067352301053198095, 0.020580808427784548, -0.0073855510286739853,
    0.0028905103307415233, -0.001192753911703261, 0.00050966952474304242, -0.00022315475845357938,
    9.9457512781808534e-5, -4.4926236738133142e-5, 2.0507212775670692e-5, -9.4394882752683959e-6,
    4.3748667899074878e-6, -2.0392157538013662e-6, 9.5514121304074198e-7, -4.492469198764566e-7,
    2.1207184805554666e-7, -1.00432248239681e-7, 4.7698101693639806e-8, -2.2711094608943165e-8,
    1.0838659214896954e-8, -5.1834750419700467e-9, 2.4836745438024783e-9, -1.1921401405860912e-9,
    5.731367241678862e-10, -2.7595228851242331e-10, 1.3304764374244489e-10,
  ]

  /// What Stirling's formula leaves of log Γ(a): log Γ(a) − (a − ½) log a + a − ½ log 2π.
  static func stirlingRest(_ a: Double) -> Double {
    guard a < 12 else {
      let s = 1 / (a * a)
      let tail = s * (-1.0 / 1680 + s * (1.0 / 1188 + s * (-691.0 / 360360 + s / 156)))
      return (1.0 / 12 + s * (-1.0 / 360 + s * (1.0 / 1260 + tail))) / a
    }
    return logOfOnePlus(a) - (a + 0.5) * log(a) + a - halfLogOfTwoPi
  }

  static let halfLogOfTwoPi = 0.91893853320467274

  /// log(1 + x) − x, where the two cancel, with 1 + x given for itself: near −1 the x has lost it.
  static func logRest(_ x: Double, onePlus ratio: Double) -> Double {
    guard x > -0.6, x < 1 else { return log(ratio) - x }
    // log(1 + x) = 2 artanh r.
    let r = x / (2 + x)
    let square = r * r
    var power = 1.0
    var sum = 0.0
    var divisor = 3.0
    repeat {
      sum += power / divisor
      power *= square
      divisor += 2
    } while power > 1e-17
    return 2 * r * square * sum - r * x
  }

  /// xᵃ e⁻ˣ / Γ(a + 1), after Loader, Fast and Accurate Computation of Binomial Probabilities
  /// (2000): the exponent is computed as one small number, not as a difference of large ones.
  static func powerTerm(_ a: Double, _ x: Double) -> Double {
    if x <= 0 || x == .infinity { return 0 }
    if a < 1 { return exp(a * log(x) - x - logOfOnePlus(a)) }
    return exp(a * logRest((x - a) / a, onePlus: x / a) - stirlingRest(a))
      / (2 * .pi * a).squareRoot()
  }

  /// P(a, x), the lower regularised incomplete gamma function, and Q = 1 − P, both to full
  /// relative accuracy where they are small.
  static func incomplete(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    if a < 0.5, x < 1.5 { return ofSmallShape(a, x) }
    if a > 1e6 { return ofLargeShape(a, x) }
    if x < a + 1 {
      let lower = powerTerm(a, x) * series(a, x)
      return (lower, 1 - lower)
    }
    let upper = a * powerTerm(a, x) * fraction(a, x)
    return (1 - upper, upper)
  }

  /// DLMF 8.7.3, from which 1 is taken before it is rounded.
  private static func ofSmallShape(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    var term = 1.0
    var sum = 0.0
    var k = 1.0
    repeat {
      term *= -x / k
      sum += term / (a + k)
      k += 1
    } while term.magnitude > 1e-18
    let exponent = a * log(x) - logOfOnePlus(a)
    let power = exp(exponent)
    return (power * (1 + a * sum), -expm1(exponent) - power * a * sum)
  }

  /// Temme's uniform expansion, DLMF 8.12.3 to 8.12.10. So large a shape leaves anything of a tail
  /// only where η is below 0.04, and there the first coefficients' power series are enough.
  private static func ofLargeShape(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    let away = (x - a) / a
    let halfSquare = -logRest(away, onePlus: x / a)
    let eta = (2 * halfSquare).squareRoot() * (away < 0 ? -1 : 1)
    let first =
      -1.0 / 3 + eta
      * (1.0 / 12 + eta
        * (-2.0 / 135 + eta * (1.0 / 864 + eta * (1.0 / 2835 + eta * (-139.0 / 777600)))))
    let second = -1.0 / 540 + eta * (-1.0 / 288 + eta / 378)
    let rest = exp(-a * halfSquare) / (2 * .pi * a).squareRoot() * (first + second / a)
    let z = eta * (a / 2).squareRoot()
    return (max(0, 0.5 * erfc(-z) - rest), max(0, 0.5 * erfc(z) + rest))
  }

  /// Σ xᵏ / ((a + 1) … (a + k)); about 9 √a terms at most.
  private static func series(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var shape = a
    repeat {
      shape += 1
      term *= x / shape
      sum += term
    } while term > sum * 1e-17
    return sum
  }

  /// The continued fraction of DLMF 8.9.2 by Lentz's method.
  private static func fraction(_ a: Double, _ x: Double) -> Double {
    var b = x + 1 - a
    var c = Double.infinity
    var d = 1 / b
    var value = d
    var k = 1.0
    while true {
      let numerator = -k * (k - a)
      b += 2
      d = 1 / nonZero(numerator * d + b)
      c = nonZero(b + numerator / c)
      let step = c * d
      value *= step
      // Also left with NaN.
      guard (step - 1).magnitude >= 2e-16, k < 1e7 else { return value }
      k += 1
    }
  }

  static func nonZero(_ x: Double) -> Double { x.magnitude < 1e-300 ? 1e-300 : x }
}
