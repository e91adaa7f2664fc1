/// Figures of samples.
enum Statistical {
  private static let close = Expression.close

  static func volumeCorrelation(_ n: Int) -> Formula {
    let squares = close.variance(n) * Expression.volume.variance(n)
    return Formula(
      "correl", ["n": n], .statistical, .ratio,
      "Correlation of the last n closes with their volumes; 0 where either stood still.",
      close.covariance(.volume, n).over(squares.squareRoot))
  }

  static func lowOnHigh(_ n: Int) -> Formula {
    func change(_ x: Expression) -> Expression { x.change().over(x.lag(1)) }
    let x = change(.high)
    return Formula(
      "beta", ["n": n], .statistical, .ratio,
      "Slope of the lows' relative changes over those of the highs, of n bars.",
      x.covariance(change(.low), n).over(x.variance(n)))
  }

  static func score(_ n: Int) -> Formula {
    Formula(
      "zscore", ["n": n], .statistical, .standardDeviations,
      "How many standard deviations (of the population) the close is above its mean of n.",
      (close - close.mean(n)) / close.deviation(n))
  }
}
