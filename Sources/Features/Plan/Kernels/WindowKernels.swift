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

  /// Where the oldest value of the window lies whose newest lies at `newest`; the next is `lanes` on.
  @inline(__always)
  private func oldest(_ newest: Source) -> Source { newest - (width &- 1) &* lanes }

  func meanDistance(_ x: Source, _ mean: Source, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      let centre = V.load(mean + i)
      var sum = V(0)
      var place = oldest(x + i)
      for _ in 0..<width {
        sum = sum + (V.load(place) - centre).size
        place += lanes
      }
      return sum / V(Double(width))
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// Of least values, or of greatest ones by turning the sign; the newest or the oldest of equals.
  func barsSinceLeast(_ x: Source, sign: Double, takesOldest: Bool, _ out: Target, _ count: Int) {
    @inline(__always) func value<V: LaneVector>(_: V.Type, _ i: Int) -> V {
      var best = V(.infinity)
      var age = V(0)
      var bars = V(Double(width - 1))
      var poison = V(0)
      var place = oldest(x + i)
      for _ in 0..<width {
        let value = V.load(place) * V(sign)
        let isBetter = takesOldest ? value.isLess(best) : value.isLessOrEqual(best)
        best = V.choose(isBetter, value, best)
        age = V.choose(isBetter, bars, age)
        bars = bars - V(1)
        poison = poison.addingProduct(value, V(0))
        place += lanes
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
      var place = oldest(x + i)
      for _ in 0..<width {
        let value = V.load(place)
        smaller = smaller + V.choose(value.isLess(newest), V(1), V(0))
        equal = equal + V.choose(value.isSame(newest), V(1), V(0))
        poison = poison.addingProduct(value, V(0))
        place += lanes
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
      var place = oldest(x + i)
      for _ in 0..<width {
        let d = V.load(place) - centre
        squares = squares + d * d
        cubes = cubes + d * d * d
        place += lanes
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
      var place = oldest(x + i)
      for _ in 0..<width {
        let d = V.load(place) - centre
        squares = squares + d * d
        fourths = fourths + (d * d) * (d * d)
        place += lanes
      }
      let ratio = V(n * (n + 1)) * fourths / (squares * squares)
      return (ratio - V(3 * (n - 1))) * V((n - 1) / ((n - 2) * (n - 3)))
    }
    each(count, { value(SIMD8<Double>.self, $0) }, { value(Double.self, $0) }, out)
  }

  /// Interpolated linearly between the sorted values.
  func quantile(_ x: Source, _ share: Double, _ out: Target, _ count: Int) {
    let whole = count / 8 * 8
    quantile(SIMD8<Double>.self, x, share, out, 0..<whole, step: 8)
    quantile(Double.self, x, share, out, whole..<count, step: 1)
  }

  private func quantile<V: LaneVector>(
    _: V.Type, _ x: Source, _ share: Double, _ out: Target, _ range: Range<Int>, step: Int
  ) {
    if range.isEmpty { return }
    let place = share * Double(width - 1)
    let lower = min(Int(place), width - 1)
    let upper = min(lower + 1, width - 1)
    // Counted from the nearer end, which for the upper one is that of the values times −1.
    let isUpper = lower >= width / 2
    let ranks = isUpper ? (width - 1 - lower, width - 1 - upper) : (lower, upper)
    let (sign, part) = (V(isUpper ? -1 : 1), V(place - Double(lower)))
    withUnsafeTemporaryAllocation(of: V.self, capacity: width) { values in
      guard let values = values.baseAddress else { return }
      for i in stride(from: range.lowerBound, to: range.upperBound, by: step) {
        var poison = V(0)
        var next = values
        var place = oldest(x + i)
        for _ in 0..<width {
          let value = V.load(place)
          next.pointee = value * sign
          poison = poison.addingProduct(value, V(0))
          next += 1
          place += lanes
        }
        let (a, b) = least(values, ranks)
        ((a + (b - a) * part) * sign + poison).store(out + i)
      }
    }
  }

  /// The values of those two neighbouring ranks among the window's, which are moved about: two of the
  /// least that are left are taken out at a time.
  @inline(__always)
  private func least<V: LaneVector>(
    _ values: UnsafeMutablePointer<V>, _ ranks: (Int, Int)
  ) -> (V, V) {
    let last = max(ranks.0, ranks.1)
    var rank = 0
    while rank <= last {
      var first = values[rank]
      var second = V(.infinity)
      var place = rank + 1
      while place < width {
        let value = values[place]
        let rest = greater(first, value)
        first = lesser(first, value)
        values[place] = greater(second, rest)
        second = lesser(second, rest)
        place &+= 1
      }
      values[rank] = first
      if rank + 1 < width { values[rank + 1] = second }
      rank += 2
    }
    return (values[ranks.0], values[ranks.1])
  }

  @inline(__always)
  private func lesser<V: LaneVector>(_ a: V, _ b: V) -> V { V.choose(b.isLess(a), b, a) }

  @inline(__always)
  private func greater<V: LaneVector>(_ a: V, _ b: V) -> V { V.choose(a.isLess(b), b, a) }
}
