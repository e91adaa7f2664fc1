import Foundation

/// Where a value stands between the foot and the head of a chart, and which round values to mark.
struct ValueScale {
  let low, high: Double
  let isLogarithmic: Bool
  let ticks: [Double]

  /// A scale that holds all of `values`, with at most about `most` ticks at 1, 2 or 5 times a power
  /// of ten.
  init(_ values: some Sequence<Double>, isLogarithmic: Bool, includesZero: Bool, most: Int) {
    var low = Double.infinity
    var high = -Double.infinity
    // Beyond 10³⁰⁰ differences of two values may have no number.
    for value in values where abs(value) < 1e300 {
      low = min(low, value)
      high = max(high, value)
    }
    if includesZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    if !(low < high) {
      let middle = low.isFinite ? low : 0
      (low, high) = (middle - max(1, abs(middle)) * 0.05, middle + max(1, abs(middle)) * 0.05)
    }
    self.isLogarithmic = isLogarithmic && low > 0
    self.low = low
    self.high = high
    ticks =
      self.isLogarithmic
      ? Self.logTicks(low, high, most: most) : Self.linearTicks(low, high, most: most)
  }

  /// Whether a value has a place on the scale.
  func holds(_ value: Double) -> Bool { position(value).isFinite }

  /// 0 at the foot, 1 at the head.
  func position(_ value: Double) -> Double {
    isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
  }

  private static func linearTicks(_ low: Double, _ high: Double, most: Int) -> [Double] {
    let step = roundUp((high - low) / Double(max(1, most)))
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// The next of 1, 2 and 5 times a power of ten.
  static func roundUp(_ value: Double) -> Double {
    let power = pow(10, floor(log10(value)))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= value * (1 - 1e-9) } ?? 10
    return factor * power
  }

  private static func logTicks(_ low: Double, _ high: Double, most: Int) -> [Double] {
    let decades = Int(floor(log10(low)))...Int(floor(log10(high)))
    for factors in [[1.0, 1.5, 2, 3, 4, 5, 6, 8], [1.0, 2, 5], [1.0, 3], [1.0]] {
      let ticks = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        .filter { low <= $0 && $0 <= high }
      if ticks.count <= most, ticks.count > 1 || factors.count >= 3 { return ticks }
    }
    let every = max(1, decades.count / max(1, most) + 1)
    return decades.filter { $0 % every == 0 }.map { pow(10, Double($0)) }
      .filter { low <= $0 && $0 <= high }
  }
}
