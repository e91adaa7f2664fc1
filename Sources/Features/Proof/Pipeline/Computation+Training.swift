import Market
import Runtime

/// The rows of one symbol that a fold gives to training, fixed beforehand, as an experiment has them.
public struct TrainingPart: Sendable {
  let label: any Label
  let rows: [Int]
  /// When the first sample that judges the model is known; training must be settled by then.
  let begins: Int64
  /// The same of the samples after each row, where training goes on behind the test; `Int64.max` of
  /// rows that no sample comes after.
  private let judgedAt: [Int64]

  /// - Parameter fold: of the samples of that one frame.
  package init(_ fold: Fold, of frame: Frame, label: any Label) {
    self.label = label
    rows = fold.train
    let judges = (fold.validation + fold.test).sorted()
    begins = judges.first.map { frame.knownAt[$0] } ?? .max
    var place = 0
    judgedAt = fold.train.map { row in
      while place < judges.count, judges[place] <= row { place += 1 }
      return place < judges.count ? frame.knownAt[judges[place]] : .max
    }
  }

  /// When each of the first rows is used.
  func usedAt(_ count: Int) -> Column<Int64> { Column(judgedAt.prefix(count)) }

  /// Where a change of what comes after would show first.
  package var cuts: [Int64] { Set(judgedAt.filter { $0 != .max }).sorted() }

  /// Those of the rows that a frame has.
  func rows(in frame: Frame) -> [Int] { rows.filter { $0 < frame.count } }
}

extension Computation {
  /// What a model is trained on: no row of it may move when anything changes that becomes known after
  /// the next sample that judges the model.
  public static func training(
    _ features: [any Feature], _ part: TrainingPart
  ) -> Computation {
    let names = features.map(\.about.name) + [part.label.name]
    return Computation(names.map { ProvenColumn($0) }) { world in
      let suite = FeatureSuite(features)
      return try world.frames.map { frame in
        let rows = part.rows(in: frame)
        let columns =
          try suite.columns(over: [BarColumns(frame)])[0]
          + [try part.label.column(over: frame).values]
        return ProvenTable(
          name: "training of \(frame.symbol)",
          usedAt: part.usedAt(rows.count),
          values: columns.map { column in Column(rows.map { column[$0] }) })
      }
    }
  }

  /// Features on the scale that a fold's training part has taught: later rows are used when they are
  /// known, earlier ones when the scale is.
  public static func scaled(
    _ features: [any Feature], _ scaling: Scaling, _ part: TrainingPart
  ) -> Computation {
    Computation(features.map { ProvenColumn($0.about.name) }) { world in
      let suite = FeatureSuite(features)
      return try world.frames.map { frame in
        let rows = part.rows(in: frame)
        let columns = try suite.columns(over: [BarColumns(frame)])[0]
        let named = zip(features, columns).map { ($0.about.name, $1) }
        let scaler =
          rows.isEmpty
          ? nil
          : try FittedScaler(scaling, columns: named, knownAt: frame.knownAt, rows: rows)
        let learned = part.rows.last == rows.last ? scaler?.fitted.upperBound.nanoseconds : nil
        return ProvenTable(
          name: frame.symbol.text,
          usedAt: Column(frame.knownAt.map { known in learned.map { max(known, $0) } ?? .max }),
          values: try named.map { name, column in
            try scaler?.scaled(name, column) ?? Column(repeating: .nan, count: frame.count)
          })
      }
    }
  }
}
