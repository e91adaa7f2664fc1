/// A number of some 106 bits as an unevaluated sum: Dekker, A Floating-Point Technique for Extending
/// the Available Precision (1971), with the fused multiply-add for products.
struct DoubleDouble: Sendable {
  var high: Double
  var low: Double

  static let zero = DoubleDouble(0)

  @inline(__always)
  init(_ value: Double) {
    high = value
    low = 0
  }

  @inline(__always)
  private init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  @inline(__always)
  var value: Double { high + low }

  /// a + b without error.
  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    let part = sum - a
    return DoubleDouble(high: sum, low: (a - (sum - part)) + (b - part))
  }

  /// a · b without error.
  @inline(__always)
  static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
  }

  /// The same where |a| ≥ |b|.
  @inline(__always)
  private static func renormalized(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    return DoubleDouble(high: sum, low: b - (sum - a))
  }

  @inline(__always)
  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let high = sum(a.high, b.high)
    let low = sum(a.low, b.low)
    let first = renormalized(high.high, high.low + low.high)
    return renormalized(first.high, first.low + low.low)
  }

  @inline(__always)
  static prefix func - (a: DoubleDouble) -> DoubleDouble {
    DoubleDouble(high: -a.high, low: -a.low)
  }

  @inline(__always)
  static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + (-b) }

  @inline(__always)
  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = product(a.high, b.high)
    let cross = a.high.addingCross(b.low, a.low, b.high)
    return renormalized(product.high, product.low + cross)
  }

  @inline(__always)
  static func * (a: DoubleDouble, b: Double) -> DoubleDouble { a * DoubleDouble(b) }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - b * first
    let second = rest.high / b.high
    let last = (rest - b * second).high / b.high
    return renormalized(first, second) + DoubleDouble(last)
  }

  @inline(__always)
  static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }
}

extension Double {
  /// self · a + b · c
  @inline(__always)
  fileprivate func addingCross(_ a: Double, _ b: Double, _ c: Double) -> Double {
    (self * a).addingProduct(b, c)
  }
}
