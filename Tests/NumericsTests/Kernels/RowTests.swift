import Foundation
import Numerics
import TestKit
import Testing

@Suite("Softmax rows and scans")
struct RowTests {
  private func softmax<T: VectorScalar>(_ values: [T], rowLength: Int) throws -> [T] {
    var output = values
    var target = output.mutableSpan
    try Vector.softmaxRows(values.span, rowLength: rowLength, into: &target)
    return output
  }

  private func logSoftmax<T: VectorScalar>(_ values: [T], rowLength: Int) throws -> [T] {
    var output = values
    var target = output.mutableSpan
    try Vector.logSoftmaxRows(values.span, rowLength: rowLength, into: &target)
    return output
  }

  @Test(
    "Each row agrees with a plain computation in double precision", arguments: [1, 3, 16, 21, 512])
  func agreesWithPlainLoop(rowLength: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rowLength))
    let values = (0..<rowLength * 5).map { _ in Float.random(in: -20...20, using: &generator) }
    let result = try softmax(values, rowLength: rowLength)
    let logarithms = try logSoftmax(values, rowLength: rowLength)
    for start in stride(from: 0, to: values.count, by: rowLength) {
      let row = values[start..<start + rowLength].map(Double.init)
      let greatest = row.max() ?? 0
      let sum = row.reduce(0) { $0 + exp($1 - greatest) }
      for (i, x) in row.enumerated() {
        let exact = exp(x - greatest) / sum
        #expect(abs(Double(result[start + i]) - exact) <= (8 + greatest - x) * 0x1p-24 * exact)
        let logarithm = x - greatest - log(sum)
        #expect(
          abs(Double(logarithms[start + i]) - logarithm) <= 4 * 0x1p-24 * (1 + abs(logarithm)))
      }
    }
  }

  @Test("A row's result depends neither on its neighbours nor on the threads nor on being in place")
  func rowsAreIndependent() throws {
    var generator = SeededGenerator(seed: 3)
    let rowLength = 77
    let values = (0..<rowLength * 300).map { _ in Double.random(in: -5...5, using: &generator) }
    let all = try softmax(values, rowLength: rowLength)
    for row in [0, 1, 150, 299] {
      let range = row * rowLength..<(row + 1) * rowLength
      #expect(try softmax(Array(values[range]), rowLength: rowLength) == Array(all[range]))
    }
    var shared = values
    var target = shared.mutableSpan
    try Vector.softmaxRows(values.span, rowLength: rowLength, into: &target, on: Pool(threads: 3))
    #expect(shared == all)
    var inPlace = values
    inPlace.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      for row in 0..<300 {
        let start = base + row * rowLength
        Vector.softmaxUnchecked(UnsafePointer(start), start, count: rowLength)
      }
    }
    #expect(inPlace == all)
  }

  @Test("Great values do not overflow; a row with NaN becomes NaN and its neighbours do not")
  func survivesExtremes() throws {
    #expect(try softmax([1e30 as Float, 1e30], rowLength: 2) == [0.5, 0.5])
    #expect(try softmax([-1e30 as Float, 1e30], rowLength: 2) == [0, 1])
    let mixed = try softmax([1, .nan, 2, 2, -.infinity, 0] as [Float], rowLength: 2)
    #expect(mixed[0].isNaN && mixed[1].isNaN)
    #expect(Array(mixed[2...]) == [0.5, 0.5, 0, 1])
    #expect(try softmax([-Double.infinity, -.infinity], rowLength: 2).allSatisfy { $0.isNaN })
  }

  @Test("Counts that do not make whole rows are refused")
  func refusesPartsOfRows() {
    #expect(throws: ShapeError.rows(operation: "softmaxRows", count: 5, rowLength: 2)) {
      try softmax([1.0, 2, 3, 4, 5], rowLength: 2)
    }
    #expect(throws: ShapeError.rows(operation: "logSoftmaxRows", count: 0, rowLength: 0)) {
      try logSoftmax([Float](), rowLength: 0)
    }
    #expect(throws: Never.self) { try softmax([Float](), rowLength: 4) }
  }

  private func scanned<T>(
    _ values: [T], _ scan: (Span<T>, inout MutableSpan<T>) throws -> Void
  ) rethrows -> [T] {
    var output = values
    var target = output.mutableSpan
    try scan(values.span, &target)
    return output
  }

  @Test("Running folds are those of a plain loop, and the past does not know the future")
  func scansMatchPlainLoops() throws {
    let values: [Float] = [3, -1, 4, 1, -5, 9, 2, -6]
    let sums = try scanned(values) { try Vector.cumulativeSum($0, into: &$1) }
    let greatest = try scanned(values) { try Vector.cumulativeMaximum($0, into: &$1) }
    let least = try scanned(values) { try Vector.cumulativeMinimum($0, into: &$1) }
    let products = try scanned(values) { try Vector.cumulativeProduct($0, into: &$1) }
    #expect(sums == [3, 2, 6, 7, 2, 11, 13, 7])
    #expect(greatest == [3, 3, 4, 4, 4, 9, 9, 9])
    #expect(least == [3, -1, -1, -1, -5, -5, -5, -6])
    #expect(products == [3, -3, -12, -12, 60, 540, 1080, -6480])

    var changed = values
    changed[5] = .nan
    let changedProducts = try scanned(changed) { try Vector.cumulativeProduct($0, into: &$1) }
    let changedGreatest = try scanned(changed) { try Vector.cumulativeMaximum($0, into: &$1) }
    #expect(Array(changedProducts[..<5]) == Array(products[..<5]))
    #expect(Array(changedGreatest[..<5]) == Array(greatest[..<5]))
    #expect((changedProducts[5...] + changedGreatest[5...]).allSatisfy { $0.isNaN })
  }

  @Test("A long running sum keeps its digits")
  func sumsKeepTheirDigits() throws {
    let count = 100_000
    let tenths = [Double](repeating: 0.1, count: count)
    let sums = try scanned(tenths) { try Vector.cumulativeSum($0, into: &$1) }
    #expect(abs(sums[count - 1] - 10_000) <= 1e-11)
    let infinite = try scanned([1.0, .infinity, 2]) { try Vector.cumulativeSum($0, into: &$1) }
    #expect(infinite == [1, .infinity, .infinity])
  }
}
