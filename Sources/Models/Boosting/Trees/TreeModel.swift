import Numerics

/// A saved model of XGBoost or LightGBM, ready to predict without either library.
///
/// Sums are kept as the library keeps them, XGBoost's in single precision from its base score on and in
/// the order of its trees, so that predictions are the same to rounding.
package struct TreeModel: Sendable {
  enum Trees: Sendable {
    case single(Forest<Float>)
    case double(Forest<Double>)
  }

  package let featureNames: [String]
  package let featureCount: Int
  /// Numbers a row: classes, or one.
  package let outputs: Int
  package let link: Link
  let trees: Trees
  /// What sums start from.
  let base: [Float]
  /// What sums are divided by: forests that average their trees.
  let divisor: Double

  /// By how much splits by each feature made the loss smaller, as a share of all; zeros where there
  /// is no split.
  package var importance: [Double] {
    let gains =
      switch trees {
      case .single(let forest): forest.gains
      case .double(let forest): forest.gains
      }
    let sum = gains.reduce(0, +)
    return sum > 0 ? gains.map { $0 / sum } : gains
  }

  /// Predictions of rows that lie one after the other, `outputs` numbers a row.
  ///
  /// - Parameter isRaw: sums of leaves as they are, before the link
  package func predict(
    _ rows: UnsafeBufferPointer<Float>, width: Int, isRaw: Bool = false, pool: Pool = .shared
  ) throws(TreeModelError) -> [Double] {
    guard width == featureCount, rows.count % width == 0 else {
      throw .width(given: width, needed: featureCount)
    }
    let count = rows.count / width
    return [Double](unsafeUninitializedCapacity: count * outputs) { result, initialized in
      result.initialize(repeating: 0)
      initialized = count * outputs
      fill(result, from: rows, count: count, isRaw: isRaw, pool: pool)
    }
  }

  package func predict(
    _ rows: [Float], isRaw: Bool = false, pool: Pool = .shared
  ) throws(TreeModelError) -> [Double] {
    try rows.withUnsafeBufferPointer { (buffer) throws(TreeModelError) in
      try predict(buffer, width: featureCount, isRaw: isRaw, pool: pool)
    }
  }

  /// The prediction of one row into memory that the caller keeps: nothing is allocated.
  package func predict(
    row: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Double>
  ) throws(TreeModelError) {
    guard row.count == featureCount, result.count == outputs else {
      throw .width(given: row.count, needed: featureCount)
    }
    fill(result, from: row, count: 1, isRaw: false, pool: .shared)
  }

  private func fill(
    _ result: UnsafeMutableBufferPointer<Double>, from rows: UnsafeBufferPointer<Float>,
    count: Int, isRaw: Bool, pool: Pool
  ) {
    guard count > 0, let first = rows.baseAddress, let target = result.baseAddress else { return }
    switch trees {
    case .single(let forest):
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count * outputs) { sums in
        for i in sums.indices { sums[i] = base[i % outputs] }
        if let start = sums.baseAddress {
          forest.add(first, count: count, width: featureCount, to: start, pool: pool)
        }
        for i in sums.indices { target[i] = Double(sums[i]) }
      }
    case .double(let forest):
      for i in result.indices { target[i] = Double(base[i % outputs]) }
      forest.add(first, count: count, width: featureCount, to: target, pool: pool)
    }
    if divisor != 1 { for i in result.indices { target[i] /= divisor } }
    guard !isRaw, link != .identity else { return }
    for row in 0..<count {
      link.apply(to: UnsafeMutableBufferPointer(start: target + row * outputs, count: outputs))
    }
  }
}
