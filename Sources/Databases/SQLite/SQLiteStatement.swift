internal import CSQLite

/// A prepared statement of one connection; it ends exactly once.
///
/// Parameters and columns are counted from 0.
public final class SQLiteStatement {
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
  public func reset() { sqlite3_reset(handle) }

  public func bind(_ index: Int, _ value: Int64?) throws(DatabaseError) {
    let place = Int32(index + 1)
    try check(
      value.map { sqlite3_bind_int64(handle, place, $0) } ?? sqlite3_bind_null(handle, place))
  }

  public func bind(_ index: Int, _ value: Double) throws(DatabaseError) {
    // SQLite itself makes NaN into NULL.
    try check(sqlite3_bind_double(handle, Int32(index + 1), value))
  }

  public func bind(_ index: Int, _ value: String?) throws(DatabaseError) {
    let place = Int32(index + 1)
    guard let value else { return try check(sqlite3_bind_null(handle, place)) }
    try check(
      sqlite3_bind_text(
        handle, place, value, Int32(value.utf8.count),
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)))  // SQLITE_TRANSIENT: it is copied
  }

  /// Goes to the next row; false where there is none.
  public func step() throws(DatabaseError) -> Bool {
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

  /// Runs a statement that gives no rows.
  public func run() throws(DatabaseError) { while try step() {} }

  public var columnCount: Int { Int(sqlite3_column_count(handle)) }

  public func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  public func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

  public func number(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

  public func text(_ column: Int) -> String? {
    sqlite3_column_text(handle, Int32(column)).map { String(cString: $0) }
  }

  /// Runs the statement once for each of `rowCount` rows; parameter `i` takes its values from
  /// `columns[i]`.
  public func run(rowCount: Int, columns: [ColumnSource]) throws(DatabaseError) {
    for (index, column) in columns.enumerated() {
      if case .constant(let value) = column { try bind(index, value) }
    }
    for row in 0..<rowCount {
      for index in columns.indices {
        let place = Int32(truncatingIfNeeded: index + 1)
        switch columns[index] {
        case .integers(let values): sqlite3_bind_int64(handle, place, values[row])
        case .numbers(let values): sqlite3_bind_double(handle, place, values[row])
        case .constant: break
        }
      }
      let code = sqlite3_step(handle)
      guard code == SQLITE_DONE else {
        let error = failure(code)
        sqlite3_reset(handle)
        throw error
      }
      sqlite3_reset(handle)
    }
  }

  /// Takes up to `limit` rows into `targets`, one for each column; fewer only at the end.
  public func read(upTo limit: Int, into targets: [ColumnTarget]) throws(DatabaseError) -> Int {
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

  private func check(_ code: Int32) throws(DatabaseError) {
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(
      code: String(code), message: String(cString: sqlite3_errmsg(connection)), statement: sql)
  }
}
