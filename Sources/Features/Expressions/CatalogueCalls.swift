import Runtime

/// Formulas of the catalogue, called by name: `rsi(14)`, `macd()`, `rsi_14`.
enum CatalogueCalls {
  /// Formulas of one number of bars, for any number; those of a family come together.
  private static let families: [@Sendable (Int) -> [Formula]] =
    trend + momentum + volatility + volume

  private static let trend: [@Sendable (Int) -> [Formula]] = [
    { [Trend.simpleAverage($0), Trend.exponentialAverage($0), Trend.weightedAverage($0)] },
    { [Trend.doubleExponentialAverage($0), Trend.tripleExponentialAverage($0)] },
    { [Trend.adaptiveAverage($0), Trend.triangularAverage($0), Trend.t3($0)] },
    { [Trend.lineEnd($0), Trend.lineSlope($0), Trend.lineForecast($0)] },
    { [Trend.midpoint($0), Trend.midprice($0), Trend.lowestClose($0), Trend.highestClose($0)] },
    { [Trend.hull($0), Trend.zeroLag($0), Trend.distanceFromMean($0)] },
    { Trend.donchian($0) + [Trend.keltner($0), Trend.fit($0), Trend.slopeShare($0)] },
    { [Trend.horizontalFilter($0), Trend.efficiencyRatio($0)] + Trend.vortex($0) },
    { Directional.all($0) },
  ]

  private static let momentum: [@Sendable (Int) -> [Formula]] = [
    { [Momentum.relativeStrength($0), Momentum.chande($0), Momentum.trix($0)] },
    { [Momentum.rateOfChange($0), Momentum.simpleReturn($0), Momentum.logReturn($0)] },
    { [Momentum.change($0), Momentum.williams($0), Momentum.commodityChannel($0)] },
    { Momentum.aroon($0) + [Momentum.detrended($0), Momentum.risingShare($0)] },
    {
      [Momentum.bodies($0), Momentum.acceleration($0), Momentum.drawdown($0), Momentum.rally($0)]
    },
    { [PriceAction.expansion($0), PriceAction.breakout($0)] + PriceAction.sinceExtremes($0) },
    { [Statistical.volumeCorrelation($0), Statistical.lowOnHigh($0), Statistical.score($0)] },
  ]

  private static let volatility: [@Sendable (Int) -> [Formula]] = [
    { Volatility.averageTrueRange($0) + Volatility.bands($0) },
    { [Volatility.deviation($0), Volatility.variance($0), Volatility.ofReturns($0)] },
    { [Volatility.parkinson($0), Volatility.garmanKlass($0), Volatility.rogersSatchell($0)] },
    { [Volatility.yangZhang($0), Volatility.ofVolatility($0)] + Volatility.oneSided($0) },
    { [Volatility.ulcer($0), Volatility.choppiness($0)] },
  ]

  private static let volume: [@Sendable (Int) -> [Formula]] = [
    { [Volume.moneyFlow($0), Volume.relative($0), Volume.score($0), Volume.chaikinFlow($0)] },
    { [Volume.force($0), Volume.ease($0), Volume.weightedAverage($0), Volume.change($0)] },
    { [Volume.risingShare($0), Volume.turnover($0), Volume.quiet($0)] },
    { [Microstructure.roll($0), Microstructure.amihud($0), Microstructure.kyle($0)] },
    { [Microstructure.corwinSchultz($0), Microstructure.orderFlow($0)] },
  ]

  /// Which family makes a formula of one number.
  private static let makers: [String: Int] = {
    var makers: [String: Int] = [:]
    for (place, family) in families.enumerated() {
      for formula in family(14) where formula.about.parameters.count == 1 {
        makers[formula.about.formula] = makers[formula.about.formula] ?? place
      }
    }
    return makers
  }()

  private static let variants: [String: [Formula]] = Dictionary(
    grouping: Catalogue.all, by: \.about.formula)

  static let names: [String] = Set(makers.keys).union(variants.keys).sorted()

  /// Of so many bars a formula may be; changes make sense over one bar too.
  private static let least: [String: Int] = ["return": 1, "log_return": 1, "roc": 1, "mom": 1]

  static func value(of formula: Formula) -> Value {
    let (size, height) = formula.expression.extent
    return Value(
      expression: formula.expression, mayBeInfinite: true, size: size, height: height)
  }

  /// The formula `name` with these parameters; `nil` where the catalogue has none of that name.
  static func value(
    _ name: String, _ numbers: [Double], at place: String
  ) throws(ExpressionError) -> Value? {
    let name = name.lowercased()
    let variants = variants[name] ?? []
    if let exact = variants.first(where: { $0.about.parameters.map(\.value) == numbers }) {
      return value(of: exact)
    }
    guard let maker = makers[name], numbers.count == 1 else {
      guard !variants.isEmpty, WrittenFunction.find(name) == nil else { return nil }
      throw ExpressionError(
        .arguments, at: place,
        "the catalogue has \(name) not with \(list(numbers))",
        "it has " + variants.prefix(6).map { call($0) }.joined(separator: ", "))
    }
    let least = least[name] ?? 2
    guard let bars = Int(exactly: numbers[0]), (least...Arguments.barsMax).contains(bars) else {
      throw ExpressionError(
        .arguments, at: place,
        "\(name) takes a whole number of bars from \(least) to "
          + "\(NumberText.count(Arguments.barsMax)), not \(NumberWords.text(numbers[0]))",
        "write it as \(name)(14)")
    }
    return families[maker](bars).first { $0.about.formula == name }.map { value(of: $0) }
  }

  private static func list(_ numbers: [Double]) -> String {
    numbers.isEmpty
      ? "no parameter" : numbers.map { NumberWords.text($0) }.joined(separator: ", ")
  }

  private static func call(_ formula: Formula) -> String {
    let numbers = formula.about.parameters.map { NumberWords.text($0.value) }
    return "\(formula.about.formula)(\(numbers.joined(separator: ", ")))"
  }
}

extension Catalogue {
  private static let byName: [String: Formula] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.about.name, $0) })

  /// The feature of that name.
  static func named(_ name: String) -> Formula? { byName[name] }
}

extension Expression {
  /// Operations, those used twice counted twice, and levels.
  var extent: (size: Int, height: Int) {
    operands.map(\.extent).reduce(into: (1, 1)) { all, part in
      all = (all.0 + part.size, max(all.1, part.height + 1))
    }
  }
}
