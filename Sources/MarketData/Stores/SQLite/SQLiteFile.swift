import Databases
import Glibc
import Runtime

/// What an SQLite file of ours is marked with, and how one is made.
enum SQLiteFile {
  /// `MRTN`, where `file` and others look for the program a database belongs to.
  private static let mark = "1297241166"

  /// Makes the file a store of today, unless it is another program's.
  static func prepare(_ connection: SQLiteConnection, store: StoreAddress) throws {
    let found = try connection.texts("PRAGMA application_id").first?.first ?? nil
    let tables = try connection.texts("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1")
    guard found == mark || (found == "0" && tables.isEmpty) else {
      let table = (tables.first?.first ?? nil).map { ", with a table \($0)" } ?? ""
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
        return try connection.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;")
      } catch {
        guard error.sqliteFailure == .isLocked, time.monotonicNanoseconds < end else { throw error }
        usleep(5000)
      }
    }
  }
}

extension StoreError {
  /// What `error` means for a store that speaks SQL.
  init(_ error: any Error, store: StoreAddress, doing: String) {
    let name = store.description
    switch error {
    case let error as StoreError: self = error
    case MigrationError.newer(let found, let known):
      self = .newerSchema(store: name, found: found, known: known)
    case MigrationError.altered(let number, let step):
      self = .damaged(
        store: name, finding: "its schema was altered: step \(number) (\(step)) is not ours")
    case let error as DatabaseError: self = Self.of(error, store: store, doing: doing)
    case let error as StrangeRow: self = .damaged(store: name, finding: error.finding)
    default:
      let diagnosis = Diagnosis(describing: error, place: name)
      self = .failed(store: name, doing: doing, reason: diagnosis.finding)
    }
  }

  private static func of(
    _ error: DatabaseError, store: StoreAddress, doing: String
  ) -> StoreError {
    let name = store.description
    switch store.kind == .sqlite ? error.sqliteFailure : .other {
    case .isNoDatabase: return .foreign(store: name, finding: "it is no SQLite database")
    case .isDamaged: return .damaged(store: name, finding: "the file is damaged: \(error.message)")
    case .isLocked: return .locked(store: name)
    case .diskIsFull: return .diskFull(store: name)
    case .other:
      return error.statement == "open"
        ? .unreachable(store: name, reason: error.message)
        : .failed(store: name, doing: doing, reason: error.message)
    }
  }
}
