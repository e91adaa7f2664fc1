import Databases
import Glibc
import Market
import Runtime

/// Bars in one SQLite file: the store that needs no server.
///
/// The file is in WAL mode with `synchronous = FULL`: a write returns after the log was synced, so
/// that neither a crash nor a loss of power takes it back.
public final class SQLiteStore: BarStore {
  public let address: StoreAddress
  private let pool: ConnectionPool<SQLiteConnection>

  /// - Parameter patience: how long a write waits for another process that is writing.
  init(
    _ address: StoreAddress, creating: Bool, patience: Duration = .seconds(30)
  ) throws(StoreError) {
    self.address = address
    let path = address.location
    guard creating || access(path, F_OK) == 0 else {
      throw .unreachable(store: address.description, reason: "there is no such file")
    }
    pool = ConnectionPool(keptMax: 4) { () throws(DatabaseError) in
      try Self.connect(path, mode: .creating, patience: patience)
    }
    try use(doing: "opening it") { try SQLiteFile.prepare($0, store: address) }
  }

  static func connect(
    _ path: String, mode: SQLiteConnection.Mode, patience: Duration
  ) throws(DatabaseError) -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, mode: mode, patience: patience)
    // 64 MiB of pages; a log of up to 32 MiB before it is copied into the file.
    try connection.execute(
      """
      PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
      PRAGMA secure_delete = OFF; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4096;
      """)
    return connection
  }

  /// Lends a connection, and says what went wrong in words of this store.
  private func use<Result>(
    doing: String, _ body: (SQLiteConnection) throws -> Result
  ) throws(StoreError) -> Result {
    do {
      return try pool.withConnection(body)
    } catch {
      throw StoreError(error, store: address, doing: doing)
    }
  }

  public func write(
    _ batch: BarBatch, to key: SeriesKey, recordedAt: Timestamp
  ) throws(StoreError) -> WriteCounts {
    let delivery = batch.inOrder()
    guard delivery.count > 0 else { return WriteCounts() }
    return try use(doing: "writing bars of \(key)") { connection in
      try connection.writing {
        let series = try require(key, connection)
        let sql = BarSQL.of(.sqlite, optional: series.optional)
        let bounds = [series.id, delivery.start[0], delivery.start[delivery.count - 1]]
        let existing = try read(sql.newest, bounds, key, sql, connection)
        let merge = BarMerge(delivery, into: existing, recordedAt: recordedAt)
        try write(merge, series: series, connection, recordedAt: recordedAt)
        return merge.counts
      }
    }
  }

  private func write(
    _ merge: BarMerge, series: SeriesRow, _ connection: SQLiteConnection, recordedAt: Timestamp
  ) throws {
    try insert(merge.added, "INSERT", series: series, connection)
    if merge.counts.revised > 0 {
      let until = merge.replacing.recordedAt.handle
      try withExtendedLifetime(until) {
        let supersededAt = until.values.baseAddress.map { ColumnSource.integers($0) }
        try merge.superseded.withSources(series: series.id, times: [supersededAt ?? .constant(nil)])
        { sources in
          try connection.statement(VersionSQL.insert(.sqlite))
            .run(rowCount: merge.superseded.count, columns: sources)
        }
      }
      try insert(merge.replacing, "REPLACE", series: series, connection)
    }
    let update = try connection.statement(SeriesSQL.count(.sqlite))
    for (index, value) in series.changes(merge, at: recordedAt).enumerated() {
      try update.bind(index, value)
    }
    try update.run()
  }

  private func insert(
    _ rows: StoredBars, _ verb: String, series: SeriesRow, _ connection: SQLiteConnection
  ) throws {
    guard rows.count > 0 else { return }
    try rows.withSources(series: series.id) { sources in
      try connection.statement(verb + BarSQL.insertion(.sqlite))
        .run(rowCount: rows.count, columns: sources)
    }
  }

  public func bars(_ query: BarQuery) throws(StoreError) -> StoredBars {
    try use(doing: "reading \(query.key)") { connection in
      let series = try require(query.key, connection)
      let sql = BarSQL.of(.sqlite, optional: series.optional)
      let (first, last) = BarQuery.bounds(query.starts)
      switch query.knowledge {
      case .latest:
        return try read(sql.newest, [series.id, first, last], query.key, sql, connection)
      case .asOf(let instant):
        let parameters = [series.id, first, last, instant.nanoseconds]
        return try read(sql.asOf, parameters, query.key, sql, connection)
      }
    }
  }

  public func history(
    of key: SeriesKey, starts: Range<Timestamp>?
  ) throws(StoreError) -> StoredBars {
    try use(doing: "reading the versions of \(key)") { connection in
      let series = try require(key, connection)
      let sql = BarSQL.of(.sqlite, optional: series.optional)
      let (first, last) = BarQuery.bounds(starts)
      return try read(sql.history, [series.id, first, last], key, sql, connection)
    }
  }

  private func read(
    _ text: String, _ parameters: [Int64], _ key: SeriesKey, _ sql: BarSQL,
    _ connection: SQLiteConnection
  ) throws(DatabaseError) -> StoredBars {
    let statement = try connection.statement(text)
    for (index, value) in parameters.enumerated() { try statement.bind(index, value) }
    return try BarColumns(key, names: sql.names).fill { room, targets throws(DatabaseError) in
      try statement.read(upTo: room, into: targets)
    }
  }
}

// Series.
extension SQLiteStore {
  public func series() throws(StoreError) -> [SeriesSummary] {
    try use(doing: "listing series") { connection in
      try connection.texts(SeriesSQL.list).map { try SeriesSummary(row: $0) }
        .sorted { $0.key < $1.key }
    }
  }

  public func declare(_ key: SeriesKey, as declaration: BarDeclaration) throws(StoreError) {
    try use(doing: "declaring \(key)") { connection in
      try connection.writing {
        let found = try find(key, connection)
        let settled = try (found?.declaration ?? BarDeclaration())
          .settled(by: declaration, of: key)
        let said = [settled.stamp?.rawValue, settled.zone, settled.adjustment?.rawValue]
        let statement: SQLiteStatement
        if let found {
          statement = try connection.statement(SeriesSQL.settle(.sqlite))
          try statement.bind(3, found.id)
        } else {
          statement = try connection.statement(SeriesSQL.insert(.sqlite))
          try bind(key, to: statement, from: 3)
        }
        for (index, text) in said.enumerated() { try statement.bind(index, text) }
        try statement.run()
      }
    }
  }

  private func bind(
    _ key: SeriesKey, to statement: SQLiteStatement, from index: Int
  ) throws(DatabaseError) {
    try statement.bind(index, key.symbol.text)
    try statement.bind(index + 1, key.interval.description)
    try statement.bind(index + 2, key.source)
  }

  private func find(
    _ key: SeriesKey, _ connection: SQLiteConnection
  ) throws(DatabaseError) -> SeriesRow? {
    let statement = try connection.statement(SeriesSQL.find(.sqlite))
    try bind(key, to: statement, from: 0)
    guard try statement.step() else { return nil }
    defer { statement.reset() }
    return SeriesRow(
      id: statement.integer(0), optional: Int(statement.integer(1)),
      declaration: BarDeclaration(
        source: key.source, interval: key.interval, words: (2..<5).map { statement.text($0) }))
  }

  private func require(_ key: SeriesKey, _ connection: SQLiteConnection) throws -> SeriesRow {
    if let found = try find(key, connection) { return found }
    let known = try connection.texts(SeriesSQL.list).map { try SeriesSummary(row: $0).key }
    throw StoreError.unknown(key, store: address, known: known)
  }
}

// Actions and imports.
extension SQLiteStore {
  public func write(
    _ actions: [CorporateAction], source: String, recordedAt: Timestamp
  ) throws(StoreError) {
    try use(doing: "writing corporate actions") { connection in
      try connection.writing {
        let symbols = Set(actions.map(\.symbol))
        let known = try symbols.flatMap { try recorded($0, connection) }
        let insert = try connection.statement(ActionSQL.insert(.sqlite))
        for one in known.additions(of: actions, source: source, recordedAt: recordedAt) {
          for (index, text) in one.texts.enumerated() { try insert.bind(index, text) }
          try insert.bind(5, Int64(one.ordinal))
          try insert.bind(6, one.recordedAt.nanoseconds)
          try insert.bind(7, one.action.knownAt.nanoseconds)
          try insert.bind(8, one.action.kind.amount ?? .nan)
          try insert.run()
        }
      }
    }
  }

  public func recordedActions(of symbol: Symbol?) throws(StoreError) -> [RecordedAction] {
    try use(doing: "reading corporate actions") { try recorded(symbol, $0) }
  }

  private func recorded(
    _ symbol: Symbol?, _ connection: SQLiteConnection
  ) throws -> [RecordedAction] {
    let statement = try connection.statement(ActionSQL.select(.sqlite))
    try statement.bind(0, symbol?.text)
    var rows: [RecordedAction] = []
    while try statement.step() {
      rows.append(
        try RecordedAction(
          texts: (0..<5).map { statement.text($0) }, ordinal: Int(statement.integer(5)),
          recordedAt: statement.integer(6), knownAt: statement.integer(7),
          amount: statement.isNull(8) ? nil : statement.number(8)))
    }
    return rows
  }

  public func importRecord(hash: String) throws(StoreError) -> ImportRecord? {
    try use(doing: "looking up an import") { connection in
      let statement = try connection.statement(ImportSQL.select(.sqlite))
      try statement.bind(0, hash)
      guard try statement.step() else { return nil }
      defer { statement.reset() }
      return ImportRecord(
        hash: hash, path: statement.text(0) ?? "", rowCount: Int(statement.integer(1)),
        recordedAt: Timestamp(nanoseconds: statement.integer(2)))
    }
  }

  public func remember(_ record: ImportRecord) throws(StoreError) {
    try use(doing: "remembering an import") { connection in
      try connection.writing {
        let statement = try connection.statement(ImportSQL.insert(.sqlite))
        try statement.bind(0, record.hash)
        try statement.bind(1, record.path)
        try statement.bind(2, Int64(record.rowCount))
        try statement.bind(3, record.recordedAt.nanoseconds)
        try statement.run()
      }
    }
  }
}
