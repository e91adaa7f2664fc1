import Foundation
import Numerics

/// What each function should give, from the C library in double precision, and how far it may err.
extension ElementwiseFunction {
  func reference(_ x: Double) -> Double {
    switch self {
    case .exp: Foundation.exp(x)
    case .expm1: Foundation.expm1(x)
    case .log: x < 0 ? .nan : Foundation.log(x)
    case .log1p: x < -1 ? .nan : Foundation.log1p(x)
    case .tanh: Foundation.tanh(x)
    case .sigmoid:
      x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
    case .erf: Foundation.erf(x)
    case .gelu:
      x == -.infinity ? -0.0 : x == .infinity ? x : x * 0.5 * erfc(-x * 0.5.squareRoot())
    case .geluDerivative:
      x.isInfinite
        ? (x > 0 ? 1 : 0)
        : 0.5 * erfc(-x * 0.5.squareRoot())
          + x * Foundation.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    }
  }

  /// The least magnitude whose unit in the last place counts: below it the error is an absolute one.
  var leastUnitMagnitude: Double { self == .geluDerivative ? 0.125 : 0 }
}

/// The distance of a result from the exact value in units in the last place of `Float`.
func floatError(_ result: Float, _ exact: Double, leastMagnitude: Double) -> Double {
  if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
  if exact.isInfinite { return Double(result) == exact ? 0 : .infinity }
  if abs(exact) >= 0x1.ffffffp127 {
    return result.isInfinite && (result > 0) == (exact > 0) ? 0 : .infinity
  }
  // What the format would give as the next number above its greatest.
  let value = result.isInfinite ? (result < 0 ? -0x1p128 : 0x1p128) : Double(result)
  let magnitude = max(abs(exact), leastMagnitude)
  let unit = magnitude < 0x1p-126 ? 0x1p-149 : magnitude.binade * 0x1p-23
  if leastMagnitude == 0 && value == 0 && exact == 0 && value.sign != exact.sign {
    return .infinity
  }
  return abs(value - exact) / unit
}
