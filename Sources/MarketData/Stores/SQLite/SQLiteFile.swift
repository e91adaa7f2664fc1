import Databases
import Glibc
import Runtime

/// Bars in one SQLite file: the store that needs no server.
///
/// The file is in WAL mode with `synchronous = FULL`: a write returns after the log was synced, so
/// that neither a crash nor a loss of power takes it back.
enum SQLiteFile {
  /// - Parameter patience: how long a write waits for another process that is writing.
  static func store(
    _ address: StoreAddress, creating: Bool, patience: Duration = .seconds(30)
  ) throws(StoreError) -> SQLStore<SQLiteConnection> {
    let path = address.location
    guard creating || access(path, F_OK) == 0 else {
      throw .unreachable(store: address.description, reason: "there is no such file")
    }
    let habits = SQLHabits<SQLiteConnection>(
      prepare: { connection, store in
        try prepare(connection, store: store)
        return []
      },
      // The transaction has the file's one write lock already.
      reserve: { _, _ in }, makeRoom: { _, _ in }, isSound: { _ in true },
      isPassing: { _ in false }, repeated: { _ in })
    return try SQLStore(address, habits: habits) { () throws(DatabaseError) in
      let connection = try SQLiteConnection(path: path, patience: patience)
      // A log of 128 MiB before it is copied into the file.
      try connection.execute(
        """
        PRAGMA synchronous = FULL; \(limitedCache) PRAGMA temp_store = MEMORY;
        PRAGMA secure_delete = OFF; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 8192;
        """)
      return connection
    }
  }

  /// 64 MiB of pages. SQLite counts them once, by the size that pages have at that moment: it is to
  /// be said again where their size changes.
  private static let limitedCache = "PRAGMA cache_size = -65536;"

  /// `MRTN`, where `file` and others look for the program a database belongs to.
  private static let mark: Int64 = 1_297_241_166

  /// Makes the file a store of today, unless it is another program's.
  private static func prepare(_ connection: SQLiteConnection, store: StoreAddress) throws {
    let found = try connection.rows("PRAGMA application_id").first?[0].integer ?? 0
    let tables = try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1")
    guard found == mark || (found == 0 && tables.isEmpty) else {
      let table = (tables.first?[0].text).map { ", with a table \(Excerpt.quoted($0))" } ?? ""
      throw StoreError.foreign(
        store: store.description, finding: "it is another program's database\(table)")
    }
    if found != mark { try makeLogged(connection) }
    try StoreMigrations.all.apply(to: connection, at: SystemTime().now) {
      try connection.execute("PRAGMA application_id = \(mark)")
    }
  }

  /// Two processes may do this at once, and SQLite does not wait for this lock by itself.
  private static func makeLogged(_ connection: SQLiteConnection) throws {
    let time = SystemTime()
    let end = time.monotonicNanoseconds + 10 * Timestamp.nanosecondsPerSecond
    while true {
      do {
        return try connection.execute(
          "PRAGMA page_size = 16384; \(limitedCache) PRAGMA journal_mode = WAL;")
      } catch {
        guard error.sqliteFailure == .isLocked, time.monotonicNanoseconds < end else { throw error }
        usleep(5000)
      }
    }
  }
}
