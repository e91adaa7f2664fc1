#if arch(x86_64)
  import Numerics
  import TestKit
  import Testing

  @Suite("Float's fused multiply-add against extended precision")
  struct FusedFloatTests {
    private static let count = FuzzBudget.inputs(
      usual: isOptimized ? 1 << 18 : 1 << 12, nightly: 1 << 26)
    private static let blockCount = 1 << 11

    @Test("Numbers of all patterns, and sums that all but vanish, are rounded once")
    func roundsOnce() throws {
      var generator = SeededGenerator(seed: 5)
      for block in 0..<Self.count / Self.blockCount {
        let a = Self.patterns(&generator)
        let b = Self.patterns(&generator)
        var c = Self.patterns(&generator)
        for i in c.indices where i % 4 != 0 {
          let product = -(a[i] * b[i])
          c[i] =
            [product, product.nextUp, [0, -0.0, .infinity, .leastNonzeroMagnitude][block % 4]][
              i % 4 - 1]
        }
        var output = c
        var target = output.mutableSpan
        try Vector.multiplyAdd(a.span, b.span, c.span, into: &target)
        let wrong = output.indices.first {
          let exact = Self.roundedOnce(a[$0], b[$0], c[$0])
          return output[$0].bitPattern != exact.bitPattern && !(output[$0].isNaN && exact.isNaN)
        }
        #expect(wrong == nil, "\(wrong.map { [a[$0], b[$0], c[$0], output[$0]] } ?? [])")
      }
    }

    private static func patterns(_ generator: inout SeededGenerator) -> [Float] {
      (0..<blockCount).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) }
    }

    /// a · b + c: the product is exact in 64 bits, and a sum that is not is made odd in its last one, so
    /// that rounding it to 24 is rounding the exact sum.
    private static func roundedOnce(_ a: Float, _ b: Float, _ c: Float) -> Float {
      let product = Float80(a) * Float80(b)
      let sum = product + Float80(c)
      let part = sum - product
      let lost = (product - (sum - part)) + (Float80(c) - part)
      guard lost.isFinite, lost != 0, sum.significandBitPattern.isMultiple(of: 2) else {
        return Float(sum)
      }
      return Float(lost > 0 ? sum.nextUp : sum.nextDown)
    }
  }
#endif
