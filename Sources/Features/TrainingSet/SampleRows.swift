import Market
import MarketData
import Runtime

/// Features and labels of every symbol, row by row, before they are split and scaled.
///
/// Rows stand in the order in which they became known, those of one instant in the order of symbols.
struct SampleRows {
  let symbols: [Symbol]
  var features: [any Feature]
  /// For each row its symbol, when it was known and when the last of its labels was settled.
  private(set) var codes: [Int32] = []
  private(set) var knownAt: [Int64] = []
  private(set) var settledAt: [Int64] = []
  /// One column a feature and a label.
  private(set) var values: [Column<Double>] = []
  private(set) var labels: [Column<Double>] = []
  private(set) var outcomes: [Column<Double>] = []
  /// Of each label, in bars.
  let horizons: [Int]
  private(set) var account = SampleAccount()

  /// A place in the frames.
  private struct Place {
    let symbol: Int
    let row: Int
  }

  /// - Parameters:
  ///   - columns: for each symbol a column a feature.
  ///   - labelled: for each symbol a column a label.
  ///   - outcomes: for each symbol a column of what the close did; no row is left out for them.
  init(
    _ frames: [Frame], features: [any Feature], columns: [[Column<Double>]],
    labelled: [[LabelColumn]], outcomes: [[LabelColumn]], horizons: [Int],
    missingRows: TrainingRecipe.MissingRows
  ) {
    symbols = frames.map(\.symbol)
    self.features = features
    self.horizons = horizons
    let warmUp = features.map(\.about.lookBack).max() ?? 0
    var places: [Place] = []
    for (symbol, frame) in frames.enumerated() {
      account.bars += frame.count
      account.warmUp += min(warmUp, frame.count)
      for row in min(warmUp, frame.count)..<frame.count {
        if missingRows == .drop, columns[symbol].contains(where: { $0[row].isNaN }) {
          account.missing += 1
        } else if labelled[symbol].contains(where: { $0.settledAt[row] == .max }) {
          account.unlabelled += 1
        } else {
          places.append(Place(symbol: symbol, row: row))
        }
      }
    }
    places.sort { a, b in
      (frames[a.symbol].knownAt[a.row], a.symbol) < (frames[b.symbol].knownAt[b.row], b.symbol)
    }
    codes = places.map { Int32($0.symbol) }
    knownAt = places.map { frames[$0.symbol].knownAt[$0.row] }
    settledAt = places.map { place in
      labelled[place.symbol].map { $0.settledAt[place.row] }.max() ?? .max
    }
    func gathered(_ column: (Int) -> Column<Double>) -> Column<Double> {
      Column(places.map { column($0.symbol)[$0.row] })
    }
    values = features.indices.map { index in gathered { columns[$0][index] } }
    func gathered(_ columns: [[LabelColumn]]) -> [Column<Double>] {
      (columns.first ?? []).indices.map { index in gathered { columns[$0][index].values } }
    }
    labels = gathered(labelled)
    self.outcomes = gathered(outcomes)
  }

  var count: Int { codes.count }
  var names: [String] { features.map(\.about.name) }

  /// Without the features at these places.
  func removing(_ places: Set<Int>) -> SampleRows {
    var rest = self
    rest.features = features.indices.filter { !places.contains($0) }.map { features[$0] }
    rest.values = values.indices.filter { !places.contains($0) }.map { values[$0] }
    return rest
  }

  /// Some of the rows, with other values of the features.
  func table(
    of rows: [Int], values: [Column<Double>], labelNames: [String]
  ) -> SampleTable {
    SampleTable(
      datetimes: Column(rows.map { knownAt[$0] }), symbols: symbols,
      codes: Column(rows.map { codes[$0] }),
      numbers: NumberTable(
        names: names + labelNames,
        columns: (values + labels + outcomes).map { column in Column(rows.map { column[$0] }) }))
  }
}

/// What became of the bars that a training set was made from.
public struct SampleAccount: Hashable, Sendable {
  public var bars = 0
  /// Before every look-back is full.
  public var warmUp = 0
  /// With a feature missing later on.
  public var missing = 0
  /// Whose labels are settled by bars that are not there.
  public var unlabelled = 0

  var json: JSON {
    [
      "bars": JSON(bars), "warm_up": JSON(warmUp), "missing": JSON(missing),
      "unlabelled": JSON(unlabelled),
    ]
  }
}
