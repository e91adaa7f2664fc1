import Market
import Runtime

/// What a source said otherwise at a later time: one figure of one bar, or one corporate action.
public enum Restatement: Equatable, Sendable {
  case figure(SeriesKey, start: Timestamp, column: String, old: Double, new: Double)
  /// `old` is `nil` for an action that was told only after its day.
  case action(source: String, old: CorporateAction?, new: CorporateAction)
}

extension BarStore {
  /// The figures that were one thing as the store had them at `first`, and another at `second`;
  /// bars that were not there yet are no restatement.
  public func restatements(
    of key: SeriesKey, between first: Timestamp, and second: Timestamp
  ) throws(StoreError) -> [Restatement] {
    var found: [Restatement] = []
    for chunk in try chunks(of: key) {
      let stored = try history(of: key, starts: chunk)
      guard stored.revision.contains(where: { $0 > 0 }) else { continue }
      let figures = Figures(stored.bars)
      for rows in stored.barRows where rows.count > 1 {
        // The last version recorded by each instant.
        guard let old = rows.last(where: { stored.recordedAt[$0] <= first.nanoseconds }),
          let new = rows.last(where: { stored.recordedAt[$0] <= second.nanoseconds }), old != new
        else { continue }
        let start = Timestamp(nanoseconds: stored.bars.start[old])
        for change in figures.differences(old, figures, new) {
          found.append(
            .figure(key, start: start, column: change.name, old: change.here, new: change.there))
        }
      }
    }
    return found
  }

  /// The corporate actions that were told otherwise, or only after their day.
  public func restatedActions(
    of symbol: Symbol?, between first: Timestamp, and second: Timestamp
  ) throws(StoreError) -> [Restatement] {
    let told = try recordedActions(of: symbol)
    let places = Dictionary(grouping: told, by: \.place)
    return places.values.compactMap { versions -> (RecordedAction, Restatement)? in
      let inOrder = versions.sorted { $0.recordedAt < $1.recordedAt }
      guard let new = inOrder.last(where: { $0.recordedAt <= second }) else { return nil }
      let old = inOrder.last { $0.recordedAt <= first }
      guard old != new, old != nil || new.action.date < first.utcDate else { return nil }
      return (new, .action(source: new.source, old: old?.action, new: new.action))
    }.sorted {
      ($0.0.action.symbol, $0.0.action.date, $0.0.source, $0.0.ordinal)
        < ($1.0.action.symbol, $1.0.action.date, $1.0.source, $1.0.ordinal)
    }.map(\.1)
  }
}
