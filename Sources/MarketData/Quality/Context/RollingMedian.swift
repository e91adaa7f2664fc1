/// The median of the last values of a stream, and their median distance from it.
///
/// A value costs O(log n) comparisons and one move of at most `window` numbers.
package struct RollingMedian {
  package let window: Int
  private var ring: [Double] = []
  private var sorted: [Double] = []
  private var oldest = 0

  package init(window: Int) {
    precondition(window > 0)
    self.window = window
    ring.reserveCapacity(window)
    sorted.reserveCapacity(window)
  }

  package var count: Int { sorted.count }

  /// Takes a value in and lets the oldest go; values that are no numbers are passed over.
  package mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    if sorted.count < window {
      ring.append(value)
    } else {
      sorted.remove(at: place(of: ring[oldest]))
      ring[oldest] = value
      oldest = oldest + 1 == window ? 0 : oldest + 1
    }
    sorted.insert(value, at: place(of: value))
  }

  /// The number of values below `value`.
  private func place(of value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// NaN before the first value.
  package var median: Double {
    guard !sorted.isEmpty else { return .nan }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }

  /// The median distance from the median, times 1.4826: the standard deviation where values are
  /// normal (Hampel, The influence curve and its role in robust estimation, 1974).
  package var deviation: Double {
    guard !sorted.isEmpty else { return .nan }
    let median = median
    // Distances grow to both sides of the median: the two halves are merged up to the middle.
    var right = place(of: median)
    var left = right - 1
    var (last, beforeLast) = (0.0, 0.0)
    for _ in 0...sorted.count / 2 {
      let toLeft = left >= 0 ? median - sorted[left] : .infinity
      let toRight = right < sorted.count ? sorted[right] - median : .infinity
      beforeLast = last
      if toLeft <= toRight {
        last = toLeft
        left -= 1
      } else {
        last = toRight
        right += 1
      }
    }
    return 1.4826 * (sorted.count.isMultiple(of: 2) ? (last + beforeLast) / 2 : last)
  }
}
