/// Moments of a moving window. Sums are added to and taken from as it moves, and made afresh once a window, so that
/// nothing drifts; they are of deviations from the mean of all values, so that little cancels.
struct Rolling {
  private let deviations: [Double]
  private let mean: Double
  private let window: Int

  init(_ values: [Double], window: Int) {
    precondition(window > 1, "one value has no deviation")
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviations = values.map { $0 - mean }
    self.window = window
  }

  /// The sum over the window that ends at each row, from the first that is full on.
  private func sums(_ term: (Int) -> Double) -> [Double] {
    guard deviations.count >= window else { return [] }
    var sum = 0.0
    return ((window - 1)..<deviations.count).map { row in
      if (row + 1).isMultiple(of: window) {
        sum = ((row + 1 - window)...row).reduce(0) { $0 + term($1) }
      } else {
        sum += term(row) - term(row - window)
      }
      return sum
    }
  }

  /// A number for each row; missing before the window is full.
  private func rows(_ figures: [Double]) -> [Double] {
    Array(repeating: .nan, count: deviations.count - figures.count) + figures
  }

  /// Of the window, from its sum and its sum of squares.
  private func deviation(_ sum: Double, _ squares: Double) -> Double {
    let count = Double(window)
    return (max(0, squares - sum * sum / count) / (count - 1)).squareRoot()
  }

  private var moments: (sums: [Double], squares: [Double]) {
    (sums { deviations[$0] }, sums { deviations[$0] * deviations[$0] })
  }

  func deviation(times factor: Double) -> [Double] {
    let (sums, squares) = moments
    return rows(zip(sums, squares).map { deviation($0, $1) * factor })
  }

  /// Mean over deviation; missing where nothing moved.
  func ratio(times factor: Double) -> [Double] {
    let (sums, squares) = moments
    return rows(
      zip(sums, squares).map { sum, squares in
        let deviation = deviation(sum, squares)
        return deviation > 1e-12 ? (mean + sum / Double(window)) / deviation * factor : .nan
      })
  }

  /// The slope of these values on `other`'s, which has as many.
  func beta(to other: Rolling) -> [Double] {
    let (own, held) = (sums { deviations[$0] }, other.moments)
    let both = sums { deviations[$0] * other.deviations[$0] }
    return rows(
      both.indices.map { row in
        let count = Double(window)
        let spread = held.squares[row] - held.sums[row] * held.sums[row] / count
        return spread > 1e-18 ? (both[row] - own[row] * held.sums[row] / count) / spread : .nan
      })
  }
}
