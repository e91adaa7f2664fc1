/// Moments of a moving window, each window summed afresh so that nothing drifts.
struct Rolling {
  private let values: [Double]
  private let window: Int

  init(_ values: [Double], window: Int) {
    precondition(window > 1, "one value has no deviation")
    self.values = values
    self.window = window
  }

  /// A number for each row; missing before the window is full.
  private func each(_ figure: (ArraySlice<Double>, Int) -> Double) -> [Double] {
    values.indices.map { row in
      row + 1 < window ? .nan : figure(values[(row + 1 - window)...row], row)
    }
  }

  private static func moments(_ values: ArraySlice<Double>) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  func deviation(times factor: Double) -> [Double] {
    each { values, _ in Self.moments(values).deviation * factor }
  }

  /// Mean over deviation; missing where nothing moved.
  func ratio(times factor: Double) -> [Double] {
    each { values, _ in
      let (mean, deviation) = Self.moments(values)
      return deviation > 1e-12 ? mean / deviation * factor : .nan
    }
  }

  /// The slope of these values on `other`'s, which has as many.
  func beta(to other: Rolling) -> [Double] {
    each { values, row in
      let others = other.values[(row + 1 - window)...row]
      let mean = values.reduce(0, +) / Double(window)
      let otherMean = others.reduce(0, +) / Double(window)
      var (both, squares) = (0.0, 0.0)
      for (a, b) in zip(values, others) {
        both += (a - mean) * (b - otherMean)
        squares += (b - otherMean) * (b - otherMean)
      }
      return squares > 1e-18 ? both / squares : .nan
    }
  }
}
