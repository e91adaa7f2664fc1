import Market
import Runtime

/// Samples to learn from: of each the last rows of one symbol, and what came of it.
///
/// ```swift
/// let windows = try Windows(table, features: names, label: "label_h5", horizon: 5, steps: 60)
/// let shuffled = windows.subset(permutation)   // places only: not a number is copied
/// ```
///
/// All samples share one block of `Float`, the rows of a symbol one after the other, so that a sample is
/// a stretch of it: nothing is cut out before it is used.
package struct Windows: Sendable {
  package let matrix: FeatureMatrix
  package let steps: Int
  /// How many bars ahead labels look.
  package let horizon: Int
  package let target: Target
  package let symbols: [Symbol]
  /// The last row of each sample.
  package let ends: [Int32]
  /// Of every row of the matrix, its symbol, its time and its label; NaN where it has none.
  private let rows: Rows

  /// Shared by all subsets.
  private final class Rows: Sendable {
    let codes: [Int32]
    let datetimes: [Int64]
    let labels: [Double]

    init(codes: [Int32], datetimes: [Int64], labels: [Double]) {
      self.codes = codes
      self.datetimes = datetimes
      self.labels = labels
    }
  }

  /// - Parameters:
  ///   - codes, datetimes, labels: of every row of the matrix
  ///   - ends: the last row of each sample, in the order in which samples are to stand
  package init(
    matrix: FeatureMatrix, steps: Int, horizon: Int, target: Target, symbols: [Symbol],
    codes: [Int32], datetimes: [Int64], labels: [Double], ends: [Int32]
  ) {
    precondition(
      codes.count == matrix.rows && datetimes.count == matrix.rows && labels.count == matrix.rows,
      "one a row")
    precondition(
      steps > 0 && ends.allSatisfy { Int($0) >= steps - 1 && Int($0) < matrix.rows },
      "samples lie within the rows")
    self.matrix = matrix
    self.steps = steps
    self.horizon = horizon
    self.target = target
    self.symbols = symbols
    self.ends = ends
    rows = Rows(codes: codes, datetimes: datetimes, labels: labels)
  }

  private init(_ other: Windows, matrix: FeatureMatrix, ends: [Int32], rows: Rows) {
    self.matrix = matrix
    steps = other.steps
    horizon = other.horizon
    target = other.target
    symbols = other.symbols
    self.ends = ends
    self.rows = rows
  }

  package var count: Int { ends.count }
  package var isEmpty: Bool { ends.isEmpty }
  package var featureNames: [String] { matrix.names }
  package var featureCount: Int { matrix.columns }
  /// Numbers of a sample: rows × features.
  package var width: Int { steps * matrix.columns }

  package var codes: [Int32] { ends.map { rows.codes[Int($0)] } }
  package var datetimes: [Int64] { ends.map { rows.datetimes[Int($0)] } }
  package var labels: [Double] { ends.map { rows.labels[Int($0)] } }
  package func label(_ sample: Int) -> Double { rows.labels[Int(ends[sample])] }

  /// Of classes, 0, 1 and 2 for −1, 0 and 1.
  package var classes: [Int] { labels.map { Int($0) + 1 } }

  /// The samples at some places, in that order.
  package func subset(_ places: some Sequence<Int>) -> Windows {
    Windows(self, matrix: matrix, ends: places.map { ends[$0] }, rows: rows)
  }

  package func prefix(_ count: Int) -> Windows { subset(0..<min(count, self.count)) }

  /// The same samples with other labels, one a sample.
  package func relabelled(_ labels: [Double]) -> Windows {
    precondition(labels.count == count, "a label a sample")
    var all = rows.labels
    for (end, label) in zip(ends, labels) { all[Int(end)] = label }
    return Windows(
      self, matrix: matrix, ends: ends,
      rows: Rows(codes: rows.codes, datetimes: rows.datetimes, labels: all))
  }

  /// The same samples with other features of the same rows.
  package func showing(_ matrix: FeatureMatrix) -> Windows {
    precondition(matrix.rows == self.matrix.rows, "the same rows")
    return Windows(self, matrix: matrix, ends: ends, rows: rows)
  }

  /// The label of every row of the matrix.
  package var labelOfRow: [Double] { rows.labels }

  /// Lends the numbers of a sample: rows from the oldest to the last, features side by side.
  @inline(__always)
  package func withSample<R>(_ sample: Int, _ body: (UnsafeBufferPointer<Float>) -> R) -> R {
    let first = (Int(ends[sample]) + 1 - steps) * matrix.columns
    return body(UnsafeBufferPointer(start: matrix.start + first, count: width))
  }

  /// Numbers that are copied at once. What is much longer the C library leaves to an instruction that
  /// takes more than twice as long here, where samples begin anywhere in a mapped file.
  private static let run = 1024

  /// Copies samples one after the other: rows × features of each.
  package func copy(_ samples: Range<Int>, to target: UnsafeMutablePointer<Float>) {
    var target = target
    for sample in samples {
      withSample(sample) { source in
        guard let start = source.baseAddress else { return }
        for first in stride(from: 0, to: width, by: Self.run) {
          (target + first).update(from: start + first, count: min(Self.run, width - first))
        }
      }
      target += width
    }
  }

  /// The samples as one block, for libraries that want one.
  package func block() -> [Float] {
    [Float](unsafeUninitializedCapacity: count * width) { buffer, filled in
      if let start = buffer.baseAddress { copy(0..<count, to: start) }
      filled = count * width
    }
  }
}
