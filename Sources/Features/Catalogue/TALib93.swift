/// The 93 columns that the benchmark computes with TA-Lib, in its order; names, seeds and values are
/// TA-Lib's.
public enum TALib93 {
  public static let formulas: [Formula] =
    trend + momentum + volume + oscillators + statistics + returns

  private static let trend: [Formula] =
    [5, 10, 20, 50, 100, 200].map(Trend.simpleAverage)
    + [5, 10, 12, 20, 26, 50, 100, 200].map(Trend.exponentialAverage)
    + [
      Trend.weightedAverage(20), Trend.doubleExponentialAverage(20),
      Trend.tripleExponentialAverage(20), Trend.adaptiveAverage(30), Trend.triangularAverage(20),
      Trend.t3(5),
    ]

  private static let momentum: [Formula] =
    [7, 14, 21].map(Momentum.relativeStrength) + Momentum.convergence + Volatility.bands(20)
    + Volatility.averageTrueRange(14) + [Volatility.range] + Directional.all(14)
    + [14, 20].map(Momentum.commodityChannel)

  private static let volume: [Formula] = [
    Volume.moneyFlow(14), Volume.onBalance, Volume.accumulation, Volume.oscillator,
  ]

  private static let oscillators: [Formula] =
    Momentum.stochastics + [Momentum.williams(14)] + [1, 5, 10, 20].map(Momentum.rateOfChange)
    + [Momentum.change(10)] + Momentum.priceOscillators(fast: 12, slow: 26)
    + [Momentum.trix(15), Momentum.ultimate] + Momentum.aroon(14)
    + [Volume.balance, Momentum.chande(14), Trend.parabolicStop]

  private static let statistics: [Formula] =
    [
      Volatility.deviation(5), Volatility.deviation(20), Volatility.variance(20),
      Trend.lineEnd(14), Trend.lineSlope(14), Trend.lineForecast(14),
      Statistical.volumeCorrelation(30), Statistical.lowOnHigh(5), Trend.lowestClose(20),
      Trend.highestClose(20),
    ] + Trend.middlePrices + [Trend.midpoint(14), Trend.midprice(14)]

  private static let returns: [Formula] =
    [1, 2, 3, 5, 10].map(Momentum.logReturn) + [20, 60].map(Volatility.ofReturns)
    + [Volume.relative(20), Statistical.score(20), Volatility.rangeOverClose]
}
