import Foundation

/// Estimates of volatility from ranges, and how it changes; a bar, not annualised.
extension Volatility {
  private static let close = Expression.close
  private static let change = close.logarithm - close.lag(1).logarithm

  private static func log(_ a: Expression, _ b: Expression) -> Expression {
    a.logarithm - b.logarithm
  }

  static func parkinson(_ n: Int) -> Formula {
    Formula(
      "parkinson", ["n": n], .volatility, .ratio,
      "Volatility from high and low of n bars (Parkinson 1980).",
      (log(.high, .low).squared.mean(n) / .constant(4 * 0.693_147_180_559_945_3)).squareRoot)
  }

  static func garmanKlass(_ n: Int) -> Formula {
    let range = log(.high, .low).squared * 0.5
    let body = log(close, .open).squared * .constant(2 * 0.693_147_180_559_945_3 - 1)
    return Formula(
      "garman_klass", ["n": n], .volatility, .ratio,
      "Volatility from open, high, low and close of n bars (Garman and Klass 1980).",
      Expression.greater((range - body).mean(n), 0).squareRoot)
  }

  private static let drift: Expression =
    log(.high, close) * log(.high, .open) + log(.low, close) * log(.low, .open)

  static func rogersSatchell(_ n: Int) -> Formula {
    Formula(
      "rogers_satchell", ["n": n], .volatility, .ratio,
      "Volatility from the bars' inner prices, whatever the drift (Rogers and Satchell 1991).",
      Expression.greater(drift.mean(n), 0).squareRoot)
  }

  static func yangZhang(_ n: Int) -> Formula {
    let k = 0.34 / (1.34 + Double(n + 1) / Double(n - 1))
    let night = log(.open, close.lag(1)).variance(n, .sample)
    let day = log(close, .open).variance(n, .sample)
    let inner = drift.mean(n)
    return Formula(
      "yang_zhang", ["n": n], .volatility, .ratio,
      "Volatility from nights, days and inner prices of n bars (Yang and Zhang 2000).",
      Expression.greater(night + day * .constant(k) + inner * .constant(1 - k), 0).squareRoot)
  }

  static func oneSided(_ n: Int) -> [Formula] {
    [
      Formula(
        "downside_deviation", ["n": n], .volatility, .ratio,
        "Root of the mean square of n log returns, rises counted as zero.",
        Expression.lesser(change, 0).squared.mean(n).squareRoot),
      Formula(
        "upside_deviation", ["n": n], .volatility, .ratio,
        "Root of the mean square of n log returns, falls counted as zero.",
        Expression.greater(change, 0).squared.mean(n).squareRoot),
    ]
  }

  static func ofVolatility(_ n: Int) -> Formula {
    Formula(
      "volatility_of_volatility", ["n": n], .volatility, .ratio,
      "Deviation over n bars of the deviation of n log returns, over its mean.",
      change.deviation(n).deviation(n) / change.deviation(n).mean(n))
  }

  static func ratio(_ fast: Int, _ slow: Int) -> Formula {
    Formula(
      "volatility_ratio", ["fast": fast, "slow": slow], .volatility, .ratio,
      "Deviation of the last few log returns over that of more.",
      change.deviation(fast) / change.deviation(slow))
  }

  static func ulcer(_ n: Int) -> Formula {
    let drawdown = (close / close.greatest(n) - 1) * 100
    return Formula(
      "ulcer", ["n": n], .volatility, .percent,
      "Martin's ulcer index: root of the mean square of n drawdowns from the highest of n.",
      drawdown.squared.mean(n).squareRoot)
  }

  static func choppiness(_ n: Int) -> Formula {
    let range = Expression.high.greatest(n) - Expression.low.least(n)
    let scale = 100 / Foundation.log(Double(n))
    return Formula(
      "choppiness", ["n": n], .volatility, .index,
      "Logarithm of the sum of n true ranges over their whole range, in percent of that of n.",
      (trueRange.sum(n) / range).logarithm * .constant(scale))
  }

  static let mass: Formula = {
    let once = (Expression.high - .low).exponentialMean(9)
    return Formula(
      "mass_index", [:], .volatility, .index,
      "Dorsey's mass index: sum of 25 ratios of the once to the twice smoothed range.",
      (once / once.exponentialMean(9)).sum(25))
  }()

  static let more: [Formula] =
    [parkinson(20), garmanKlass(20), rogersSatchell(20), yangZhang(20)] + oneSided(20)
    + [ofVolatility(20), ratio(10, 60), ulcer(14), choppiness(14), mass]
}
