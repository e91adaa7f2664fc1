import Runtime

/// A named list of features; names are unique in it.
public struct FeatureSet: Sendable, Hashable {
  public let name: String
  public let documentation: String
  public let formulas: [Formula]
}

/// The features Martinet ships, in sets that compose: a name means the same formula in every set.
public enum Catalogue {
  public static let sets: [FeatureSet] = [
    FeatureSet(
      name: "technical93",
      documentation: "93 features of 85 formulas: indicators, the calendar, the cross-section.",
      formulas: technical),
    FeatureSet(
      name: "talib93", documentation: "93 columns that equal TA-Lib's, as the benchmark has them.",
      formulas: TALib93.formulas),
    FeatureSet(
      name: "dual12", documentation: "Twelve scale-free features a ticker.", formulas: dual),
    FeatureSet(
      name: "portfolio173", documentation: "A broad set for portfolios.", formulas: portfolio),
    FeatureSet(
      name: "regime", documentation: "Volatility, returns, volume, momentum, and the VIX.",
      formulas: Regime.all),
    FeatureSet(
      name: "alpha158", documentation: "Qlib's published factors.", formulas: Alpha158.all),
    FeatureSet(
      name: "microstructure", documentation: "Costs and order flow, from bars and quotes.",
      formulas: Microstructure.ofBars + Microstructure.ofQuotes),
  ]

  /// Every feature once.
  public static let all: [Formula] = {
    var seen: Set<String> = []
    return sets.flatMap(\.formulas).filter { seen.insert($0.about.name).inserted }
  }()

  /// The formulas of a set.
  public static func formulas(ofSet name: String) throws(FeatureError) -> [Formula] {
    guard let set = sets.first(where: { $0.name == name }) else {
      throw .unknownSet(name, nearest: Words.nearest(to: name, among: sets.map(\.name)))
    }
    return set.formulas
  }

  /// The first set: eleven features of ten formulas, enough for a first look.
  public static let starter: [Formula] = [
    Momentum.simpleReturn(1), Momentum.simpleReturn(5), Momentum.logReturn(1),
    Momentum.rateOfChange(10), Trend.simpleAverage(20), Trend.exponentialAverage(20),
    Momentum.relativeStrength(14), Volatility.averageTrueRange(14)[0], Volatility.bands(20)[3],
    Volatility.ofReturns(20), Volume.score(20),
  ]

  /// TA-Lib's columns without sixteen that are another width of one that stays, so that calendar and
  /// cross-section have their places.
  private static let technical: [Formula] = {
    let widths: Set<String> = [
      "sma_5", "sma_10", "sma_100", "ema_5", "ema_10", "ema_20", "ema_100", "rsi_7", "rsi_21",
      "cci_14", "roc_1", "roc_5", "stddev_5", "log_return_2", "log_return_3", "return_stddev_60",
    ]
    return TALib93.formulas.filter { !widths.contains($0.about.name) } + CalendarFeatures.all
      + CrossSectional.all
  }()

  private static let dual: [Formula] = [
    Momentum.simpleReturn(1), Momentum.simpleReturn(5), Momentum.simpleReturn(20),
    Volatility.ofReturns(20), Momentum.relativeStrength(14), Momentum.convergenceShare,
    Volatility.bands(20)[4], Trend.averageRatio(12, 26), Volatility.averageTrueRange(14)[1],
    Volume.relative(20), Volatility.rangeOverClose, Trend.distanceFromMean(50),
  ]

  private static let portfolio: [Formula] =
    TALib93.formulas + Trend.more + Momentum.more + Volatility.more + Volume.more
    + PriceAction.all + Statistical.more
}
