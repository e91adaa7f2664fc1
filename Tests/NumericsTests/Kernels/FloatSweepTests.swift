import Foundation
import Numerics
import TestKit
import Testing

/// The bit patterns from `first` on, `stride` apart, against the C library's double precision.
private func greatestError(
  _ function: ElementwiseFunction, first: UInt64, last: UInt64, stride: UInt64
) -> (error: Double, at: Float) {
  let block = 1 << 14
  var input = [Float](repeating: 0, count: block)
  var output = input
  var worst: (error: Double, at: Float) = (0, 0)
  var next = first
  while next < last {
    let count = Int(min(UInt64(block), (last - next + stride - 1) / stride))
    for i in 0..<count { input[i] = Float(bitPattern: UInt32(next + UInt64(i) * stride)) }
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer {
        Vector.applyUnchecked(function, source.baseAddress, $0.baseAddress, count: count)
      }
    }
    for i in 0..<count {
      let exact = function.reference(Double(input[i]))
      let error = floatError(output[i], exact, leastMagnitude: function.leastUnitMagnitude)
      if !(error <= worst.error) { worst = (error, input[i]) }
    }
    next += UInt64(count) * stride
  }
  return worst
}

@Suite("Element-wise functions of Float against the C library in double precision")
struct FloatSweepTests {
  @Test(
    "A dense sample of all floats errs by no more than is stated",
    arguments: ElementwiseFunction.allCases)
  func denseSample(function: ElementwiseFunction) {
    let worst = greatestError(
      function, first: 0, last: 1 << 32, stride: isOptimized ? 4093 : 262_139)
    #expect(worst.error <= function.greatestError(of: Float.self), "\(worst)")
  }

  @Test(
    "Every float around a point where a formula changes errs by no more than is stated",
    arguments: ElementwiseFunction.allCases)
  func neighbourhoods(function: ElementwiseFunction) {
    let points: [Float] = [
      0, 0x1p-149, .leastNormalMagnitude, 0x1p-25, 0.34657359, 0.5625, 0.70710678, 0.9375, 1,
      1.41421356, 4, 10, 14.8, 17.32868, 88.72284, 87.33655, 103.97208, .greatestFiniteMagnitude,
    ]
    let reach: UInt64 = isOptimized ? 4096 : 64
    for point in points {
      for bits in [UInt64(point.bitPattern), UInt64((-point).bitPattern)] {
        let first = bits > reach ? bits - reach : 0
        let worst = greatestError(function, first: first, last: bits + reach, stride: 1)
        #expect(worst.error <= function.greatestError(of: Float.self), "\(worst)")
      }
    }
  }

  @Test(
    "Every float there is errs by no more than is stated",
    .enabled(if: FuzzBudget.isNightly, "all 2³² arguments: set MARTINET_NIGHTLY"),
    arguments: ElementwiseFunction.allCases)
  func everyFloat(function: ElementwiseFunction) {
    let clock = ContinuousClock()
    var worst: (error: Double, at: Float) = (0, 0)
    let duration = clock.measure {
      worst = greatestError(function, first: 0, last: 1 << 32, stride: 1)
    }
    print("\(function): greatest error \(worst.error) ULP at \(worst.at), \(duration)")
    #expect(worst.error <= function.greatestError(of: Float.self), "\(worst)")
  }
}

/// Unoptimised vector code is a hundred times slower: samples are thinner there.
let isOptimized: Bool = {
  var isDebug = false
  // The body of an assertion runs in debug builds only.
  assert(
    {
      isDebug = true; return true
    }())
  return !isDebug
}()
