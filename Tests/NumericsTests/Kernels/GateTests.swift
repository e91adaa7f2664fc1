import Foundation
import Numerics
import Testing

@Suite("Gates of recurrent cells against the C library in double precision")
struct GateTests {
  /// Registers of a range of floats' patterns, so that all magnitudes occur.
  private func greatestError(
    _ function: (SIMD16<Float>) -> SIMD16<Float>, _ exact: (Double) -> Double,
    leastMagnitude: Double
  ) -> Double {
    var worst = 0.0
    for pattern in stride(from: UInt64(0), to: 1 << 32, by: isOptimized ? 65_521 : 1_048_573) {
      let x = Float(bitPattern: UInt32(pattern))
      let found = function(SIMD16(repeating: x))[3]
      let error = floatError(found, exact(Double(x)), leastMagnitude: leastMagnitude)
      if !(error <= worst) { worst = error }
    }
    return worst
  }

  @Test("the sigmoid errs by no more than is stated, or by less than the least normal number")
  func gate() {
    let error = greatestError(
      { .gate($0) },
      { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
      leastMagnitude: 0x1p-103)
    #expect(error <= 2.5)
  }

  @Test("the hyperbolic tangent errs by no more than is stated, near 0 too")
  func squash() {
    #expect(greatestError({ .squash($0) }, { tanh($0) }, leastMagnitude: 0x1p-126) <= 3)
  }

  @Test("in double precision both agree with the C library")
  func doubles() {
    for x in stride(from: -800.0, through: 800, by: 0.37) {
      let gate = SIMD8<Double>.gate(SIMD8(repeating: x))[0]
      #expect(abs(gate - 1 / (1 + exp(-x))) <= 1e-15 * gate + 1e-307)
    }
    for x in stride(from: -25.0, through: 25, by: 0.013) {
      let value = SIMD8<Double>.squash(SIMD8(repeating: x))[5]
      #expect(abs(value - tanh(x)) <= 1e-15 * abs(value))
    }
    #expect(SIMD8<Double>.gate(SIMD8(repeating: .nan))[0].isNaN)
    #expect(SIMD8<Double>.squash(SIMD8(repeating: .nan))[0].isNaN)
  }
}
