/// The features Martinet ships.
public enum Catalogue {
  /// The first set: eleven features of ten formulas, enough for a first look.
  public static let starter: [Formula] = [
    Momentum.simpleReturn(1), Momentum.simpleReturn(5), Momentum.logReturn(1),
    Momentum.rateOfChange(10), Trend.simpleAverage(20), Trend.exponentialAverage(20),
    Momentum.relativeStrength(14), Volatility.averageTrueRange(14)[0], Volatility.bands(20)[3],
    Volatility.ofReturns(20), Volume.score(20),
  ]
}
