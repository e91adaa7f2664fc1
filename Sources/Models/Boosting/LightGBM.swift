import Learning
import Runtime

/// Trees grown leaf by leaf on the gradient of the loss (Ke and others, 2017), by LightGBM itself.
struct LightGBM: BoostedModel {
  struct Settings: Configured {
    var rounds = 500
    var patience = 50
    var rate = 0.05
    var leaves = 31
    var leastRows = 20
    var rows = 0.8
    var columns = 0.8
    var squares = 0.0
    var magnitudes = 0.0
    var leastGain = 0.0
    var bins = 255
    var classWeights = ClassWeighting.none

    static let schema = Schema<Self>("Trees grown leaf by leaf") {
      Field("rounds", \.rounds, in: 1...100_000, "Rounds at most; each grows a tree a class")
      Field(
        "patience", \.patience, in: 1...100_000,
        "Rounds without a better validation loss to stop at")
      Field("learning_rate", \.rate, in: 0.0001...1, "How much of each tree is added")
      Field("num_leaves", \.leaves, in: 2...32_768, "Leaves of a tree")
      Field("min_data_in_leaf", \.leastRows, in: 1...1_000_000, "Least rows in a leaf")
      Field("bagging_fraction", \.rows, in: 0.05...1, "Share of the rows that a tree is grown on")
      Field("feature_fraction", \.columns, in: 0.05...1, "Share of the features a tree may use")
      Field("lambda_l2", \.squares, in: 0...1e6, "Penalty on the squares of leaves")
      Field("lambda_l1", \.magnitudes, in: 0...1e6, "Penalty on the magnitudes of leaves")
      Field("min_gain_to_split", \.leastGain, in: 0...1e6, "Least gain that a split must bring")
      Field("max_bin", \.bins, in: 2...4096, "Steps that a feature is cut into")
      Field("class_weights", \.classWeights, "Whether rare classes count more")
    }
  }

  static let card = ModelCard(
    "lightgbm", family: .boosting, "Gradient-boosted trees grown leaf by leaf, by LightGBM",
    abilities: [.classes, .returns, .missing, .importance])

  static let searchSpace = SearchSpace([
    .logarithmic("learning_rate", 0.005...0.3), .whole("num_leaves", 4...256),
    .whole("min_data_in_leaf", 5...500), .real("bagging_fraction", 0.4...1),
    .real("feature_fraction", 0.2...1), .logarithmic("lambda_l2", 0.001...100),
    .logarithmic("lambda_l1", 0.001...100),
  ])

  static func weighting(_ settings: Settings) -> ClassWeighting { settings.classWeights }
  static func libraries() throws -> [Manifest.Library] {
    [try BoostingLibraries.entry("LightGBM", BoostingLibraries.lightgbm())]
  }

  static let file = "model.txt"
  let bytes: [UInt8]
  let trees: TreeModel

  init(_ bytes: [UInt8], source: String) throws(TreeModelError) {
    self.bytes = bytes
    trees = try TreeModel(lightgbm: bytes, source: source)
  }

  static func fit(
    _ settings: Settings, to lesson: Lesson, in session: FitSession
  ) throws -> LightGBM {
    let objective =
      lesson.target == .classes
      ? [("objective", "multiclass"), ("num_class", "3")] : [("objective", "regression")]
    let validation = BoostingRows(lesson.validation)
    let text = try LightGBMTraining.model(
      objective + [
        ("seed", seed(session)), ("learning_rate", settings.rate.settingText),
        ("num_leaves", "\(settings.leaves)"), ("min_data_in_leaf", "\(settings.leastRows)"),
        ("bagging_freq", settings.rows < 1 ? "1" : "0"),
        ("bagging_fraction", settings.rows.settingText),
        ("feature_fraction", settings.columns.settingText),
        ("lambda_l2", settings.squares.settingText), ("lambda_l1", settings.magnitudes.settingText),
        ("min_gain_to_split", settings.leastGain.settingText), ("max_bin", "\(settings.bins)"),
      ],
      plan: BoostingPlan(rounds: settings.rounds, threads: session.cores),
      train: BoostingRows(
        lesson.train, classWeights: lesson.classWeights(settings.classWeights)),
      validation: validation,
      watch: watch(session, rounds: settings.rounds, patience: settings.patience))
    return try checked(Array(text.utf8), on: validation)
  }

  static func predict(
    _ bytes: [UInt8], _ rows: BoostingRows, outputs: Int
  ) throws -> [Double] {
    try LightGBMTraining.predict(
      String(decoding: bytes, as: UTF8.self), rows.numbers, width: rows.width, outputs: outputs)
  }
}

@section("martinet_models") @used private let entry: ModelEntry = { announce(LightGBM.self, $0) }
