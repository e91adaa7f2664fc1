import Features
import Market
import MarketData
import Runtime

/// A training set as models are shown it: the samples of one label, part by part.
///
/// A sample never crosses symbols, the edge of a part, or a gap in time longer than `gapMax`.
package struct LearningSet: Sendable {
  /// Without its rows, which lie in `Windows` as models are shown them.
  package let source: TrainingSet
  package let horizon: Int
  package let target: Target
  /// The longest time between two rows of a symbol that follow on each other for a sample.
  package let gapMax: Duration
  private let parts: [TrainingSet.Part: PartRows]

  /// Holidays close exchanges for six days at most since 2001.
  package static let gapMaxStandard = Duration.seconds(7 * 86_400)

  /// - Parameter files: where the numbers lie that processes share; nil where each has its own
  package init(
    _ source: TrainingSet, horizon: Int, gapMax: Duration = gapMaxStandard,
    files: MatrixFiles? = nil
  ) throws {
    let label = "label_h\(horizon)"
    guard source.labelNames.contains(label) else {
      throw LessonError.noLabel(
        place: source.folder, horizon: horizon, known: source.labelNames)
    }
    let kind = source.manifest["labels"]?.elements?.first { $0["name"]?.string == label }
    target = kind?["kind"]?.string.flatMap(Target.init(rawValue:)) ?? .classes
    self.source = source.withoutRows
    self.horizon = horizon
    self.gapMax = gapMax
    var parts: [TrainingSet.Part: PartRows] = [:]
    for part in TrainingSet.Part.allCases {
      let place = "\(source.folder)/\(part.file)"
      let rows = try PartRows(
        source[part], features: source.featureNames, label: label, horizon: horizon, place: place,
        files.flatMap { files in source.hash(of: part).map { (files, $0) } })
      try rows.check(label: label, target: target, place: place)
      parts[part] = rows
    }
    self.parts = parts
  }

  /// The samples of a part, in the order of time.
  package func windows(_ part: TrainingSet.Part, steps: Int) throws(LessonError) -> Windows {
    guard let rows = parts[part] else {
      throw .tooFewRows(place: source.folder, part: part.rawValue, rows: 0, steps: steps)
    }
    let ends = rows.ends(steps: steps, gapMax: gapMax.nanoseconds ?? .max)
    guard !ends.isEmpty else {
      throw .tooFewRows(
        place: "\(source.folder)/\(part.file)", part: part.rawValue, rows: rows.count,
        steps: steps)
    }
    return rows.windows(ends, steps: steps, horizon: horizon, target: target)
  }

  /// The rows that samples of a table end with, once its rows stand symbol by symbol.
  package static func ends(
    of table: SampleTable, features: [String], label: String, steps: Int, gapMax: Duration,
    place: String
  ) throws(LessonError) -> [Int32] {
    try PartRows(table, features: features, label: label, horizon: 1, place: place)
      .ends(steps: steps, gapMax: gapMax.nanoseconds ?? .max)
  }

  /// What the close did after each sample; nil where the set does not say.
  package func outcomes(_ part: TrainingSet.Part, of windows: Windows) -> Outcomes? {
    guard let rows = parts[part], let ahead = rows.ahead, let next = rows.next else { return nil }
    return Outcomes(
      ahead: windows.ends.map { ahead[Int($0)] }, next: windows.ends.map { next[Int($0)] })
  }

  /// Refuses what no model could learn from, and what this one cannot.
  package func check(_ windows: Windows, for card: ModelCard) throws(LessonError) {
    let place = "\(source.folder)/\(TrainingSet.Part.train.file)"
    let label = "label_h\(horizon)"
    if target == .classes, let first = windows.labels.first,
      windows.labels.allSatisfy({ $0 == first })
    {
      throw .oneClass(place: place, column: label, value: Int(first), rows: windows.count)
    }
    guard let rows = parts[.train] else { return }
    let columns = rows.columns
    if columns.allSatisfy(\.isConstant) { throw .constant(place: place, rows: rows.count) }
    if card.abilities.contains(.missing) { return }
    for part in TrainingSet.Part.allCases {
      guard let missing = parts[part]?.columns.first(where: { $0.missing > 0 }) else { continue }
      throw .featureMissing(
        place: "\(source.folder)/\(part.file)", model: card.name, column: missing.name,
        rows: missing.missing)
    }
  }

  /// Features that have one value in all of training: they teach nothing, which is worth saying.
  package var constantFeatures: [String] {
    parts[.train]?.columns.filter(\.isConstant).map(\.name) ?? []
  }
}

/// What the close did after samples: what forecasts are judged by, and nothing that models are shown.
package struct Outcomes: Sendable {
  /// Over the bars that the label looks at.
  package let ahead: [Double]
  /// Over the next bar.
  package let next: [Double]

  package init(ahead: [Double], next: [Double]) {
    self.ahead = ahead
    self.next = next
  }

  package func subset(_ places: some Sequence<Int>) -> Outcomes {
    let places = Array(places)
    return Outcomes(ahead: places.map { ahead[$0] }, next: places.map { next[$0] })
  }
}

/// The rows of a part, those of a symbol one after the other in the order of time.
struct PartRows: Sendable {
  let matrix: FeatureMatrix
  let symbols: [Symbol]
  let codes: [Int32]
  let datetimes: [Int64]
  let labels: [Double]
  let ahead: [Double]?
  let next: [Double]?
  /// What is odd about each feature.
  let columns: [ColumnLook]

  var count: Int { codes.count }

  init(
    _ table: SampleTable, features: [String], label: String, horizon: Int, place: String,
    _ shared: (files: MatrixFiles, hash: String)? = nil
  ) throws(LessonError) {
    let order = (0..<table.rowCount).sorted {
      (table.codes[$0], table.datetimes[$0], $0) < (table.codes[$1], table.datetimes[$1], $1)
    }
    func gathered(_ name: String) -> [Double]? {
      table.numbers[name].map { column in order.map { column[$0] } }
    }
    symbols = table.symbols
    codes = order.map { table.codes[$0] }
    datetimes = order.map { table.datetimes[$0] }
    labels = gathered(label) ?? []
    ahead = gathered("\(TrainingSet.outcomePrefix)h\(horizon)")
    next = gathered("\(TrainingSet.outcomePrefix)h1")
    let fill = { (values: UnsafeMutableBufferPointer<Float>) in
      for (place, name) in features.enumerated() {
        guard let column = table.numbers[name] else { continue }
        for (row, from) in order.enumerated() {
          values[row * features.count + place] = Float(column[from])
        }
      }
    }
    matrix =
      shared.map { shared in
        shared.files.matrix(
          MatrixFiles.key(of: shared.hash, names: features), names: features, rows: order.count,
          fill)
      } ?? FeatureMatrix(names: features, rows: order.count, fill)
    columns = Self.look(at: matrix)
    if let column = columns.first(where: { $0.isInfinite }) {
      throw .featureInfinite(place: place, column: column.name)
    }
  }

  func check(label: String, target: Target, place: String) throws(LessonError) {
    let missing = labels.count { $0.isNaN }
    guard missing == 0 else { throw .labelMissing(place: place, column: label, rows: missing) }
    guard target == .classes else { return }
    if let odd = labels.first(where: { ![-1, 0, 1].contains($0) }) {
      throw .notAClass(place: place, column: label, value: odd)
    }
  }

  func windows(_ ends: [Int32], steps: Int, horizon: Int, target: Target) -> Windows {
    Windows(
      matrix: matrix, steps: steps, horizon: horizon, target: target, symbols: symbols,
      codes: codes, datetimes: datetimes, labels: labels, ends: ends)
  }

  /// The rows that samples end with, in the order of time, then of symbols.
  func ends(steps: Int, gapMax: Int64) -> [Int32] {
    Self.ends(codes: codes, datetimes: datetimes, steps: steps, gapMax: gapMax)
  }

  /// The same of rows that stand symbol by symbol, those of each in the order of time.
  static func ends(
    codes: [Int32], datetimes: [Int64], steps: Int, gapMax: Int64
  ) -> [Int32] {
    var ends: [Int32] = []
    var run = 0
    for row in codes.indices {
      let follows =
        row > 0 && codes[row] == codes[row - 1] && datetimes[row] - datetimes[row - 1] <= gapMax
        && datetimes[row] > datetimes[row - 1]
      run = follows ? run + 1 : 1
      if run >= steps { ends.append(Int32(row)) }
    }
    return ends.sorted {
      (datetimes[Int($0)], codes[Int($0)]) < (datetimes[Int($1)], codes[Int($1)])
    }
  }

  struct ColumnLook {
    let name: String
    let missing: Int
    let isInfinite: Bool
    let isConstant: Bool
  }

  /// Row by row, as the numbers lie, with what is known of each column in arrays of its own.
  private static func look(at matrix: FeatureMatrix) -> [ColumnLook] {
    let columns = matrix.columns
    var missing = [Int](repeating: 0, count: columns)
    var first = [Float](repeating: .nan, count: columns)
    var isInfinite = [Bool](repeating: false, count: columns)
    var isConstant = [Bool](repeating: true, count: columns)
    for row in 0..<matrix.rows {
      let values = matrix.start + row * columns
      for column in 0..<columns {
        let value = values[column]
        if value.isNaN {
          missing[column] += 1
        } else if first[column].isNaN {
          first[column] = value
        } else if value != first[column] {
          isConstant[column] = false
        }
        if value.isInfinite { isInfinite[column] = true }
      }
    }
    return matrix.names.enumerated().map { column, name in
      ColumnLook(
        name: name, missing: missing[column], isInfinite: isInfinite[column],
        isConstant: isConstant[column])
    }
  }
}
