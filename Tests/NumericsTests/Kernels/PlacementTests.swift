import CAllocations
import Numerics
import Testing

@Suite("Element-wise functions depend on the element alone")
struct PlacementTests {
  @Test(
    "The same bits at every length up to 67 and every offset up to 15, in place or not",
    arguments: ElementwiseFunction.allCases)
  func ignoresPlace(function: ElementwiseFunction) throws {
    try check(function, Self.samples.map(Float.init)) { $0.bitPattern }
    try check(function, Self.samples) { $0.bitPattern }
  }

  /// Values of every kind, so that each lane meets each branch of a formula.
  static let samples: [Double] = (0..<83).map { i in
    switch i % 9 {
    case 0: Double(i) * 0.037 - 1.5
    case 1: -Double(i) * 1.3
    case 2: Double(i) * 1.1
    case 3: 1e-40 * Double(i)
    case 4: i % 2 == 0 ? .infinity : -.infinity
    case 5: 0.5625 + Double(i - 40) * 1e-3
    case 6: i % 2 == 0 ? 0 : -0.0
    case 7: Double(i - 40) * 0.25
    default: 1 + Double(i - 40) * 1e-4
    }
  }

  private func check<T: VectorScalar, Bits: Equatable>(
    _ function: ElementwiseFunction, _ values: [T], _ bits: (T) -> Bits
  ) throws {
    let alone = try values.map { try function.applied(to: [$0])[0] }
    let canary: T = 77
    for offset in isOptimized ? Array(0...15) : [0, 3] {
      for length in isOptimized ? Array(0...67) : [0, 1, 15, 16, 17, 33] {
        var output = [T](repeating: canary, count: length + 1)
        var inPlace = Array(values[offset..<offset + length])
        values.withUnsafeBufferPointer { source in
          output.withUnsafeMutableBufferPointer {
            Vector.applyUnchecked(
              function, source.baseAddress.map { $0 + offset }, $0.baseAddress, count: length)
          }
        }
        var span = inPlace.mutableSpan
        Vector.apply(function, inPlace: &span)
        let isSame = (0..<length).allSatisfy {
          let expected = alone[offset + $0]
          return (expected.isNaN && output[$0].isNaN && inPlace[$0].isNaN)
            || (bits(output[$0]) == bits(expected) && bits(inPlace[$0]) == bits(expected))
        }
        #expect(isSame && output[length] == canary, "offset \(offset), length \(length)")
      }
    }
  }

  @Test("Any number of threads gives the same bits", arguments: [1, 2, 3])
  func ignoresThreads(threads: Int) throws {
    let pool = Pool(threads: threads)
    let values = (0..<40_001).map { Float($0 % 4001) * 0.01 - 20 }
    let alone = try ElementwiseFunction.gelu.applied(to: values)
    var shared = values
    var span = shared.mutableSpan
    try Vector.apply(.gelu, values.span, into: &span, on: pool)
    #expect(shared == alone)
  }

  @Test("Debug and release give the same bits", arguments: Self.checksums)
  func hasKnownBits(function: ElementwiseFunction, single: UInt64, double: UInt64) throws {
    let singles = (0..<4096).map { Float(bitPattern: UInt32($0) &* 1_048_573) }
    let doubles = (0..<4096).map { Double(bitPattern: UInt64($0) &* 4_503_599_627_370_449) }
    let found = (
      checksum(try function.applied(to: singles).map { UInt64($0.isNaN ? 1 : $0.bitPattern) }),
      checksum(try function.applied(to: doubles).map { $0.isNaN ? 1 : $0.bitPattern })
    )
    #expect(found == (single, double), "\(function) \(found)")
  }

  /// FNV-1a over the words.
  private func checksum(_ words: [UInt64]) -> UInt64 {
    words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
  }

  static let checksums: [(ElementwiseFunction, UInt64, UInt64)] = [
    (.exp, 0xbeb3_0033_8106_72a1, 0x5334_abd1_eef0_d093),
    (.expm1, 0xda3c_da79_da28_cedf, 0x4092_c4de_97fd_129d),
    (.log, 0x96c5_2b0c_1b6c_a049, 0x46c5_d6b7_e783_23bb),
    (.log1p, 0x3081_60ce_71e9_2c6f, 0x595d_033c_62a0_de46),
    (.tanh, 0xe0f3_9d0e_84ed_b1a4, 0x1ab2_0268_fed7_fca9),
    (.sigmoid, 0x1e29_53f3_b252_d0ef, 0x9d98_75ff_b0d1_fcd3),
    (.erf, 0x8d11_7e4d_39b0_32d6, 0xa3ef_fc04_7e96_6986),
    (.gelu, 0x6313_1125_54f6_758c, 0x5583_2248_b101_1416),
    (.geluDerivative, 0xb564_d70b_0f05_eb38, 0x6a92_f66c_6257_50ea),
    (.squareRoot, 0xc221_5e7c_540c_9a06, 0x967e_751a_8295_c027),
    (.reciprocal, 0xa691_3e2f_5093_d146, 0x576c_bedf_b101_9c34),
  ]

  @Test(
    "Kernels allocate nothing, on threads or not",
    .enabled(if: martinet_counts_allocations() == 1, "a sanitizer owns malloc"))
  func allocatesNothing() throws {
    let pool = Pool(threads: 2)
    let doubles = (0..<20_480).map { Double($0) * 1e-3 }
    let floats = doubles.map(Float.init)
    var doubleOutput = doubles
    var floatOutput = floats
    var total = 0.0
    func everything() throws {
      for pool in [nil, pool] {
        total += try Self.everyKernel(doubles, &doubleOutput, on: pool)
        total += Double(try Self.everyKernel(floats, &floatOutput, on: pool))
      }
      var doubleTarget = doubleOutput.mutableSpan
      try Vector.cumulativeSum(doubles.span, into: &doubleTarget)
      var floatTarget = floatOutput.mutableSpan
      try Vector.cumulativeSum(floats.span, into: &floatTarget)
    }
    try everything()
    let before = martinet_thread_allocations()
    for _ in 0..<5 { try everything() }
    let after = martinet_thread_allocations()
    #expect(after == before)
    #expect(total.isFinite)
  }

  /// Something of the results, so that nothing is left out.
  private static func everyKernel<T: VectorScalar>(
    _ values: [T], _ output: inout [T], on pool: Pool?
  ) throws -> T {
    var target = output.mutableSpan
    for function in ElementwiseFunction.allCases {
      try Vector.apply(function, values.span, into: &target, on: pool)
      Vector.apply(function, inPlace: &target, on: pool)
    }
    try Vector.softmaxRows(values.span, rowLength: 512, into: &target, on: pool)
    try Vector.logSoftmaxRows(values.span, rowLength: 512, into: &target, on: pool)
    try Vector.multiplyAdd(values.span, values.span, values.span, into: &target, on: pool)
    try Vector.cumulativeProduct(values.span, into: &target)
    try Vector.cumulativeMinimum(values.span, into: &target)
    try Vector.cumulativeMaximum(values.span, into: &target)
    let places =
      (Vector.indexOfMinimum(values.span) ?? 0) + (Vector.indexOfMaximum(values.span) ?? 0)
    return Vector.sum(values.span, on: pool) + (try Vector.dot(values.span, values.span, on: pool))
      + (Vector.minimum(values.span) ?? 0) + (Vector.maximum(values.span) ?? 0) + T(places)
  }
}
