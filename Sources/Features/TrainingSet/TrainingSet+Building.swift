import Market
import MarketData
import Runtime

extension TrainingSet {
  /// What a build did, before anything is written.
  public struct Built: Sendable {
    public let parts: [(part: Part, table: SampleTable)]
    public let scaler: FittedScaler
    public let leftOut: [FeatureSelection.LeftOut]
    public let features: [any Feature]
    /// All but what is known only when files are there, or proved.
    let manifest: JSON
    /// Of the proof that no feature looks ahead, where there is one; it goes into the manifest.
    public var certificate = JSON.null
  }

  /// Makes the three parts of a training set.
  ///
  /// - Parameters:
  ///   - frames: bars of each symbol.
  ///   - code: of the program, for the cache and the manifest.
  public static func build(
    _ recipe: TrainingRecipe, frames: [Frame], code: String
  ) throws -> Built {
    try build(recipe, frames: frames, code: code, cache: .shared)
  }

  package static func build(
    _ recipe: TrainingRecipe, frames: [Frame], code: String, cache: FeatureCache
  ) throws -> Built {
    var samples = try Samples(recipe, frames: frames, code: code, cache: cache)
    let outcome = try recipe.selection.applied(to: samples.rows, rows: samples.fold.train)
    samples.leftOut += outcome.leftOut
    let places = Set(outcome.leftOut.map(\.place))
    let rows = samples.rows.removing(places)
    guard !rows.features.isEmpty else { throw TrainingSetError.nothingLeft }
    let scaler = try fitted(recipe.scaling, rows, samples.fold)
    let labelNames = recipe.labels.map(\.column) + (try recipe.outcomes().map(\.outcomeColumn))
    var scaled: [Column<Double>] = []
    for (name, column) in zip(rows.names, rows.values) {
      scaled.append(try scaler.scaled(name, column))
    }
    let parts = Part.allCases.map { part in
      (part, rows.table(of: part.rows(of: samples.fold), values: scaled, labelNames: labelNames))
    }
    return Built(
      parts: parts, scaler: scaler, leftOut: samples.leftOut, features: rows.features,
      manifest: samples.manifest(
        recipe, rows: rows, weights: outcome.weights, code: code))
  }

  /// The scaler learns from the training part alone, and is refused if it touches another.
  private static func fitted(
    _ scaling: Scaling, _ rows: SampleRows, _ fold: Fold
  ) throws -> FittedScaler {
    let knownAt = Column(rows.knownAt)
    let scaler = try FittedScaler(
      scaling, columns: Array(zip(rows.names, rows.values)).map { (name: $0, values: $1) },
      knownAt: knownAt, rows: fold.train)
    for part in [Part.validation, .test] {
      let instants = part.rows(of: fold).map { rows.knownAt[$0] }
      guard let first = instants.min(), let last = instants.max() else { continue }
      try scaler.check(
        unseen: part.words,
        Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last))
    }
    return scaler
  }
}

/// Rows with features and labels, and which part each belongs to.
struct Samples {
  let frames: [Frame]
  let rows: SampleRows
  let fold: Fold
  var leftOut: [FeatureSelection.LeftOut]

  init(
    _ recipe: TrainingRecipe, frames: [Frame], code: String, cache: FeatureCache
  ) throws {
    let choice = recipe.choice
    try choice.refuseLookAhead()
    try choice.check(frames)
    let (features, absent) = choice.possible(over: frames)
    leftOut = absent
    guard !features.isEmpty else { throw TrainingSetError.nothingLeft }
    try Self.check(frames, features, horizon: recipe.labels.map(\.horizon).max() ?? 0)
    let joined = try choice.joined(frames)
    let columns = try FeatureColumns(features, code: code, cache: cache).columns(over: joined)
    try choice.refuseEmpty(features, columns)
    var labelled: [[LabelColumn]] = []
    var outcomes: [[LabelColumn]] = []
    for frame in frames {
      labelled.append(try recipe.labels.map { try $0.column(over: frame) })
      outcomes.append(try recipe.outcomes().map { try $0.column(over: frame) })
    }
    let rows = SampleRows(
      frames, features: features, columns: columns, labelled: labelled,
      outcomes: outcomes, horizons: recipe.labels.map(\.horizon), missingRows: recipe.missingRows)
    guard rows.count > 0 else { throw TrainingSetError.noRows(rows.account) }
    fold = try recipe.split.fold(
      of: SampleTimes(knownAt: rows.knownAt, settledAt: rows.settledAt))
    self.rows = rows
    self.frames = frames
  }

  /// Refuses symbols with too few bars, and columns that are there and hold nothing.
  private static func check(
    _ frames: [Frame], _ features: [any Feature], horizon: Int
  ) throws(FeatureError) {
    let lookBack = features.map(\.about.lookBack).max() ?? 0
    let columns = features.reduce(into: Set<String>()) { all, feature in
      if let planned = feature as? any PlannedFeature { all.formUnion(planned.inputs) }
    }
    for frame in frames {
      guard frame.count > lookBack + horizon else {
        throw .tooFewBars(symbol: frame.symbol, bars: frame.count, needed: lookBack + horizon + 1)
      }
      for name in columns.sorted() {
        guard let column = frame[name] else { continue }
        guard column.contains(where: { !$0.isNaN }) else {
          throw .emptyColumn(name, symbol: frame.symbol, bars: frame.count)
        }
      }
    }
  }
}

extension FeatureChoice {
  /// The features whose columns the bars have; those of sets that lack one are left out, as the VIX
  /// is where it is not there.
  func possible(
    over frames: [Frame]
  ) -> (features: [any Feature], absent: [FeatureSelection.LeftOut]) {
    var features: [any Feature] = []
    var absent: [FeatureSelection.LeftOut] = []
    let optional = BarColumns.optional.subtracting(CrossSection.columns)
    for formula in ofSets {
      let lacking = formula.inputs.intersection(optional).filter { name in
        frames.allSatisfy { $0[name] == nil }
      }
      if let name = lacking.min() {
        absent.append(
          .init(
            place: -1, name: formula.about.name, reason: .absent, detail: "the bars have no \(name)"
          ))
      } else {
        features.append(formula)
      }
    }
    return (features + own.map(\.feature) + coded, absent)
  }

  /// Refuses an expression of the person's own that gives nothing at any bar of any symbol.
  func refuseEmpty(_ features: [any Feature], _ columns: [[Column<Double>]]) throws(ExpressionError)
  {
    for own in own {
      let name = own.feature.about.name
      guard let index = features.firstIndex(where: { $0.about.name == name }) else { continue }
      if columns.allSatisfy({ $0[index].allSatisfy(\.isNaN) }) {
        throw ExpressionError(
          .data, at: own.place, "\(name) is missing at every bar of every symbol",
          "look for a division by zero, the logarithm of a negative number or an empty column")
      }
    }
  }
}
