import Runtime

extension WrittenFunction {
  /// A function of a series and a number of bars; without the bars it is a statistic of the whole
  /// column, which looks ahead.
  ///
  /// - Parameter divides: whether it divides by what may be zero.
  private static func window(
    _ names: String..., least: Int = 1, divides: Bool = false,
    whole: DerivedColumn.Statistic? = nil,
    _ operation: @escaping @Sendable (Expression, Int) -> Expression
  ) -> WrittenFunction {
    WrittenFunction(
      names, takes: "a series and a number of bars", (whole == nil ? 2 : 1)...2,
      "\(names[0])(close, 20)"
    ) { (given) throws(ExpressionError) in
      let series = try given.series(0)
      if given.count == 1, let whole {
        return given.reader.derive(DerivedColumn(.whole(whole), of: series))
      }
      return Value(
        expression: operation(series, try given.bars(1, least: least)), mayBeInfinite: divides)
    }
  }

  static let windows: [WrittenFunction] = [
    window("mean", "sma", "ma", whole: .mean) { $0.mean($1) },
    window("sum", whole: .sum) { $0.sum($1) },
    window("std", "stddev", least: 2, whole: .deviation) { $0.deviation($1, .sample) },
    window("var", "variance", least: 2, whole: .variance) { $0.variance($1, .sample) },
    window("min", whole: .least) { $0.least($1) },
    window("max", whole: .greatest) { $0.greatest($1) },
    window("med", "median", whole: .quantile(0.5)) { $0.window(.quantile(0.5), $1) },
    window("mad") { $0.window(.meanDistance, $1) },
    window("skew", least: 3, divides: true) { $0.window(.skewness, $1) },
    window("kurt", least: 4, divides: true) { $0.window(.kurtosis, $1) },
    window("slope", least: 2) { $0.window(.slope, $1) },
    window("rsquare", least: 2, divides: true) { $0.window(.lineFit, $1) },
    window("resi", least: 2) { $0 - $0.window(.lineEnd, $1) },
    window("wma") { $0.window(.weightedMean, $1) },
    // Places are counted from 1 for the oldest, and of equals the oldest counts, as in Qlib.
    window("idxmax") { .constant(Double($1)) - $0.window(.barsSinceFirstGreatest, $1) },
    window("idxmin") { .constant(Double($1)) - $0.window(.barsSinceFirstLeast, $1) },
    window("zscore", least: 2, divides: true, whole: .score) {
      ($0 - $0.mean($1)) / $0.deviation($1, .sample)
    },
    window("returns", "pct_change", divides: true) { $0 / $0.lag($1) - 1 },
    window("delta", "diff") { $0.change($1) },
    rank, quantile, count, earlier,
  ]

  private static let rank = WrittenFunction(
    ["rank"], takes: "a series and, for its rank in time, a number of bars", 1...2,
    "rank(close, 20), or rank(roc(20)) among all symbols"
  ) { (given) throws(ExpressionError) in
    let series = try given.series(0)
    if given.count == 2 {
      return Value(expression: series.window(.rank, try given.bars(1)))
    }
    return try given.amongSymbols(series)
  }

  private static let quantile = WrittenFunction(
    ["quantile"], takes: "a series, a number of bars and a share from 0 to 1", 2...3,
    "quantile(close, 20, 0.8)"
  ) { (given) throws(ExpressionError) in
    let series = try given.series(0)
    let share = try given.number(given.count - 1, in: 0...1)
    if given.count == 2 {
      return given.reader.derive(DerivedColumn(.whole(.quantile(share)), of: series))
    }
    return Value(expression: series.window(.quantile(share), try given.bars(1)))
  }

  private static let count = WrittenFunction(
    ["count"], takes: "a condition or a series, and a number of bars", 2...2,
    "count(close > open, 20)"
  ) { (given) throws(ExpressionError) in
    let bars = try given.bars(1)
    let counted =
      given.values[0].isCondition ? try given.condition(0) : Self.known(try given.series(0))
    return Value(expression: counted.sum(bars))
  }

  /// A negative number of bars is a later value.
  private static let earlier = WrittenFunction(
    ["ref", "lag", "shift"], takes: "a series and how many bars ago", 2...2, "ref(close, 1)"
  ) { (given) throws(ExpressionError) in
    let series = try given.series(0)
    let most = Arguments.barsMax
    guard let constant = given.values[1].constant, let bars = Int(exactly: constant),
      (-most...most).contains(bars)
    else {
      throw given.wrong(1, "a whole number of bars up to \(NumberText.count(most))")
    }
    if bars < 0 { return given.reader.derive(DerivedColumn(.later(-bars), of: series)) }
    return Value(expression: series.lag(bars), isCondition: given.values[0].isCondition)
  }

  static let recursive: [WrittenFunction] = [
    window("ema", "ewm") { $0.exponentialMean($1) },
    window("rma", "wilder") { $0.wilderMean($1) },
    window("rsi") { Momentum.strength($0, $1) },
    WrittenFunction(
      ["total", "cumsum"], takes: "a series", 1...1, "total(sign(returns(close, 1)))"
    ) {
      (given) throws(ExpressionError) in
      Value(expression: (try given.series(0)).total())
    },
  ]

  private static func pair(
    _ names: String..., operation: @escaping @Sendable (Expression, Expression, Int) -> Expression
  ) -> WrittenFunction {
    WrittenFunction(
      names, takes: "two series and a number of bars", 3...3,
      "\(names[0])(close, volume, 20)"
    ) { (given) throws(ExpressionError) in
      Value(
        expression: operation(
          try given.series(0), try given.series(1), try given.bars(2, least: 2)),
        mayBeInfinite: true)
    }
  }

  static let ofPairs: [WrittenFunction] = [
    pair("corr") { $0.correlation($1, $2) },
    // Of the sample, as in Qlib.
    pair("cov") { $0.covariance($1, $2) * .constant(Double($2) / Double($2 - 1)) },
    pair("beta") { $0.covariance($1, $2) / $1.variance($2) },
  ]
}
