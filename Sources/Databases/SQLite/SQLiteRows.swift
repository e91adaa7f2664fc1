internal import CSQLite

/// Rows in memory as a table that SQLite can read: `INSERT INTO … SELECT … FROM memory_rows`.
///
/// The table exists for each connection by itself and shows what was lent to that connection last.
enum SQLiteRows {
  static let table = "memory_rows"
  private static let widest = 24

  static func columns(_ count: Int) -> String {
    precondition(count <= widest, "more columns than the table has")
    return (0..<count).map { "c\($0)" }.joined(separator: ", ")
  }

  /// What the table shows; it lies at one address as long as its connection is open.
  struct Lent {
    var rowCount = 0
    var columns: UnsafePointer<ColumnSource>?
  }

  /// Makes the table known to a connection. To be withdrawn when the connection is closed.
  static func offer(to connection: OpaquePointer) -> UnsafeMutablePointer<Lent> {
    let lent = UnsafeMutablePointer<Lent>.allocate(capacity: 1)
    lent.initialize(to: Lent())
    // Fails only without memory; then the first insertion says that there is no such table.
    sqlite3_create_module(connection, table, module, lent)
    return lent
  }

  static func withdraw(_ lent: UnsafeMutablePointer<Lent>) { lent.deallocate() }

  /// Shows `sources` in the table while `body` runs.
  static func lending<Failure: Error>(
    _ sources: [ColumnSource], rowCount: Int, to lent: UnsafeMutablePointer<Lent>,
    _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    try sources.withUnsafeBufferPointer { sources throws(Failure) in
      lent.pointee = Lent(rowCount: rowCount, columns: sources.baseAddress)
      defer { lent.pointee = Lent() }
      try body()
    }
  }

  // SQLite's own structures come first in ours, as it asks for; they lie on the C heap.
  private struct Table {
    var base = sqlite3_vtab()
    var lent: UnsafeMutablePointer<Lent>?
  }

  private struct Cursor {
    var base = sqlite3_vtab_cursor()
    var row = 0
    var rowCount = 0
    var columns: UnsafePointer<ColumnSource>?
  }

  // Written once, before any connection sees it, and never freed.
  private nonisolated(unsafe) static let module: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    // Without xCreate the table cannot be made or dropped by a statement.
    module.initialize(to: sqlite3_module())
    module.pointee.xConnect = { connection, lent, _, _, table, _ in
      let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
      made.initialize(to: Table(lent: lent?.assumingMemoryBound(to: Lent.self)))
      table?.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
      let columns = SQLiteRows.columns(widest)
      return sqlite3_declare_vtab(connection, "CREATE TABLE memory_rows (\(columns))")
    }
    module.pointee.xDisconnect = { table in
      UnsafeMutableRawPointer(table)?.deallocate()
      return SQLITE_OK
    }
    module.pointee.xBestIndex = { _, plan in
      plan?.pointee.estimatedCost = 1
      return SQLITE_OK
    }
    module.pointee.xOpen = { _, cursor in
      let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
      made.initialize(to: Cursor())
      cursor?.pointee = UnsafeMutableRawPointer(made)
        .assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    module.pointee.xClose = { cursor in
      UnsafeMutableRawPointer(cursor)?.deallocate()
      return SQLITE_OK
    }
    module.pointee.xFilter = { cursor, _, _, _, _ in
      guard let cursor = here(cursor) else { return SQLITE_MISUSE }
      let table = UnsafeMutableRawPointer(cursor.pointee.base.pVtab)?
        .assumingMemoryBound(to: Table.self)
      guard let lent = table?.pointee.lent?.pointee else { return SQLITE_MISUSE }
      cursor.pointee.row = 0
      cursor.pointee.rowCount = lent.rowCount
      cursor.pointee.columns = lent.columns
      return SQLITE_OK
    }
    module.pointee.xNext = { cursor in
      here(cursor)?.pointee.row += 1
      return SQLITE_OK
    }
    module.pointee.xEof = { cursor in
      guard let cursor = here(cursor) else { return 1 }
      return cursor.pointee.row < cursor.pointee.rowCount ? 0 : 1
    }
    module.pointee.xColumn = { cursor, result, index in
      guard let cursor = here(cursor), let columns = cursor.pointee.columns else {
        return SQLITE_MISUSE
      }
      let row = cursor.pointee.row
      switch columns[Int(index)] {
      case .integers(let values): sqlite3_result_int64(result, values[row])
      case .differences(let values, let less):
        sqlite3_result_int64(result, values[row] &- less[row])
      // SQLite itself makes NaN into NULL.
      case .numbers(let values): sqlite3_result_double(result, values[row])
      case .constant(let value?): sqlite3_result_int64(result, value)
      case .constant(nil): sqlite3_result_null(result)
      }
      return SQLITE_OK
    }
    module.pointee.xRowid = { cursor, row in
      row?.pointee = Int64(here(cursor)?.pointee.row ?? 0)
      return SQLITE_OK
    }
    return UnsafePointer(module)
  }()

  private static func here(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?
  ) -> UnsafeMutablePointer<Cursor>? {
    UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self)
  }
}
