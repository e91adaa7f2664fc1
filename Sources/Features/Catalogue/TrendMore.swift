/// Lines and channels beside TA-Lib's, mostly as distances in units of the price.
extension Trend {
  private static let close = Expression.close

  static func hull(_ n: Int) -> Formula {
    let quick = 2 * close.window(.weightedMean, n / 2) - close.window(.weightedMean, n)
    let root = max(1, Int(Double(n).squareRoot().rounded()))
    return Formula(
      "hma", ["n": n], .trend, .price,
      "Hull's average: weighted mean over √n of twice the half-width mean less the whole one.",
      quick.window(.weightedMean, root))
  }

  static func zeroLag(_ n: Int) -> Formula {
    let ahead = 2 * close - close.lag((n - 1) / 2)
    return Formula(
      "zlema", ["n": n], .trend, .price,
      "Exponential average of the close plus its change over half the period.",
      ahead.exponentialMean(n))
  }

  static func distanceFromMean(_ n: Int) -> Formula {
    Formula(
      "close_to_sma", ["n": n], .trend, .ratio, "Close over its mean of n, less one.",
      close / close.mean(n) - 1)
  }

  static func averageRatio(_ fast: Int, _ slow: Int) -> Formula {
    Formula(
      "ema_ratio", ["fast": fast, "slow": slow], .trend, .ratio,
      "Exponential average of the faster period over that of the slower, less one.",
      close.exponentialMean(fast) / close.exponentialMean(slow) - 1)
  }

  static func middleOfRange(_ n: Int) -> Expression {
    (Expression.high.greatest(n) + Expression.low.least(n)) / 2
  }

  static let cloud: [Formula] = {
    let (turning, standard) = (middleOfRange(9), middleOfRange(26))
    return [
      Formula(
        "ichimoku_turning", [:], .trend, .ratio, "Middle of the range of 9 bars over the close.",
        turning / close - 1),
      Formula(
        "ichimoku_standard", [:], .trend, .ratio, "Middle of the range of 26 bars over the close.",
        standard / close - 1),
      Formula(
        "ichimoku_cloud", [:], .trend, .ratio,
        "Close over the middle of the cloud that was drawn for this bar 26 bars ago, less one.",
        close / (((turning + standard) / 2 + middleOfRange(52)) / 2).lag(26) - 1),
    ]
  }()

  static func donchian(_ n: Int) -> [Formula] {
    let (top, floor) = (Expression.high.greatest(n), Expression.low.least(n))
    return [
      Formula(
        "donchian_width", ["n": n], .trend, .ratio, "Range of n bars over the close.",
        (top - floor) / close),
      Formula(
        "donchian_position", ["n": n], .trend, .ratio,
        "Where the close stands in the range of n bars: 0 at the low, 1 at the high.",
        (close - floor) / (top - floor)),
    ]
  }

  static func keltner(_ n: Int) -> Formula {
    let width = 2 * Volatility.trueRange.wilderMean(n)
    return Formula(
      "keltner_position", ["n": n], .trend, .ratio,
      "Distance of the close from its exponential average in units of two average true ranges.",
      (close - close.exponentialMean(n)) / width)
  }

  static func fit(_ n: Int) -> Formula {
    Formula(
      "line_fit", ["n": n], .trend, .ratio,
      "Share of the variance of n closes that a straight line explains.",
      close.window(.lineFit, n))
  }

  static func slopeShare(_ n: Int) -> Formula {
    Formula(
      "line_slope_share", ["n": n], .trend, .ratio,
      "Rise a bar of the line through n closes over the close.", close.window(.slope, n) / close)
  }

  static func horizontalFilter(_ n: Int) -> Formula {
    Formula(
      "vhf", ["n": n], .trend, .ratio,
      "White's vertical horizontal filter: range of n closes over the length of their path.",
      (close.greatest(n) - close.least(n)) / close.change().magnitude.sum(n))
  }

  static func efficiencyRatio(_ n: Int) -> Formula {
    Formula(
      "efficiency_ratio", ["n": n], .trend, .ratio,
      "Kaufman's efficiency: how far n bars led over how long their path was.",
      close.change(n).magnitude / close.change().magnitude.sum(n))
  }

  static func vortex(_ n: Int) -> [Formula] {
    let range = Volatility.trueRange.sum(n)
    return [
      Formula(
        "vortex_up", ["n": n], .trend, .ratio,
        "Distances of highs from the lows before them over the true range, of n bars.",
        (Expression.high - Expression.low.lag(1)).magnitude.sum(n) / range),
      Formula(
        "vortex_down", ["n": n], .trend, .ratio,
        "Distances of lows from the highs before them over the true range, of n bars.",
        (Expression.low - Expression.high.lag(1)).magnitude.sum(n) / range),
    ]
  }

  static let more: [Formula] =
    [hull(20), zeroLag(20)] + [20, 50, 200].map(distanceFromMean) + [averageRatio(12, 26)] + cloud
    + donchian(20) + [keltner(20), fit(20), slopeShare(20), horizontalFilter(28)]
    + [efficiencyRatio(10)] + vortex(14)
}
