/// Where distances are measured from, and a power of two that brings them near 1, so that their
/// fourth powers neither overflow nor vanish. Scaling loses nothing.
struct ScaledOrigin: Sendable {
  /// Numbers are multiplied by 2 to the negative of it.
  private var exponent: Int
  private var factor: Double
  /// In the scale.
  private var origin: Double

  /// The origin at the number; 0 waits for the first other number to set the scale.
  init(_ value: Double) {
    exponent = Self.exponent(near: value)
    factor = Self.power(-exponent)
    origin = value * factor
  }

  /// Whether the number's distance has too large a fourth power.
  @inline(__always)
  func isOutgrown(by value: Double) -> Bool {
    (value * factor - origin).magnitude >= 0x1p200
  }

  @inline(__always)
  func distance(to value: Double) -> DoubleDouble { DoubleDouble.sum(value * factor, -origin) }

  /// Grows the scale to the number, and returns what distances so far are to be multiplied by.
  mutating func grow(to value: Double) -> Double { rescale(to: Self.exponent(near: value)) }

  /// Brings two to the larger of their scales; returns the factors for the distances of each and the
  /// distance from the first's origin to the second's.
  static func align(
    _ a: inout ScaledOrigin, _ b: inout ScaledOrigin
  ) -> (a: Double, b: Double, shift: DoubleDouble) {
    let exponent = max(a.exponent, b.exponent)
    let first = a.rescale(to: exponent)
    let second = b.rescale(to: exponent)
    return (first, second, DoubleDouble.sum(b.origin, -a.origin))
  }

  private mutating func rescale(to new: Int) -> Double {
    let change = Self.power(exponent - new)
    exponent = new
    factor = Self.power(-new)
    origin *= change
    return change
  }

  /// The number at a distance.
  func number(at distance: DoubleDouble) -> Double {
    (DoubleDouble(origin) + distance).value / factor
  }

  /// A distance out of the scale.
  func unscaled(_ distance: Double) -> Double { distance / factor }

  private static func exponent(near value: Double) -> Int {
    value == 0 ? -1000 : min(max(Int(value.exponent), -1000), 1000)
  }

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

extension Double {
  /// The power of two that brings a positive number near 1, or as near as one factor can; 1 for 0 and
  /// for what is not finite.
  var factorNearOne: Double {
    guard self > 0, isFinite else { return 1 }
    return Double(sign: .plus, exponent: min(-Int(exponent), 1000), significand: 1)
  }
}
