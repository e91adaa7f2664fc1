internal import CSQLite

extension DatabaseError {
  /// What an SQLite result code means for a person.
  public enum SQLiteFailure: Sendable {
    case isNoDatabase
    case isDamaged
    case isLocked
    case diskIsFull
    case other
  }

  public var sqliteFailure: SQLiteFailure {
    // An extended code has the plain one in its low byte.
    switch Int32(code).map({ $0 & 0xFF }) {
    case SQLITE_NOTADB: .isNoDatabase
    case SQLITE_CORRUPT: .isDamaged
    case SQLITE_BUSY, SQLITE_LOCKED: .isLocked
    case SQLITE_FULL: .diskIsFull
    default: .other
    }
  }
}
