import Features
import Market
import MarketData
import Runtime

/// What a settings file of a user may say: the data, the strategy, the account and its costs.
package struct RunSettings: Configured {
  package var data = "data"
  package var symbols: [Symbol] = []
  package var interval: BarInterval?
  package var timerange: TimeRange?
  package var columns: [ColumnName] = []
  package var declaration = Declaration()
  package var strategy = StrategyName.movingAverages
  package var average = Average()
  package var artefact: String?
  package var account = Account()
  package var costs = Costs()
  package var risk = RiskSettings()
  package var judgement = Judgement()
  package var sources = SourceSettings()
  package var quality = QualitySettings()
  package var featureCache = FeatureCache.Limits()
  package var report = "report.html"
  package var sets: [FeatureSetName] = []
  package var features: [NamedExpression] = []
  package var labels = LabelSettings()
  package var split = SplitSettings()
  package var scaler = Scaling.standard
  package var missingRows = TrainingRecipe.MissingRows.drop
  package var selection = SelectionSettings()

  package init() {}

  /// What the files themselves do not say; it goes before what their folder's source.yaml says.
  package struct Declaration: Configured {
    package var zone: String?
    package var stamp: BarDeclaration.Stamp?
    package var adjustment: BarDeclaration.Adjustment?
    package init() {}

    package static let schema = Schema<Self>("What the files of bars do not say themselves") {
      Field("zone", \.zone, "Time zone of stamps without one, as in America/New_York")
      Field("stamp", \.stamp, "Which moment of a bar its stamp names")
      Field("adjustment", \.adjustment, "What prices were adjusted for")
    }
  }

  /// Of the strategy `sma_cross`.
  package struct Average: Configured {
    package var fast = 20
    package var slow = 100
    package init() {}

    package static let schema = Schema<Self>("The strategy sma_cross") {
      Field("fast", \.fast, in: 1...10_000, unit: "bars", "Length of the fast average")
      Field("slow", \.slow, in: 2...10_000, unit: "bars", "Length of the slow average")
    }
    package var inconsistency: Inconsistency? {
      guard fast >= slow else { return nil }
      return Inconsistency(
        at: "fast", finding: "\(fast) is not below slow, which is \(slow)",
        remedy: "choose a fast average that is shorter than the slow one")
    }
  }

  package struct Account: Configured {
    package var initialCash = 100_000.0
    package var reserve = 0.05
    package init() {}

    package static let schema = Schema<Self>("The account") {
      Field(
        "initial_cash", \.initialCash, in: 1...1_000_000_000_000, unit: "USD", "Cash at the start")
      Field("cash_reserve", \.reserve, in: 0...0.99, "Part that is never invested")
    }
  }

  package struct Costs: Configured {
    package var halfSpread = 2.0
    package var commission = 1.0
    package init() {}

    package static let schema = Schema<Self>("What trading costs") {
      Field(
        "half_spread_bps", \.halfSpread, in: 0...1000, unit: "bps", "Half the spread, on each side")
      Field("commission_bps", \.commission, in: 0...1000, unit: "bps", "Of the value of each fill")
    }
  }

  package struct Judgement: Configured {
    package var trials = 1
    package var seed: UInt64 = 1
    package init() {}

    package static let schema = Schema<Self>("How figures are judged") {
      Field(
        "trials", \.trials, in: 1...1_000_000,
        "How many settings were tried before this one was chosen, itself included")
      Field("seed", \.seed, "Of everything drawn by chance")
    }
  }

  package static let schema = Schema<Self>("A run of martinet") {
    Field("data", \.data, "Folder with one file of bars a symbol")
    Field("symbols", \.symbols, "What to trade; all of the folder where empty")
    Field("interval", \.interval, "Length of a bar; as the files have it where nothing is said")
    Field(
      "timerange", \.timerange, "Days to trade, as in 20240101-20240630; either end may be open")
    Field("columns", \.columns, "Columns that the files call otherwise, as in close=Last")
    Field(section: "bars", \.declaration)
    Field("strategy", \.strategy, "The strategy")
    Field(section: "sma_cross", \.average)
    Field("artefact", \.artefact, "File of weights of the strategy linear")
    Field(section: "account", \.account)
    Field(section: "costs", \.costs)
    Field(section: "risk", \.risk)
    Field(section: "evidence", \.judgement)
    Field(section: "sources", \.sources)
    Field(section: "quality", \.quality)
    Field("report", \.report, "Page to write")
    Field("sets", \.sets, "Whole sets of features, as martinet features list has them")
    Field(
      "features", \.features,
      "Your own features, as in [{name: trend, expr: \"ema(close, 12) / close\"}]")
    Field(section: "labels", \.labels)
    Field(section: "split", \.split)
    Field("scaler", \.scaler, "The scale that features are brought to")
    Field("missing_rows", \.missingRows, "Rows with a missing feature: left out, or kept")
    Field(section: "selection", \.selection)
    Field(section: "feature_cache", \.featureCache)
  }
}
