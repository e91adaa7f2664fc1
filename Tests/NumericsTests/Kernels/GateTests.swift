import Foundation
import Numerics
import TestKit
import Testing

@Suite("Gates of recurrent cells against the C library in double precision")
struct GateTests {
  /// Sixteen patterns at a time, so that all magnitudes occur: all there are in the nightly run.
  private func greatestError(
    _ function: (SIMD16<Float>) -> SIMD16<Float>, _ exact: (Double) -> Double,
    leastMagnitude: Double
  ) -> Double {
    let stride = FuzzBudget.isNightly ? 1 : UInt64(isOptimized ? 4093 : 65_521)
    var worst = 0.0
    var pattern: UInt64 = 0
    while pattern < 1 << 32 {
      var register = SIMD16<Float>.zero
      for lane in 0..<16 {
        register[lane] = Float(
          bitPattern: UInt32(truncatingIfNeeded: pattern + UInt64(lane) * stride))
      }
      let found = function(register)
      for lane in 0..<16 {
        let error = floatError(
          found[lane], exact(Double(register[lane])), leastMagnitude: leastMagnitude)
        if !(error <= worst) { worst = error }
      }
      pattern += 16 * stride
    }
    return worst
  }

  @Test("the exponential of softmax errs by no more than is stated, or is 0 for the tiniest values")
  func exponential() {
    let error = greatestError(
      { .expOfNonPositive(-$0.magnitudes) }, { exp(-$0.magnitude) }, leastMagnitude: 0x1p-103)
    #expect(error <= 1.05)
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
