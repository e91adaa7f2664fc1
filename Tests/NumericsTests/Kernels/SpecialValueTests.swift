import Foundation
import Numerics
import Testing

@Suite("Element-wise functions at special values")
struct SpecialValueTests {
  /// Argument and value, the same for both formats.
  static let table: [(ElementwiseFunction, [(Double, Double)])] = [
    (.exp, [(-.infinity, 0), (.infinity, .infinity), (0, 1), (-0.0, 1), (-1000, 0)]),
    (.expm1, [(-.infinity, -1), (.infinity, .infinity), (0, 0), (-0.0, -0.0), (-1000, -1)]),
    (.log, [(0, -.infinity), (-0.0, -.infinity), (1, 0), (-1, .nan), (.infinity, .infinity)]),
    (.log, [(-.infinity, .nan)]),
    (.log1p, [(0, 0), (-0.0, -0.0), (-1, -.infinity), (-2, .nan), (.infinity, .infinity)]),
    (.tanh, [(0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (100, 1), (-100, -1)]),
    (.sigmoid, [(0, 0.5), (-0.0, 0.5), (.infinity, 1), (-.infinity, 0), (1000, 1), (-1000, 0)]),
    (.erf, [(0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (100, 1)]),
    (.gelu, [(0, 0), (-0.0, -0.0), (.infinity, .infinity), (-.infinity, -0.0), (100, 100)]),
    (.geluDerivative, [(0, 0.5), (.infinity, 1), (100, 1)]),
    (.squareRoot, [(0, 0), (-0.0, -0.0), (.infinity, .infinity), (-1, .nan), (4, 2)]),
    (.reciprocal, [(0, .infinity), (-0.0, -.infinity), (.infinity, 0), (-.infinity, -0.0)]),
  ]

  @Test("Zeros with their signs, infinities and domain errors are exactly C's", arguments: table)
  func matchesTable(function: ElementwiseFunction, rows: [(Double, Double)]) throws {
    for (x, value) in rows {
      let single = try function.applied(to: [Float(x)])[0]
      let double = try function.applied(to: [x])[0]
      #expect(isSame(single, Float(value)), "\(function)(\(x)) = \(single)")
      #expect(isSame(double, value), "\(function)(\(x)) = \(double)")
    }
  }

  @Test("NaN in, NaN out", arguments: ElementwiseFunction.allCases)
  func passesNaN(function: ElementwiseFunction) throws {
    for x in [Double.nan, -Double.nan, .signalingNaN] {
      #expect(try function.applied(to: [x])[0].isNaN)
      #expect(try function.applied(to: [Float(x)])[0].isNaN)
    }
  }

  @Test(
    "Functions with slope 1 at 0 leave the smallest numbers as they are",
    arguments: [ElementwiseFunction.expm1, .log1p, .tanh])
  func keepsSubnormals(function: ElementwiseFunction) throws {
    for scale in [1.0, 3, 1001] {
      let single = Float(scale) * .leastNonzeroMagnitude
      let double = scale * .leastNonzeroMagnitude
      #expect(try function.applied(to: [single, -single]) == [single, -single])
      #expect(try function.applied(to: [double, -double]) == [double, -double])
    }
  }

  @Test("exp and expm1 overflow and underflow at the very number where C's do")
  func sharesThresholds() throws {
    let singles = neighbours(of: Float(88.72284)) + neighbours(of: Float(-103.97208))
    let doubles = neighbours(of: 709.782712893384) + neighbours(of: -745.1332191019411)
    for (x, value) in zip(singles, try ElementwiseFunction.exp.applied(to: singles)) {
      #expect(value.isInfinite == expf(x).isInfinite && (value == 0) == (expf(x) == 0))
    }
    for (x, value) in zip(doubles, try ElementwiseFunction.exp.applied(to: doubles)) {
      #expect(value.isInfinite == exp(x).isInfinite && (value == 0) == (exp(x) == 0))
    }
    for (x, value) in zip(singles, try ElementwiseFunction.expm1.applied(to: singles)) {
      #expect(value.isInfinite == expm1f(x).isInfinite)
    }
    for (x, value) in zip(doubles, try ElementwiseFunction.expm1.applied(to: doubles)) {
      #expect(value.isInfinite == expm1(x).isInfinite)
    }
  }

  private func neighbours<T: BinaryFloatingPoint>(of x: T) -> [T] {
    (-40...40).map { x + T($0) * x.ulp }
  }

  private func isSame<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> Bool {
    (a.isNaN && b.isNaN) || (a == b && a.sign == b.sign)
  }
}
