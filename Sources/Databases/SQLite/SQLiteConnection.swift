internal import CSQLite
import Runtime

/// The only owner of one open SQLite database; it closes exactly once.
///
/// `@unchecked Sendable`: it has no lock of its own. One thread at a time may use it, which a
/// `ConnectionPool` sees to.
public final class SQLiteConnection: SQLSession, @unchecked Sendable {
  public enum Mode: Sendable {
    case reading
    case writing
    /// Makes the file where there is none.
    case creating
  }

  public let path: String
  public let dialect = SQLDialect.sqlite
  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]

  /// - Parameter patience: how long a call waits for another process that is writing.
  public init(
    path: String, mode: Mode = .creating, patience: Duration = .seconds(30)
  ) throws(DatabaseError) {
    let access =
      switch mode {
      case .reading: SQLITE_OPEN_READONLY
      case .writing: SQLITE_OPEN_READWRITE
      case .creating: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened else {
      throw DatabaseError(code: String(code), message: "out of memory", statement: "open")
    }
    guard code == SQLITE_OK else {
      let message = String(cString: sqlite3_errmsg(opened))
      sqlite3_close_v2(opened)  // A failed open still gives a handle.
      throw DatabaseError(code: String(code), message: message, statement: "open")
    }
    self.path = path
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    let milliseconds = (patience.nanoseconds ?? .max) / 1_000_000
    sqlite3_busy_timeout(handle, Int32(clamping: milliseconds))
  }

  deinit {
    statements = [:]  // Statements end before their connection.
    sqlite3_close_v2(handle)
  }

  public func execute(_ sql: String) throws(DatabaseError) {
    var words: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(handle, sql, nil, nil, &words)
    guard code != SQLITE_OK else { return }
    let message = words.map { String(cString: $0) } ?? String(cString: sqlite3_errstr(code))
    sqlite3_free(words)
    throw DatabaseError(code: String(code), message: message, statement: sql)
  }

  public func texts(_ sql: String) throws(DatabaseError) -> [[String?]] {
    let statement = try SQLiteStatement(sql, on: handle, isKept: false)
    var rows: [[String?]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.text($0) })
    }
    return rows
  }

  /// The prepared statement, which is kept for the next time; its last use is over.
  public func statement(_ sql: String) throws(DatabaseError) -> SQLiteStatement {
    if let kept = statements[sql] {
      kept.reset()
      return kept
    }
    let prepared = try SQLiteStatement(sql, on: handle, isKept: true)
    statements[sql] = prepared
    return prepared
  }

  /// The write lock is taken at once, so that two writers wait for each other instead of failing
  /// half-way.
  public func writing<Result>(_ body: () throws -> Result) throws -> Result {
    try transaction("BEGIN IMMEDIATE", body)
  }

  /// Runs `body` on one state of the database, whatever others write meanwhile.
  public func reading<Result>(_ body: () throws -> Result) throws -> Result {
    try transaction("BEGIN", body)
  }

  private func transaction<Result>(
    _ begin: String, _ body: () throws -> Result
  ) throws -> Result {
    try execute(begin)
    do {
      let result = try body()
      resetAll()
      try execute("COMMIT")
      return result
    } catch {
      resetAll()
      // SQLite has rolled back by itself after some errors; the first error is the one to tell.
      if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  /// A statement that still stands on a row would hold the transaction open.
  private func resetAll() {
    for statement in statements.values { statement.reset() }
  }

  /// Rows that the last statement changed.
  public var changeCount: Int { Int(sqlite3_changes64(handle)) }

  public static var libraryVersion: String { String(cString: sqlite3_libversion()) }
}
