import Learning
import Runtime

/// Trees grown level by level on the gradient of the loss (Chen and Guestrin, 2016), by XGBoost itself.
struct XGBoost: BoostedModel {
  struct Settings: Configured {
    var rounds = 500
    var patience = 50
    var rate = 0.05
    var depth = 6
    var leastWeight = 1.0
    var rows = 0.8
    var columns = 0.8
    var squares = 1.0
    var magnitudes = 0.0
    var leastGain = 0.0
    var bins = 256
    var classWeights = ClassWeighting.none

    static let schema = Schema<Self>("Trees grown level by level") {
      Field("rounds", \.rounds, in: 1...100_000, "Rounds at most; each grows a tree a class")
      Field(
        "patience", \.patience, in: 1...100_000,
        "Rounds without a better validation loss to stop at")
      Field("learning_rate", \.rate, in: 0.0001...1, "How much of each tree is added")
      Field("max_depth", \.depth, in: 1...14, "Levels of a tree")
      Field("min_child_weight", \.leastWeight, in: 0...1e6, "Least curvature in a leaf")
      Field("subsample", \.rows, in: 0.05...1, "Share of the rows that a tree is grown on")
      Field("colsample_bytree", \.columns, in: 0.05...1, "Share of the features a tree may use")
      Field("lambda", \.squares, in: 0...1e6, "Penalty on the squares of leaves")
      Field("alpha", \.magnitudes, in: 0...1e6, "Penalty on the magnitudes of leaves")
      Field("gamma", \.leastGain, in: 0...1e6, "Least gain that a split must bring")
      Field("max_bin", \.bins, in: 2...4096, "Steps that a feature is cut into")
      Field("class_weights", \.classWeights, "Whether rare classes count more")
    }
  }

  static let card = ModelCard(
    "xgboost", family: .boosting, "Gradient-boosted trees grown level by level, by XGBoost",
    abilities: [.classes, .returns, .missing, .importance])

  static let searchSpace = SearchSpace([
    .logarithmic("learning_rate", 0.005...0.3), .whole("max_depth", 2...10),
    .logarithmic("min_child_weight", 0.1...200), .real("subsample", 0.4...1),
    .real("colsample_bytree", 0.2...1), .logarithmic("lambda", 0.01...100),
    .logarithmic("gamma", 0.0001...10),
  ])

  static func weighting(_ settings: Settings) -> ClassWeighting { settings.classWeights }
  static func libraries() throws -> [Manifest.Library] {
    [try BoostingLibraries.entry("XGBoost", BoostingLibraries.xgboost())]
  }

  static let file = "model.ubj"
  let bytes: [UInt8]
  let trees: TreeModel

  init(_ bytes: [UInt8], source: String) throws(TreeModelError) {
    self.bytes = bytes
    trees = try TreeModel(xgboost: bytes, source: source)
  }

  static func fit(
    _ settings: Settings, to lesson: Lesson, in session: FitSession
  ) throws -> XGBoost {
    let objective =
      lesson.target == .classes
      ? [("objective", "multi:softprob"), ("num_class", "3")] : [("objective", "reg:squarederror")]
    let validation = BoostingRows(lesson.validation)
    let bytes = try XGBoostTraining.model(
      objective + [
        ("tree_method", "hist"), ("seed", seed(session)), ("eta", settings.rate.settingText),
        ("max_depth", "\(settings.depth)"),
        ("min_child_weight", settings.leastWeight.settingText),
        ("subsample", settings.rows.settingText),
        ("colsample_bytree", settings.columns.settingText),
        ("lambda", settings.squares.settingText), ("alpha", settings.magnitudes.settingText),
        ("gamma", settings.leastGain.settingText),
      ], bins: settings.bins,
      plan: BoostingPlan(rounds: settings.rounds, threads: session.cores),
      train: BoostingRows(
        lesson.train, classWeights: lesson.classWeights(settings.classWeights)),
      validation: validation,
      watch: watch(session, rounds: settings.rounds, patience: settings.patience))
    return try checked(bytes, on: validation)
  }

  static func predict(
    _ bytes: [UInt8], _ rows: BoostingRows, outputs: Int
  ) throws -> [Double] {
    try XGBoostTraining.predict(bytes, rows.numbers, width: rows.width)
  }
}

@section("martinet_models") @used private let entry: ModelEntry = { announce(XGBoost.self, $0) }
