/// How the values of a column in several bars become that of one; missing values are passed over.
struct ColumnMerge: Sendable {
  enum Rule: Sendable {
    case first, last, highest, lowest, sum
    /// The mean by volume; where no bar has any, the last.
    case byVolume

    init(column: String) {
      switch column {
      case "open": self = .first
      case "high", "revised_at", "stock_splits": self = .highest
      case "low": self = .lowest
      case "volume", "trades", "trade_count", "dividends": self = .sum
      case "vwap": self = .byVolume
      default: self = .last
      }
    }
  }

  private let rule: Rule
  private var value = Double.nan
  private var product = 0.0
  private var weight = 0.0

  init(column: String) { rule = Rule(column: column) }

  mutating func add(_ next: Double, volume: Double) {
    guard !next.isNaN else { return }
    if rule == .byVolume, volume > 0 {
      product += next * volume
      weight += volume
    }
    value = value.isNaN ? next : joined(value, next)
  }

  private func joined(_ a: Double, _ b: Double) -> Double {
    switch rule {
    case .first: a
    case .last, .byVolume: b
    case .highest: max(a, b)
    case .lowest: min(a, b)
    case .sum: a + b
    }
  }

  var result: Double { weight > 0 ? product / weight : value }
}
