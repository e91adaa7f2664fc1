import Market
import Runtime

/// How the instruments' daily returns move, alone and together, from the closes that became known.
struct ReturnStatistics: Sendable {
  /// With fewer common days than this nothing is said, unless the window itself is shorter.
  static let leastDays = 20

  private let count: Int
  let window: (covariance: Int, correlation: Int)
  private let days: Int
  private var closes: [Double]
  /// One row a day, the oldest overwritten first; missing where a day had no price.
  private var returns: [Double] = []
  private var nextRow = 0
  /// Row by row; missing where too little is known.
  private(set) var covariance: [Double]
  private(set) var correlation: [Double]

  init(instruments: Int, covarianceDays: Int, correlationDays: Int) {
    count = instruments
    window = (covarianceDays, correlationDays)
    days = max(covarianceDays, correlationDays)
    closes = Array(repeating: .nan, count: count)
    covariance = Array(repeating: .nan, count: count * count)
    correlation = covariance
  }

  /// Takes a day's closes, missing for what had none, and works everything out anew.
  mutating func add(_ prices: [Double]) {
    append(prices)
    covariance = pairs(over: window.covariance) { $0.covariance }
    correlation = pairs(over: window.correlation) { $0.correlation }
  }

  /// Takes many days at once, the oldest first.
  mutating func add(days prices: [[Double]]) {
    guard let last = prices.last else { return }
    for day in prices.dropLast() { append(day) }
    add(last)
  }

  /// Prices from now on are on another scale.
  mutating func forget(_ instrument: InstrumentID) { closes[instrument.place] = .nan }

  private mutating func append(_ prices: [Double]) {
    let row = zip(prices, closes).map { $0 / $1 - 1 }
    if returns.count < days * count {
      returns += row
    } else {
      returns.replaceSubrange(nextRow * count..<(nextRow + 1) * count, with: row)
    }
    nextRow = (nextRow + 1) % days
    for place in 0..<count where prices[place] > 0 { closes[place] = prices[place] }
  }

  private struct Moments {
    var n = 0.0
    var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ a: Double, _ b: Double) {
      guard a.isFinite, b.isFinite else { return }
      n += 1
      (x, y, xx, yy, xy) = (x + a, y + b, xx + a * a, yy + b * b, xy + a * b)
    }

    var covariance: Double { (xy - x * y / n) / (n - 1) }
    var correlation: Double {
      let product = (xx - x * x / n) * (yy - y * y / n)
      return product > 0 ? (xy - x * y / n) / product.squareRoot() : .nan
    }
  }

  private func pairs(over window: Int, _ figure: (Moments) -> Double) -> [Double] {
    var result = [Double](repeating: .nan, count: count * count)
    let known = returns.count / max(1, count)
    let rows = (0..<min(window, known)).map { ((nextRow - 1 - $0) + 2 * days) % days }
    let least = Double(min(window, Self.leastDays))
    for a in 0..<count {
      for b in 0...a {
        var moments = Moments()
        for row in rows { moments.add(returns[row * count + a], returns[row * count + b]) }
        guard moments.n >= least else { continue }
        let value = figure(moments)
        (result[a * count + b], result[b * count + a]) = (value, value)
      }
    }
    return result
  }
}
