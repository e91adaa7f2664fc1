import Market

/// A feature whose value follows from its previous state and the new bar; the batch form is the
/// stream in a loop.
public protocol RecursiveFeature: Feature {}

extension RecursiveFeature {
  public func column(over bars: BarColumns) -> Column<Double> {
    var stream = stream()
    return Column(count: bars.count) { output in
      for row in 0..<bars.count { output.initializeElement(at: row, to: stream.update(bars[row])) }
    }
  }
}

/// A running mean that starts as the plain mean of its first `period` values.
///
/// A missing value begins it anew, so that a hole never poisons what comes after it.
struct RunningMean: Sendable {
  let period: Int
  /// The weight of a new value: 2 / (period + 1) for an exponential mean, 1 / period for Wilder's.
  let weight: Double
  private var mean = 0.0
  private var seen = 0

  init(exponential period: Int) { self.init(period: period, weight: 2 / Double(period + 1)) }
  init(wilder period: Int) { self.init(period: period, weight: 1 / Double(period)) }

  private init(period: Int, weight: Double) {
    precondition(period > 0, "a mean has a period")
    self.period = period
    self.weight = weight
  }

  mutating func update(_ value: Double) -> Double {
    guard value.isFinite else {
      self = Self(period: period, weight: weight)
      return .nan
    }
    seen = min(seen + 1, period + 1)
    if seen <= period {
      mean += value
      if seen == period { mean /= Double(period) }
      return seen == period ? mean : .nan
    }
    mean += weight * (value - mean)
    return mean
  }
}
