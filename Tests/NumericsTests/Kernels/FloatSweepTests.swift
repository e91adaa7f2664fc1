import Foundation
import Numerics
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
    let worst = greatestError(function, first: 0, last: 1 << 32, stride: 4093)
    print(function, worst)
    #expect(worst.error <= function.floatTolerance, "\(worst)")
  }
}
