import Market
import Runtime

/// Which version of a bar is wanted, where a source delivered it more than once.
public enum Knowledge: Hashable, Sendable {
  case latest
  /// As the store had it at that instant: what an old result was computed from.
  case asOf(Timestamp)
}

/// Which bars to read.
public struct BarQuery: Hashable, Sendable {
  public var key: SeriesKey
  /// Bars that start in it; `nil` for all.
  public var starts: Range<Timestamp>?
  public var knowledge: Knowledge

  public init(
    _ key: SeriesKey, starts: Range<Timestamp>? = nil, knowledge: Knowledge = .latest
  ) {
    self.key = key
    self.starts = starts
    self.knowledge = knowledge
  }
}

/// What became of the rows of a batch.
public struct WriteCounts: Hashable, Sendable {
  /// Bars the store did not have.
  public var added = 0
  /// Bars it had with other figures; the old ones are kept as earlier versions.
  public var revised = 0
  /// Bars it had exactly so.
  public var unchanged = 0

  public init(added: Int = 0, revised: Int = 0, unchanged: Int = 0) {
    self.added = added
    self.revised = revised
    self.unchanged = unchanged
  }

  public static func + (a: WriteCounts, b: WriteCounts) -> WriteCounts {
    WriteCounts(
      added: a.added + b.added, revised: a.revised + b.revised,
      unchanged: a.unchanged + b.unchanged)
  }
}

/// One version of one bar.
public struct BarVersion: Hashable, Sendable {
  public let bar: Bar
  public let adjustedClose: Double
  /// When the store took it in; it holds until the next version's instant.
  public let recordedAt: Timestamp

  public init(bar: Bar, adjustedClose: Double, recordedAt: Timestamp) {
    self.bar = bar
    self.adjustedClose = adjustedClose
    self.recordedAt = recordedAt
  }
}

/// Where bars are kept, in two times: when they were (`start`, `end`, `knownAt`) and when the store
/// took them in (`recordedAt`). Nothing is ever forgotten: a bar delivered again with other figures
/// becomes a new version, and the store can be read as it was at any instant.
///
/// Calls block until the work is done and, for writes, until the disk has it. A store may be used
/// from several threads and by several processes at once.
public protocol BarStore: Sendable {
  var address: StoreAddress { get }

  /// What a person should know about this store, each a sentence without its full stop.
  var notices: [String] { get }

  /// Every series, in order.
  func series() throws(StoreError) -> [SeriesSummary]

  /// Says what a series' bars are, before the first of them is written. Refused where the series
  /// exists and was declared otherwise; what was left open then may be settled now.
  func declare(_ key: SeriesKey, as declaration: BarDeclaration) throws(StoreError)

  /// Writes all rows or none; when it returns, no crash loses them. Of rows with one start the last
  /// one counts. Columns written: `StoredBars.columnNames`; one that the batch does not have is
  /// missing in all of its rows.
  func write(
    _ batch: BarBatch, to key: SeriesKey, recordedAt: Timestamp
  ) throws(StoreError) -> WriteCounts

  /// Takes over bars with all of their versions as another store recorded them, all or none.
  /// Refused where it has one of the bars already.
  func adopt(_ history: StoredBars, to key: SeriesKey) throws(StoreError)

  /// One version of each bar in order of start, as it came: bars may overlap or end before they
  /// start. `knownAt` is when a bar was first known, whatever became of it later.
  func bars(_ query: BarQuery) throws(StoreError) -> StoredBars

  /// Every version of the bars that start in `starts`, in order of start and then of revision.
  func history(
    of key: SeriesKey, starts: Range<Timestamp>?
  ) throws(StoreError) -> StoredBars

  func write(_ actions: [CorporateAction], source: String, recordedAt: Timestamp)
    throws(StoreError)

  /// Every version of every action, of one symbol or of all, in order.
  func recordedActions(of symbol: Symbol?) throws(StoreError) -> [RecordedAction]

  /// What is known of an imported file with that SHA-256; `nil` where it was not imported whole.
  func importRecord(hash: String) throws(StoreError) -> ImportRecord?

  func remember(_ record: ImportRecord) throws(StoreError)

  /// Takes over actions and their versions as another store recorded them.
  func adopt(_ actions: [RecordedAction]) throws(StoreError)
}

extension BarStore {
  public var notices: [String] { [] }

  /// The bars in order of time. Where one of them is not as it first came, the frame has a column
  /// `revised_at` (UTC nanoseconds, 0 where it was not revised).
  public func read(_ query: BarQuery) throws(StoreError) -> Frame {
    let stored = try bars(query)
    do {
      return try stored.frame()
    } catch {
      throw .disorder(store: address.description, error)
    }
  }

  /// Every version of each bar that has more than one and of which one was recorded in `range`, in
  /// order of start and then of recording.
  public func versions(
    of key: SeriesKey, recordedIn range: Range<Timestamp>
  ) throws(StoreError) -> [[BarVersion]] {
    let stored = try history(of: key, starts: nil)
    return stored.barRows.compactMap { rows in
      guard rows.count > 1 else { return nil }
      let versions = rows.map { stored.version($0) }
      return versions.contains { range.contains($0.recordedAt) } ? versions : nil
    }
  }

  /// What is known of what a company did, each thing once, in order of date.
  public func actions(
    of symbol: Symbol, knowledge: Knowledge = .latest
  ) throws(StoreError) -> [CorporateAction] {
    try recordedActions(of: symbol).known(knowledge)
  }
}
