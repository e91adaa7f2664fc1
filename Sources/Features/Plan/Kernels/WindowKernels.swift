/// Kernels that look at every value of a window, for what cannot be joined from smaller windows.
///
/// A window's values lie `lanes` apart, the newest at the element itself.
struct WindowKernels {
  typealias Source = UnsafePointer<Double>
  typealias Target = UnsafeMutablePointer<Double>

  let width: Int
  let lanes: Int

  @inline(__always)
  private func each(
    _ count: Int, _ wide: (Int) -> SIMD8<Double>, _ narrow: (Int) -> Double, _ out: Target
  ) {
    var i = 0
    while i &+ 8 <= count {
      wide(i).store(out + i)
      i &+= 8
    }
    while i < count {
      out[i] = narrow(i)
      i &+= 1
    }
  }

  func meanDistance(_ x: Source, _ mean: Source, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      let centre = V.load(mean + i)
      var sum = V(0)
      for age in (0..<width).reversed() {
        sum = sum + (V.load(x + (i - age * lanes)) - centre).size
      }
      return sum / V(Double(width))
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// Of least values, or of greatest ones by turning the sign; the newest or the oldest of equals.
  func barsSinceLeast(_ x: Source, sign: Double, oldest: Bool, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      var best = V.load(x + (i - (width - 1) * lanes)) * V(sign)
      var age = V(Double(width - 1))
      var poison = best - best
      for bars in (0..<width - 1).reversed() {
        let value = V.load(x + (i - bars * lanes)) * V(sign)
        let isBetter = oldest ? value.isLess(best) : value.isLessOrEqual(best)
        best = V.choose(isBetter, value, best)
        age = V.choose(isBetter, V(Double(bars)), age)
        poison = poison + (value - value)
      }
      return age + poison
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  func rank(_ x: Source, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      let newest = V.load(x + i)
      var smaller = V(0)
      var equal = V(0)
      var poison = V(0)
      for age in 0..<width {
        let value = V.load(x + (i - age * lanes))
        smaller = smaller + V.choose(value.isLess(newest), V(1), V(0))
        equal = equal + V.choose(value.isSame(newest), V(1), V(0))
        poison = poison + (value - value)
      }
      return (smaller + (equal + V(1)) / V(2) + poison) / V(Double(width))
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// The sample's skewness, corrected for its size (G1).
  func skewness(_ x: Source, _ mean: Source, _ out: Target, _ count: Int) {
    let n = Double(width)
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      let centre = V.load(mean + i)
      var squares = V(0)
      var cubes = V(0)
      for age in (0..<width).reversed() {
        let d = V.load(x + (i - age * lanes)) - centre
        squares = squares + d * d
        cubes = cubes + d * d * d
      }
      let variance = squares / V(n)
      return V((n * (n - 1)).squareRoot() / (n - 2)) * (cubes / V(n))
        / (variance * variance.squareRoot())
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// The sample's excess kurtosis, corrected for its size (G2).
  func kurtosis(_ x: Source, _ mean: Source, _ out: Target, _ count: Int) {
    let n = Double(width)
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      let centre = V.load(mean + i)
      var squares = V(0)
      var fourths = V(0)
      for age in (0..<width).reversed() {
        let d = V.load(x + (i - age * lanes)) - centre
        squares = squares + d * d
        fourths = fourths + (d * d) * (d * d)
      }
      let ratio = V(n * (n + 1)) * fourths / (squares * squares)
      return (ratio - V(3 * (n - 1))) * V((n - 1) / ((n - 2) * (n - 3)))
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// Interpolated linearly between the sorted values.
  func quantile(_ x: Source, _ share: Double, _ out: Target, _ count: Int) {
    let place = share * Double(width - 1)
    let lower = min(Int(place), width - 1)
    let upper = min(lower + 1, width - 1)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { sorted in
      for i in 0..<count {
        var poison = 0.0
        for age in 0..<width {
          let value = x[i - age * lanes]
          poison += value - value
          var hole = age
          while hole > 0, sorted[hole - 1] > value {
            sorted[hole] = sorted[hole - 1]
            hole -= 1
          }
          sorted[hole] = value
        }
        let step = (sorted[upper] - sorted[lower]) * (place - Double(lower))
        out[i] = sorted[lower] + step + poison
      }
    }
  }
}
