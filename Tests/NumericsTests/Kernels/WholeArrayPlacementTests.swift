import Numerics
import TestKit
import Testing

/// What `PlacementTests` asks of element-wise functions, of the kernels that look at more than one
/// element or array: values depend on the elements and their number, never on where these lie.
@Suite("Kernels over whole arrays depend on their elements alone")
struct WholeArrayPlacementTests {
  private static let lengths =
    isOptimized ? Array(0...67) + [1023, 1024, 1025, 2050] : [0, 1, 15, 16, 17, 33, 1025]
  private static let offsets = isOptimized ? Array(0...15) : [0, 3]

  @Test("The same bits at every length and offset, and nothing written beyond the end")
  func ignoresPlace() throws {
    try check(Float.self) { UInt64($0.bitPattern) }
    try check(Double.self) { $0.bitPattern }
  }

  private func check<T: VectorScalar>(_: T.Type, _ bits: (T) -> UInt64) throws {
    var generator = SeededGenerator(seed: 21)
    let longest = (Self.lengths.max() ?? 0) + 16
    let values = (0..<longest).map { _ in T(Double.random(in: -3...3, using: &generator)) }
    for length in Self.lengths {
      let expected = try Self.everything(Array(values[..<length])).map(bits)
      for offset in Self.offsets {
        // The same elements elsewhere in memory, among others.
        var moved = [T](repeating: .nan, count: offset) + values[..<length]
        moved += [T](repeating: .nan, count: 16)
        let found = try Self.everything(moved, offset..<offset + length).map(bits)
        #expect(found == expected, "length \(length), offset \(offset)")
      }
    }
  }

  private static func everything<T: VectorScalar>(_ values: [T]) throws -> [T] {
    try everything(values, 0..<values.count)
  }

  /// The results of all kernels over a part of an array, which are written into a part as well.
  private static func everything<T: VectorScalar>(
    _ values: [T], _ range: Range<Int>
  ) throws -> [T] {
    let part = values.span.extracting(range)
    let canary: T = 77
    var results: [T] = []
    func written(_ kernel: (inout MutableSpan<T>) throws -> Void) throws {
      var whole = [T](repeating: canary, count: values.count)
      try whole.withUnsafeMutableBufferPointer {
        var target = UnsafeMutableBufferPointer(rebasing: $0[range]).mutableSpan
        try kernel(&target)
      }
      results += whole[range]
      let isUntouched = whole.indices.allSatisfy { range.contains($0) || whole[$0] == canary }
      #expect(isUntouched)
    }
    try written { try Vector.multiplyAdd(part, part, part, into: &$0) }
    try written { try Vector.cumulativeProduct(part, into: &$0) }
    try written { try Vector.cumulativeMaximum(part, into: &$0) }
    try written { try Vector.cumulativeMinimum(part, into: &$0) }
    if part.count > 0 {
      try written { try Vector.softmaxRows(part, rowLength: part.count, into: &$0) }
      try written { try Vector.logSoftmaxRows(part, rowLength: part.count, into: &$0) }
    }
    results.append(Vector.sum(part))
    results.append(try Vector.dot(part, part))
    results += [Vector.minimum(part) ?? 0, Vector.maximum(part) ?? 0]
    results += [Vector.indexOfMinimum(part), Vector.indexOfMaximum(part)].map { T($0 ?? -1) }
    return results
  }
}
