/// Mean, variance, skewness and kurtosis of numbers that come one by one, or of parts that are
/// merged.
///
/// Sums of powers of the distance from the first number are kept in double-double. That number is
/// in the sample, so it is at most √n deviations from the mean, and what cancels when the sums are
/// moved to the mean is at most n² of the 2¹⁰⁴ that are kept: the results hold 1e-12 relative for
/// finite input of any mean and scale, up to a billion numbers. NaN and infinities go through to
/// the results. Adding allocates nothing.
public struct StreamingMoments: Sendable {
  public private(set) var count = 0
  private var origin: ScaledOrigin?
  private var sums = PowerSums()
  /// The sum of what is not finite.
  private var nonFinite = 0.0

  public init() {}

  /// All of a sample.
  public init(_ values: Span<Double>) {
    for index in values.indices { add(values[index]) }
  }

  /// All of a sample, its parts taken by the threads of the pool.
  public init(_ values: Span<Double>, on pool: Pool) {
    let partition = pool.partition(of: values.count, minimumChunk: 4096)
    self = values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: StreamingMoments.self, capacity: partition.parts) { parts in
        parts.initialize(repeating: StreamingMoments())
        pool.forEachPart(of: partition) { part, range in
          var moments = StreamingMoments()
          for index in range { moments.add(values[index]) }
          parts[part] = moments
        }
        return parts.reduce(into: StreamingMoments()) { $0.merge($1) }
      }
    }
  }

  public mutating func add(_ value: Double) {
    count += 1
    guard value.isFinite else {
      nonFinite += value
      return
    }
    if origin == nil { origin = ScaledOrigin(value) }
    if origin?.isOutgrown(by: value) == true, let factor = origin?.grow(to: value) {
      sums.scale(by: factor)
    }
    if let distance = origin?.distance(to: value) { sums.add(distance) }
  }

  /// Adds all that the other has seen.
  public mutating func merge(_ other: StreamingMoments) {
    count += other.count
    nonFinite += other.nonFinite
    guard var theirs = other.origin else { return }
    guard var mine = origin else {
      origin = theirs
      sums = other.sums
      return
    }
    let change = ScaledOrigin.align(&mine, &theirs)
    origin = mine
    sums.scale(by: change.a)
    var moved = other.sums
    moved.scale(by: change.b)
    moved.shift(by: change.shift)
    sums.add(moved)
  }

  /// NaN of no numbers.
  public var mean: Double {
    guard nonFinite == 0, let origin else { return count == 0 ? .nan : nonFinite }
    return origin.number(at: sums.first / sums.count)
  }

  /// The mean square of the distance from the mean. With `n − 1` in place of n, as is usual for a
  /// sample, by default; NaN where that is not positive.
  public func variance(degreesTaken: Int = 1) -> Double {
    guard nonFinite == 0, count > degreesTaken, let origin else { return .nan }
    let value = (sums.central.second / DoubleDouble(Double(count - degreesTaken))).value
    return origin.unscaled(origin.unscaled(max(0, value)))
  }

  /// The root of the variance.
  public func deviation(degreesTaken: Int = 1) -> Double {
    guard nonFinite == 0, count > degreesTaken, let origin else { return .nan }
    let value = (sums.central.second / DoubleDouble(Double(count - degreesTaken))).value
    return origin.unscaled(max(0, value).squareRoot())
  }

  /// The third central moment over the deviation's cube (g₁). NaN where nothing varies.
  public var skewness: Double {
    guard nonFinite == 0, count > 0 else { return .nan }
    let central = sums.central
    let variance = central.second / sums.count
    let cube = variance.value * variance.value.squareRoot()
    return (central.third / sums.count).value / cube
  }

  /// The fourth central moment over the variance's square, less the 3 of a normal distribution (g₂).
  /// NaN where nothing varies.
  public var excessKurtosis: Double {
    guard nonFinite == 0, count > 0 else { return .nan }
    let central = sums.central
    let ratio = central.fourth * sums.count / (central.second * central.second)
    return (ratio - DoubleDouble(3)).value
  }

  /// The skewness that is right on average for a sample of a normal distribution (G₁).
  public var sampleSkewness: Double {
    let n = Double(count)
    return count > 2 ? skewness * (n * (n - 1)).squareRoot() / (n - 2) : .nan
  }

  /// The same of the excess kurtosis (G₂).
  public var sampleExcessKurtosis: Double {
    let n = Double(count)
    guard count > 3 else { return .nan }
    return ((n + 1) * excessKurtosis + 6) * (n - 1) / ((n - 2) * (n - 3))
  }
}

/// Sums of the powers of distances.
private struct PowerSums: Sendable {
  var count = DoubleDouble.zero
  var first = DoubleDouble.zero
  private var second = DoubleDouble.zero
  private var third = DoubleDouble.zero
  private var fourth = DoubleDouble.zero

  @inline(__always)
  mutating func add(_ distance: DoubleDouble) {
    let square = distance * distance
    count.high += 1
    first += distance
    second += square
    third += square * distance
    fourth += square * square
  }

  mutating func add(_ other: PowerSums) {
    count += other.count
    first += other.first
    second += other.second
    third += other.third
    fourth += other.fourth
  }

  mutating func scale(by factor: Double) {
    if factor == 1 { return }
    first = first * factor
    second = second * factor * factor
    third = third * factor * factor * factor
    fourth = fourth * factor * factor * factor * factor
  }

  /// The sums of (distance + shift)ᵏ.
  mutating func shift(by shift: DoubleDouble) {
    fourth += (third * 4 + (second * 6 + (first * 4 + count * shift) * shift) * shift) * shift
    third += (second * 3 + (first * 3 + count * shift) * shift) * shift
    second += (first * 2 + count * shift) * shift
    first += count * shift
  }

  /// Sums of powers of the distance from the mean.
  var central: (second: DoubleDouble, third: DoubleDouble, fourth: DoubleDouble) {
    var moved = self
    moved.shift(by: -(first / count))
    return (moved.second, moved.third, moved.fourth)
  }
}
