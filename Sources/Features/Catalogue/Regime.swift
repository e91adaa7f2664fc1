/// What tells calm markets from wild ones: volatility, returns, volume, momentum, and the VIX where
/// the bars have it.
enum Regime {
  private static let close = Expression.close
  private static let vix = Expression.column("vix")

  static let ofVIX: [Formula] = [
    Formula(
      "vix", [:], .volatility, .index,
      "The volatility index as it was known at the bar; missing where there is none.", vix),
    Formula(
      "vix_change", ["n": 5], .volatility, .ratio, "Change of the VIX over n bars, as a ratio.",
      vix / vix.lag(5) - 1),
    Formula(
      "vix_zscore", ["n": 60], .volatility, .standardDeviations,
      "How many standard deviations (of the sample) the VIX is above its mean of n.",
      (vix - vix.mean(60)) / vix.deviation(60, .sample)),
  ]

  static let all: [Formula] =
    [20, 60].map(Volatility.ofReturns) + [Volatility.ratio(10, 60), Volatility.parkinson(20)]
    + [5, 20, 60].map(Momentum.simpleReturn) + [Momentum.drawdown(60)]
    + [Volume.relative(20), Volume.score(20)]
    + [Momentum.relativeStrength(14), Momentum.rateOfChange(20), Trend.distanceFromMean(50)]
    + ofVIX
}
