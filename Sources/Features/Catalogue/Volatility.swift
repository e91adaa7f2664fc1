/// How much the price moves.
enum Volatility {
  private static let close = Expression.close

  static let trueRange: Expression =
    .greater(.high, close.lag(1)) - .lesser(.low, close.lag(1))

  static func averageTrueRange(_ n: Int) -> [Formula] {
    let average = trueRange.wilderMean(n)
    return [
      Formula(
        "atr", ["n": n], .volatility, .price,
        "Wilder's average of the true range: the bar's range, widened to the previous close.",
        average),
      Formula(
        "natr", ["n": n], .volatility, .percent,
        "Average true range in percent of the close.", average.over(close) * 100),
    ]
  }

  static let range = Formula(
    "trange", [:], .volatility, .price, "The bar's range, widened to the previous close.",
    trueRange)

  static func deviation(_ n: Int) -> Formula {
    Formula(
      "stddev", ["n": n], .volatility, .price,
      "Standard deviation (of the population) of the last n closes.", close.deviation(n))
  }

  static func variance(_ n: Int) -> Formula {
    Formula(
      "var", ["n": n], .volatility, .squaredPrice,
      "Variance (of the population) of the last n closes.", close.variance(n))
  }

  static func ofReturns(_ n: Int) -> Formula {
    let change = close.logarithm - close.lag(1).logarithm
    return Formula(
      "return_stddev", ["n": n], .volatility, .ratio,
      "Standard deviation (of the population) of the last n log returns, a bar, not annualised.",
      change.deviation(n))
  }

  static func bands(_ n: Int) -> [Formula] {
    let width: KeyValuePairs = ["n": n]
    let middle = close.mean(n)
    let reach = 2 * close.deviation(n)
    let (upper, lower) = (middle + reach, middle - reach)
    return [
      Formula(
        "bband_upper", width, .volatility, .price,
        "Mean of n closes plus two standard deviations (of the population).", upper),
      Formula("bband_middle", width, .volatility, .price, "Mean of n closes.", middle),
      Formula(
        "bband_lower", width, .volatility, .price,
        "Mean of n closes less two standard deviations (of the population).", lower),
      Formula(
        "bband_width", width, .volatility, .ratio, "Width of the band over its middle.",
        (upper - lower) / middle),
      Formula(
        "bband_position", width, .volatility, .ratio,
        "Where the close stands in the band: 0 at the lower edge, 1 at the upper.",
        (close - lower) / (upper - lower)),
    ]
  }

  static let rangeOverClose = Formula(
    "range_over_close", [:], .volatility, .ratio, "The bar's range over its close.",
    (.high - .low) / close)
}
