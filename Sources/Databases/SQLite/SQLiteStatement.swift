internal import CSQLite

/// A prepared statement of one connection; it ends exactly once.
///
/// Parameters and columns are counted from 0.
final class SQLiteStatement: RowReader {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private let sql: String

  init(_ sql: String, on connection: OpaquePointer, isKept: Bool) throws(DatabaseError) {
    var prepared: OpaquePointer?
    let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let code = sqlite3_prepare_v3(connection, sql, -1, flags, &prepared, nil)
    guard code == SQLITE_OK, let prepared else {
      throw DatabaseError(
        code: String(code), message: String(cString: sqlite3_errmsg(connection)), statement: sql)
    }
    handle = prepared
    self.connection = connection
    self.sql = sql
  }

  deinit { sqlite3_finalize(handle) }

  /// Ends the use of the statement; bound values stay.
  func reset() { sqlite3_reset(handle) }

  func bind(_ index: Int, _ value: SQLValue) throws(DatabaseError) {
    let place = Int32(index + 1)
    let code =
      switch value {
      case .null: sqlite3_bind_null(handle, place)
      case .integer(let value): sqlite3_bind_int64(handle, place, value)
      // SQLite itself makes NaN into NULL.
      case .number(let value): sqlite3_bind_double(handle, place, value)
      case .text(let value):
        sqlite3_bind_text(
          handle, place, value, Int32(value.utf8.count),
          unsafeBitCast(-1, to: sqlite3_destructor_type.self))  // SQLITE_TRANSIENT: it is copied
      }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// Goes to the next row; false where there is none.
  func step() throws(DatabaseError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code:
      let error = failure(code)
      sqlite3_reset(handle)
      throw error
    }
  }

  var columnCount: Int { Int(sqlite3_column_count(handle)) }

  func value(_ column: Int) -> SQLValue {
    let place = Int32(column)
    switch sqlite3_column_type(handle, place) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, place))
    case SQLITE_FLOAT: return .number(sqlite3_column_double(handle, place))
    case SQLITE_NULL: return .null
    default: return SQLValue(sqlite3_column_text(handle, place).map { String(cString: $0) })
    }
  }

  /// Takes up to `limit` rows into `targets`, one for each column; fewer only at the end.
  func read(upTo limit: Int, into targets: [ColumnTarget]) throws(DatabaseError) -> Int {
    var row = 0
    while row < limit {
      guard try step() else { return row }
      for index in targets.indices {
        let place = Int32(truncatingIfNeeded: index)
        switch targets[index] {
        case .integers(let values): values[row] = sqlite3_column_int64(handle, place)
        case .numbers(let values):
          let value = sqlite3_column_double(handle, place)
          // NULL reads as zero, so only zeros have to be looked at twice.
          values[row] =
            value == 0 && sqlite3_column_type(handle, place) == SQLITE_NULL ? .nan : value
        }
      }
      row += 1
    }
    return row
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(
      code: String(code), message: String(cString: sqlite3_errmsg(connection)), statement: sql)
  }
}
