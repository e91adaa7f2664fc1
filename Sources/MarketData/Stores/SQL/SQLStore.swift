import Databases
import Market
import Runtime

/// What differs between the databases behind a store.
struct SQLHabits<Session: SQLSession>: Sendable {
  /// Brings the tables to those of today, where it is a store or may become one; what a person should
  /// know about it.
  let prepare: @Sendable (Session, StoreAddress) throws -> [String]
  /// Keeps other writers away from what is named until the transaction ends.
  let reserve: @Sendable (Session, String) throws(DatabaseError) -> Void
  /// Makes room for bars that start between two instants.
  let makeRoom: @Sendable (Session, ClosedRange<Int64>) throws -> Void
  let isSound: @Sendable (Session) -> Bool
  /// Whether the same transaction may succeed if it is run again.
  let isPassing: @Sendable (DatabaseError) -> Bool
  /// Told of each failure after which it is.
  let repeated: @Sendable (DatabaseError) -> Void
}

/// Bars in a database that speaks SQL.
///
/// Everything a write does is one transaction, and doing it twice changes nothing the second time:
/// so it is run again where the database asks for that, and where the connection broke before it
/// could say whether it was done.
final class SQLStore<Session: SQLSession>: BarStore {
  let address: StoreAddress
  let notices: [String]
  private let pool: ConnectionPool<Session>
  private let habits: SQLHabits<Session>

  init(
    _ address: StoreAddress, habits: SQLHabits<Session>,
    connect: @escaping @Sendable () throws(DatabaseError) -> Session
  ) throws(StoreError) {
    self.address = address
    self.habits = habits
    let pool = ConnectionPool(keptMax: 4, make: connect)
    self.pool = pool
    notices = try Self.use(pool, habits, address, doing: "opening it") {
      try habits.prepare($0, address)
    }
  }

  /// So often a transaction is run again; the pauses add up to some ten seconds, which is longer than
  /// a server takes to come back after a crash.
  private static var attemptsMax: Int { 9 }

  /// Lends a connection, and says what went wrong in words of this store.
  private func use<Result>(
    doing: String, _ body: (Session) throws -> Result
  ) throws(StoreError) -> Result {
    try Self.use(pool, habits, address, doing: doing, body)
  }

  private static func use<Result>(
    _ pool: ConnectionPool<Session>, _ habits: SQLHabits<Session>, _ address: StoreAddress,
    doing: String, _ body: (Session) throws -> Result
  ) throws(StoreError) -> Result {
    var attempt = 1
    while true {
      do {
        return try pool.withConnection(isSound: habits.isSound, body)
      } catch {
        guard let failure = error as? DatabaseError, habits.isPassing(failure),
          attempt < attemptsMax
        else { throw StoreError(error, store: address, doing: doing) }
        habits.repeated(failure)
      }
      // The others of the pool may have broken with it.
      pool.drain()
      Pause.sleep(milliseconds: Double(25 << attempt) * Double.random(in: 0.5...1))
      attempt += 1
    }
  }

  func write(
    _ batch: BarBatch, to key: SeriesKey, recordedAt: Timestamp
  ) throws(StoreError) -> WriteCounts {
    let delivery = batch.inOrder()
    guard delivery.count > 0 else { return WriteCounts() }
    let bounds = delivery.start[0]...delivery.start[delivery.count - 1]
    return try use(doing: "writing bars of \(key)") { session in
      try session.writing {
        try habits.reserve(session, "series \(key)")
        let series = try require(key, session)
        let sql = BarSQL.of(session.dialect, optional: series.optional)
        let existing = try read(
          sql.newest, [series.id, bounds.lowerBound, bounds.upperBound], key, sql, session)
        let merge = BarMerge(delivery, into: existing, recordedAt: recordedAt)
        try habits.makeRoom(session, bounds)
        try write(merge, series: series, session, recordedAt: recordedAt)
        return merge.counts
      }
    }
  }

  func adopt(_ history: StoredBars, to key: SeriesKey) throws(StoreError) {
    guard history.count > 0 else { return }
    let starts = history.bars.start
    try use(doing: "taking over bars of \(key)") { session in
      try session.writing {
        try habits.reserve(session, "series \(key)")
        let series = try require(key, session)
        try habits.makeRoom(session, starts[0]...starts[history.count - 1])
        let newest = history.recordedAt.max() ?? .min
        try write(
          BarMerge(adopting: history), series: series, session,
          recordedAt: Timestamp(nanoseconds: newest))
      }
    }
  }

  private func write(
    _ merge: BarMerge, series: SeriesRow, _ session: Session, recordedAt: Timestamp
  ) throws {
    let added = LentColumns(merge.added, series: series.id)
    let superseded = LentColumns(
      merge.superseded, series: series.id, supersededAt: merge.supersededAt)
    let replacing = LentColumns(merge.replacing, series: series.id)
    defer { withExtendedLifetime((added, superseded, replacing)) {} }
    if merge.added.count > 0 {
      try session.insert(
        into: "bars", columns: BarSQL.columns, rowCount: merge.added.count, from: added.sources)
    }
    if merge.superseded.count > 0 {
      try session.insert(
        into: "bar_versions", columns: BarSQL.versionColumns, rowCount: merge.superseded.count,
        from: superseded.sources)
    }
    if merge.replacing.count > 0 {
      try session.replace(
        in: "bars", key: ["series_id", "start_at"], columns: BarSQL.columns,
        rowCount: merge.replacing.count, from: replacing.sources)
    }
    guard merge.counts.added + merge.counts.revised > 0 else { return }
    _ = try session.rows(
      SeriesSQL.count(session.dialect), series.changes(merge, at: recordedAt))
  }

  func bars(_ query: BarQuery) throws(StoreError) -> StoredBars {
    try use(doing: "reading \(query.key)") { session in
      let series = try require(query.key, session)
      let sql = BarSQL.of(session.dialect, optional: series.optional)
      let (first, last) = BarQuery.bounds(query.starts)
      switch query.knowledge {
      case .latest:
        return try read(sql.newest, [series.id, first, last], query.key, sql, session)
      case .asOf(let instant):
        let parameters = [series.id, first, last, instant.nanoseconds]
        return try read(sql.asOf, parameters, query.key, sql, session)
      }
    }
  }

  func history(
    of key: SeriesKey, starts: Range<Timestamp>?
  ) throws(StoreError) -> StoredBars {
    try use(doing: "reading the versions of \(key)") { session in
      let series = try require(key, session)
      let sql = BarSQL.of(session.dialect, optional: series.optional)
      let (first, last) = BarQuery.bounds(starts)
      return try read(sql.history, [series.id, first, last], key, sql, session)
    }
  }

  private func read(
    _ text: String, _ parameters: [Int64], _ key: SeriesKey, _ sql: BarSQL, _ session: Session
  ) throws(DatabaseError) -> StoredBars {
    let reader = try session.reader(text, parameters)
    return try BarColumns(key, names: sql.names).fill { room, targets throws(DatabaseError) in
      try reader.read(upTo: room, into: targets)
    }
  }
}

// Series.
extension SQLStore {
  func series() throws(StoreError) -> [SeriesSummary] {
    try use(doing: "listing series") { try summaries($0) }
  }

  private func summaries(_ session: Session) throws -> [SeriesSummary] {
    try session.rows(SeriesSQL.list).map { try SeriesSummary(row: $0) }.sorted { $0.key < $1.key }
  }

  func declare(_ key: SeriesKey, as declaration: BarDeclaration) throws(StoreError) {
    try use(doing: "declaring \(key)") { session in
      try session.writing {
        try habits.reserve(session, "series \(key)")
        let found = try find(key, session)
        let settled = try (found?.declaration ?? BarDeclaration())
          .settled(by: declaration, of: key)
        let said = settled.storedWords.map { SQLValue($0) }
        if let found {
          _ = try session.rows(SeriesSQL.settle(session.dialect), said + [.integer(found.id)])
        } else {
          _ = try session.rows(SeriesSQL.insert(session.dialect), said + key.values)
        }
      }
    }
  }

  private func find(_ key: SeriesKey, _ session: Session) throws(DatabaseError) -> SeriesRow? {
    guard let row = try session.rows(SeriesSQL.find(session.dialect), key.values).first,
      let id = row[0].integer
    else { return nil }
    return SeriesRow(
      id: id, optional: Int(row[1].integer ?? 7),
      declaration: BarDeclaration(
        source: key.source, interval: key.interval, words: row[2..<6].map(\.text)))
  }

  private func require(_ key: SeriesKey, _ session: Session) throws -> SeriesRow {
    if let found = try find(key, session) { return found }
    throw StoreError.unknown(key, store: address, known: try summaries(session).map(\.key))
  }
}

// Actions and imports.
extension SQLStore {
  func write(
    _ actions: [CorporateAction], source: String, recordedAt: Timestamp
  ) throws(StoreError) {
    try use(doing: "writing corporate actions") { session in
      try session.writing {
        try habits.reserve(session, "actions")
        let symbols = Set(actions.map(\.symbol)).sorted()
        let known = try symbols.flatMap { try recorded($0, session) }
        for one in known.additions(of: actions, source: source, recordedAt: recordedAt) {
          _ = try session.rows(ActionSQL.insert(session.dialect), one.values)
        }
      }
    }
  }

  func adopt(_ actions: [RecordedAction]) throws(StoreError) {
    try use(doing: "taking over corporate actions") { session in
      try session.writing {
        try habits.reserve(session, "actions")
        let known = Set(try recorded(nil, session))
        for one in actions where !known.contains(one) {
          _ = try session.rows(ActionSQL.insert(session.dialect), one.values)
        }
      }
    }
  }

  func recordedActions(of symbol: Symbol?) throws(StoreError) -> [RecordedAction] {
    try use(doing: "reading corporate actions") { try recorded(symbol, $0) }
  }

  private func recorded(_ symbol: Symbol?, _ session: Session) throws -> [RecordedAction] {
    try session.rows(ActionSQL.select(session.dialect), [SQLValue(symbol?.text)])
      .map { try RecordedAction(row: $0) }
  }

  func importRecord(hash: String) throws(StoreError) -> ImportRecord? {
    try use(doing: "looking up an import") { session in
      let rows = try session.rows(ImportSQL.select(session.dialect), [.text(hash)])
      return rows.first.map { row in
        ImportRecord(
          hash: hash, path: row[0].text ?? "", rowCount: Int(row[1].integer ?? 0),
          recordedAt: Timestamp(nanoseconds: row[2].integer ?? 0))
      }
    }
  }

  func remember(_ record: ImportRecord) throws(StoreError) {
    try use(doing: "remembering an import") { session in
      _ = try session.rows(
        ImportSQL.insert(session.dialect),
        [
          .text(record.hash), .text(record.path), .integer(Int64(record.rowCount)),
          .integer(record.recordedAt.nanoseconds),
        ])
    }
  }
}

extension SeriesKey {
  fileprivate var values: [SQLValue] {
    [.text(symbol.text), .text(interval.description), .text(source)]
  }
}
