import Market
import Runtime

/// What came of fetching one series.
public struct FetchOutcome: Sendable {
  public enum Status: String, Sendable {
    case fetched
    /// Nothing was missing, and nothing was asked.
    case upToDate = "up_to_date"
    /// The source had no bars.
    case empty
    /// The source changed the past, after a split or a dividend, and all of it was fetched again.
    case rebased
    case failed
  }

  public let key: SeriesKey
  public var status: Status
  public var counts = WriteCounts()
  /// The first start and the last end among the bars that came.
  public var span: Range<Timestamp>?
  public var notes: [BatchNote] = []
  /// Why it failed; what came before that is kept.
  public var failure: Diagnosis?

  init(key: SeriesKey, status: Status = .empty) {
    self.key = key
    self.status = status
  }

  mutating func add(_ batch: BarBatch, _ written: WriteCounts) {
    counts = counts + written
    for note in batch.notes {
      if let index = notes.firstIndex(where: { $0.code == note.code }) {
        notes[index] = BatchNote(
          code: note.code, count: notes[index].count + note.count, words: note.words)
      } else {
        notes.append(note)
      }
    }
    guard let first = batch.start.min(), let last = batch.end.max() else { return }
    if status == .empty { status = .fetched }
    span =
      Timestamp(
        nanoseconds: min(first, span?.lowerBound.nanoseconds ?? first))..<Timestamp(
        nanoseconds: max(last, span?.upperBound.nanoseconds ?? last))
  }

  public var json: JSON {
    var value: JSON = [
      "symbol": .string(key.symbol.text), "interval": .string("\(key.interval)"),
      "source": .string(key.source), "added": JSON(counts.added), "revised": JSON(counts.revised),
      "unchanged": JSON(counts.unchanged), "first": JSON(span?.lowerBound.description),
      "last": JSON(span?.upperBound.description), "status": .string(status.rawValue),
    ]
    if !notes.isEmpty {
      value.append("left_out", .object(notes.map { JSON.Member($0.code, JSON($0.count)) }))
    }
    if let failure {
      value.append(
        "error",
        [
          "place": .string(failure.place), "finding": .string(failure.finding),
          "remedy": .string(failure.remedy),
        ])
    }
    return value
  }
}
