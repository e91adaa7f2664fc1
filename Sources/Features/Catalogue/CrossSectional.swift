/// A symbol beside the others: from the columns that `CrossSection.joined` adds to its frame.
enum CrossSectional {
  private static let close = Expression.close
  private static let market = Expression.column("market_return")
  private static let change = close / close.lag(1) - 1
  private static let excess = change - market

  private static func figure(_ name: String, _ n: Int, _ words: String, _ value: Expression)
    -> Formula
  { Formula(name, ["n": n], .crossSectional, .ratio, words, value) }

  static let all: [Formula] = [
    figure(
      "market_beta", 60, "Slope of n changes over the mean changes of all symbols.",
      change.covariance(market, 60) / market.variance(60)),
    figure(
      "market_correlation", 60, "Correlation of n changes with the mean changes of all symbols.",
      change.correlation(market, 60)),
    figure(
      "relative_strength", 20, "Sum of n changes less those of the mean of all symbols.",
      excess.sum(20)),
    figure(
      "excess_deviation", 60, "Deviation (of the sample) of n changes less the symbols' mean.",
      excess.deviation(60, .sample)),
    figure(
      "return_rank_mean", 20, "Mean over n bars of the change's place among all symbols, 0 to 1.",
      Expression.column("return_rank").mean(20)),
    Formula(
      "return_rank", [:], .crossSectional, .ratio,
      "The change's place among all symbols: 0 the least, 1 the greatest.",
      .column("return_rank")),
    Formula(
      "turnover_share", [:], .crossSectional, .ratio,
      "Share of the money that all symbols traded.", .column("turnover_share")),
    figure(
      "dispersion", 20, "Mean over n bars of the deviation of all symbols' changes.",
      Expression.column("market_dispersion").mean(20)),
  ]
}
