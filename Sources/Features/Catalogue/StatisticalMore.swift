/// The distribution of returns and where the newest stands in it.
extension Statistical {
  private static let close = Expression.close
  private static let change = close.logarithm - close.lag(1).logarithm

  private static func figure(
    _ name: String, _ n: Int, in unit: FeatureDescription.Unit = .ratio, _ words: String,
    _ value: Expression
  ) -> Formula {
    Formula(name, ["n": n], .statistical, unit, words, value)
  }

  static let more: [Formula] = [
    figure(
      "skewness", 60, "Skewness (of the sample) of n log returns.", change.window(.skewness, 60)),
    figure(
      "kurtosis", 60, "Excess kurtosis (of the sample) of n log returns.",
      change.window(.kurtosis, 60)),
    figure(
      "autocorrelation", 60, "Correlation of n log returns with the ones before them.",
      change.correlation(change.lag(1), 60)),
    figure(
      "variance_ratio", 60,
      "Variance of changes over 5 bars over 5 times that over one, of n (Lo and MacKinlay 1988).",
      (close.logarithm - close.lag(5).logarithm).variance(60) / (5 * change.variance(60))),
    figure(
      "return_zscore", 60, in: .standardDeviations,
      "How many standard deviations (of the sample) the log return is above its mean of n.",
      (change - change.mean(60)) / change.deviation(60, .sample)),
    figure("close_rank", 60, "Rank of the close among the last n.", close.window(.rank, 60)),
    figure(
      "lower_quantile", 60, "Fifth percentile of n log returns.",
      change.window(.quantile(0.05), 60)),
    figure(
      "upper_quantile", 60, "Ninety-fifth percentile of n log returns.",
      change.window(.quantile(0.95), 60)),
    figure(
      "mean_distance", 20, "Mean distance of n log returns from their mean.",
      change.window(.meanDistance, 20)),
    figure(
      "return_volume_correlation", 20, "Correlation of n log returns with their volumes.",
      change.correlation(.volume, 20)),
    figure(
      "sharpe", 60, "Mean of n log returns over their standard deviation, a bar.",
      change.mean(60) / change.deviation(60, .sample)),
  ]
}
