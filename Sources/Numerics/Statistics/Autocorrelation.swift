/// How much a series is like itself some steps before: the estimate that divides by n at all lags,
/// as `statsmodels.tsa.acf` does.
public enum Autocorrelation {
  /// The coefficients at lags 0 to the greatest. NaN of a series that does not vary or holds NaN.
  public static func coefficients(
    _ values: [Double], greatestLag: Int
  ) throws(StatisticsError) -> [Double] {
    guard greatestLag >= 0 else {
      throw .parameter(
        operation: "autocorrelation", name: "greatest_lag", value: Double(greatestLag),
        allowed: "a number from 0 up")
    }
    guard values.count > max(1, greatestLag) else {
      throw .tooFew(
        operation: "autocorrelation", count: values.count, needed: max(1, greatestLag) + 1)
    }
    let moments = StreamingMoments(values.span)
    let mean = moments.mean
    let centred = values.map { $0 - mean }
    // What rounding the mean left.
    let rest = Vector.sum(centred.span) / Double(values.count)
    let greatest = centred.reduce(0) { max($0, $1.magnitude) }
    // Near 1, so that products neither overflow nor vanish.
    let factor = greatest.factorNearOne
    let distances = centred.map { ($0 - rest) * factor }
    return try distances.withUnsafeBufferPointer { (all) throws(StatisticsError) in
      func product(_ lag: Int) -> Double {
        var sum = DoubleDouble.zero
        for index in lag..<all.count { sum += DoubleDouble.product(all[index - lag], all[index]) }
        return sum.value
      }
      let square = product(0)
      return (0...greatestLag).map { product($0) / square }
    }
  }
}

/// The same of a series that comes number by number. Adding allocates nothing.
public struct StreamingAutocorrelation: Sendable {
  public let greatestLag: Int
  public private(set) var count = 0
  private var origin: ScaledOrigin?
  /// The sum of distances from the origin, and at every lag those of products and the two ends.
  private var sum = DoubleDouble.zero
  private var products: [DoubleDouble]
  /// The last distances, in a ring, and the first ones.
  private var last: [DoubleDouble]
  private var first: [DoubleDouble]
  private var hasNonFinite = false

  private static let mostLags = 1 << 20

  public init(greatestLag: Int) throws(StatisticsError) {
    guard (0...Self.mostLags).contains(greatestLag) else {
      throw .parameter(
        operation: "autocorrelation", name: "greatest_lag", value: Double(greatestLag),
        allowed: "a number from 0 to \(Self.mostLags)")
    }
    self.greatestLag = greatestLag
    products = Array(repeating: .zero, count: greatestLag + 1)
    last = products
    first = products
  }

  public mutating func add(_ value: Double) {
    guard value.isFinite else {
      hasNonFinite = true
      count += 1
      return
    }
    var axis = origin ?? ScaledOrigin(value)
    if axis.isOutgrown(by: value) { scale(by: axis.grow(to: value)) }
    origin = axis
    let distance = axis.distance(to: value)
    let size = last.count
    last[count % size] = distance
    if count < size { first[count] = distance }
    sum += distance
    for lag in 0...min(greatestLag, count) {
      products[lag] += distance * last[(count - lag) % size]
    }
    count += 1
  }

  /// The coefficients at lags 0 to the greatest. NaN of a series that does not vary, holds NaN, or
  /// is not longer than the lag.
  public var coefficients: [Double] {
    let n = DoubleDouble(Double(count))
    let mean = sum / n
    // Σ (dₜ − m)(dₜ₊ₖ − m) = Σ dₜ dₜ₊ₖ − m (2 Σ d − the last k − the first k) + (n − k) m²
    var ends = DoubleDouble.zero
    var square = Double.nan
    return (0...greatestLag).map { lag in
      guard !hasNonFinite, lag < count else { return .nan }
      if lag > 0 { ends += first[lag - 1] + last[(count - lag) % last.count] }
      let both = sum * 2 - ends
      let pairs = DoubleDouble(Double(count - lag))
      let product = (products[lag] - mean * both + pairs * mean * mean).value
      if lag == 0 { square = product }
      return product / square
    }
  }

  private mutating func scale(by factor: Double) {
    sum = sum * factor
    for index in products.indices {
      products[index] = products[index] * factor * factor
      last[index] = last[index] * factor
      first[index] = first[index] * factor
    }
  }
}
