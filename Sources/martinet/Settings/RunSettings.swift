import Features
import Market
import MarketData
import Runtime
import Trading

/// What a settings file of a user may say: the data, the strategy, the account and its costs.
package struct RunSettings: Configured {
  package var data = "data"
  package var symbols: [Symbol] = []
  package var interval: BarInterval?
  package var timerange: TimeRange?
  package var columns: [ColumnName] = []
  package var declaration = Declaration()
  package var strategy = StrategyName.movingAverages
  package var average = StrategySection<SMACross>()
  package var balance = StrategySection<BalancedHolding>()
  package var reversion = StrategySection<MeanReversion>()
  package var breakout = StrategySection<Breakout>()
  package var rotation = StrategySection<MomentumRotation>()
  package var artefact: String?
  package var plugin: String?
  package var process: [String] = []
  package var processSeconds = 5.0
  package var rules: String?
  package var parameters: [ParameterValue] = []
  package var account = Account()
  package var costs = CostSettings()
  package var venue = VenueSettings()
  package var risk = RiskSettings()
  package var exits = ExitPlan.none
  package var size = SizeSettings()
  package var judgement = Judgement()
  package var sources = SourceSettings()
  package var quality = QualitySettings()
  package var featureCache = FeatureCache.Limits()
  package var memoryLimit: MemorySize?
  package var report = "report.html"
  package var benchmark: Symbol?
  package var sectors: [SectorMember] = []
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

  package struct Account: Configured {
    package var initialCash = 100_000.0
    package var reserve = 0.05
    package var leverage: Double?
    package init() {}

    package static let schema = Schema<Self>("The account") {
      Field(
        "initial_cash", \.initialCash, in: 1...1_000_000_000_000, unit: "USD", "Cash at the start")
      Field("cash_reserve", \.reserve, in: 0...0.99, "Part that is never invested")
      Field(
        "leverage", \.leverage, in: 1...10,
        "Positions up to so many times the account, short ones too; cash only where nothing is said"
      )
    }
  }

  package struct Judgement: Configured {
    package var seed: UInt64 = 1
    package init() {}

    package static let schema = Schema<Self>("How figures are judged") {
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
    Field(section: SMACross.id, \.average)
    Field(section: BalancedHolding.id, \.balance)
    Field(section: MeanReversion.id, \.reversion)
    Field(section: Breakout.id, \.breakout)
    Field(section: MomentumRotation.id, \.rotation)
    Field("rules", \.rules, "File of rules to trade by, instead of a strategy; docs/RULES.md")
    Field("parameters", \.parameters, "Numbers for the parameters of the rules, as in [fast=10]")
    Field("plugin", \.plugin, "Library of your own that decides; docs/PLUGINS.md")
    Field("process", \.process, "Program of your own that decides, as in [python3, mine.py]")
    Field(
      "process_seconds", \.processSeconds, in: 0.01...3600, unit: "s",
      "How long it may think before it is ended")
    Field("artefact", \.artefact, "File of weights of the strategy linear")
    Field(section: "account", \.account)
    Field(section: "costs", \.costs)
    Field(section: "venue", \.venue)
    Field(section: "risk", \.risk)
    Field(section: "exits", \.exits)
    Field(section: "size", \.size)
    Field(section: "evidence", \.judgement)
    Field(section: "sources", \.sources)
    Field(section: "quality", \.quality)
    Field("memory_limit", \.memoryLimit, "Most memory that the process may take, as in 512MB")
    Field("report", \.report, "Page to write")
    Field(
      "benchmark", \.benchmark,
      "Symbol of the data that results are held against; without, the symbols that are traded")
    Field("sectors", \.sectors, "Sectors of symbols, as in [NVDA=chips, XOM=oil]")
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
