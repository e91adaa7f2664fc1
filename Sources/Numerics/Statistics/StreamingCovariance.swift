/// Covariance and correlation of two numbers that come together, one pair after the other, or of
/// parts that are merged; as exact as `StreamingMoments`. Adding allocates nothing.
public struct StreamingCovariance: Sendable {
  public private(set) var count = 0
  private var origins: (a: ScaledOrigin, b: ScaledOrigin)?
  private var n = DoubleDouble.zero
  private var a = DoubleDouble.zero
  private var b = DoubleDouble.zero
  private var aa = DoubleDouble.zero
  private var bb = DoubleDouble.zero
  private var ab = DoubleDouble.zero
  private var hasNonFinite = false

  public init() {}

  /// All pairs of two samples.
  public init(_ first: Span<Double>, _ second: Span<Double>) throws(StatisticsError) {
    guard first.count == second.count else {
      throw .shapes(
        operation: "covariance", first: Shape(rows: first.count, columns: 1),
        second: Shape(rows: second.count, columns: 1))
    }
    for index in first.indices { add(first[index], second[index]) }
  }

  public mutating func add(_ first: Double, _ second: Double) {
    count += 1
    guard first.isFinite, second.isFinite else {
      hasNonFinite = true
      return
    }
    var axes = origins ?? (ScaledOrigin(first), ScaledOrigin(second))
    if axes.a.isOutgrown(by: first) { scale(axes.a.grow(to: first), 1) }
    if axes.b.isOutgrown(by: second) { scale(1, axes.b.grow(to: second)) }
    origins = axes
    let x = axes.a.distance(to: first)
    let y = axes.b.distance(to: second)
    n.high += 1
    a += x
    b += y
    aa += x * x
    bb += y * y
    ab += x * y
  }

  /// Adds all pairs that the other has seen.
  public mutating func merge(_ other: StreamingCovariance) {
    guard var theirs = other.origins, var mine = origins else {
      let total = count + other.count
      let isPoisoned = hasNonFinite || other.hasNonFinite
      if origins == nil { self = other }
      count = total
      hasNonFinite = isPoisoned
      return
    }
    var moved = other
    let first = ScaledOrigin.align(&mine.a, &theirs.a)
    let second = ScaledOrigin.align(&mine.b, &theirs.b)
    scale(first.a, second.a)
    moved.scale(first.b, second.b)
    moved.shift(first.shift, second.shift)
    origins = mine
    count += moved.count
    hasNonFinite = hasNonFinite || moved.hasNonFinite
    n += moved.n
    a += moved.a
    b += moved.b
    aa += moved.aa
    bb += moved.bb
    ab += moved.ab
  }

  /// With n − 1, as is usual for a sample, by default; NaN where that is not positive.
  public func covariance(degreesTaken: Int = 1) -> Double {
    guard !hasNonFinite, count > degreesTaken, let origins else { return .nan }
    let value = (central.ab / DoubleDouble(Double(count - degreesTaken))).value
    return origins.b.unscaled(origins.a.unscaled(value))
  }

  /// Pearson's. NaN where one of the two does not vary.
  public var correlation: Double {
    guard !hasNonFinite, count > 1 else { return .nan }
    let central = central
    let value =
      central.ab.value / central.aa.value.squareRoot() / central.bb.value.squareRoot()
    return value.isNaN ? value : min(max(value, -1), 1)
  }

  private var central: StreamingCovariance {
    var moved = self
    moved.shift(-(a / n), -(b / n))
    return moved
  }

  private mutating func scale(_ first: Double, _ second: Double) {
    a = a * first
    b = b * second
    aa = aa * first * first
    bb = bb * second * second
    ab = ab * first * second
  }

  /// Moves the origins, so that distances grow by the shifts.
  private mutating func shift(_ first: DoubleDouble, _ second: DoubleDouble) {
    aa += (a * 2 + n * first) * first
    bb += (b * 2 + n * second) * second
    ab += a * second + (b + n * second) * first
    a += n * first
    b += n * second
  }
}
