internal import CPostgreSQL

/// The only owner of one connection to a PostgreSQL; it closes exactly once.
///
/// `@unchecked Sendable`: it has no lock of its own. One thread at a time may use it, which a
/// `ConnectionPool` sees to.
public final class PostgreSQLConnection: SQLSession, @unchecked Sendable {
  public let dialect = SQLDialect.postgreSQL
  let library: LibPQ
  let handle: OpaquePointer

  /// - Parameter location: a connection string or URL as libpq reads it.
  public init(_ location: String) throws(DatabaseError) {
    library = try LibPQ.shared()
    guard let opened = library.connect(location) else {
      throw DatabaseError(code: "memory", message: "out of memory", statement: "connect")
    }
    guard library.status(opened) == CONNECTION_OK else {
      let message = Self.line(library.errorMessage(opened))
      library.finish(opened)
      throw DatabaseError(code: Self.lost, message: message, statement: "connect")
    }
    handle = opened
    // Notices are for people at a prompt; libpq would print them.
    _ = library.setNoticeProcessor(handle, { _, _ in }, nil)
  }

  deinit { library.finish(handle) }

  /// The connection works, and no transaction is open on it.
  public var isIdle: Bool {
    library.status(handle) == CONNECTION_OK && library.transactionStatus(handle) == PQTRANS_IDLE
  }

  public func execute(_ sql: String) throws(DatabaseError) {
    library.clear(try checked(library.execute(handle, sql), sql))
  }

  public func rows(
    _ sql: String, _ parameters: [SQLValue]
  ) throws(DatabaseError) -> [[SQLValue]] {
    let texts: [[CChar]?] = parameters.map { value in
      switch value {
      case .null: nil
      case .integer(let value): Self.cString(String(value))
      case .number(let value): value.isNaN ? nil : Self.cString(value.description)
      case .text(let value): Self.cString(value)
      }
    }
    let answer = try checked(asking(sql, texts), sql)
    defer { library.clear(answer) }
    let columns = 0..<library.columnCount(answer)
    return (0..<library.rowCount(answer)).map { row in columns.map { value(answer, row, $0) } }
  }

  /// Text ends at its first zero byte, as PostgreSQL allows none.
  private static func cString(_ text: String) -> [CChar] { Array(text.utf8CString) }

  private func asking(_ sql: String, _ texts: [[CChar]?]) -> OpaquePointer? {
    var pointers: [UnsafePointer<CChar>?] = []
    // Each call holds one more text in its place until all have an address.
    func next(_ index: Int) -> OpaquePointer? {
      guard index < texts.count else {
        return library.executeWithParameters(
          handle, sql, Int32(texts.count), nil, pointers, nil, nil, 0)
      }
      guard let text = texts[index] else {
        pointers.append(nil)
        return next(index + 1)
      }
      return text.withUnsafeBufferPointer { buffer in
        pointers.append(buffer.baseAddress)
        return next(index + 1)
      }
    }
    return next(0)
  }

  private func value(_ answer: OpaquePointer, _ row: Int32, _ column: Int32) -> SQLValue {
    guard library.isNull(answer, row, column) == 0,
      let start = library.value(answer, row, column)
    else { return .null }
    let text = String(cString: start)
    switch library.columnType(answer, column) {
    // int8, int2, int4; float4, float8 (numbers of PostgreSQL's catalogue of types).
    case 20, 21, 23: return SQLValue(Int64(text))
    case 700, 701: return SQLValue(Double(text))
    default: return .text(text)
    }
  }

  public func writing<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Where this fails too the connection is broken, and the pool lets go of it.
      library.clear(library.execute(handle, "ROLLBACK"))
      throw error
    }
  }

  /// The answer, or the server's own words about what went wrong.
  func checked(_ answer: OpaquePointer?, _ sql: String) throws(DatabaseError) -> OpaquePointer {
    guard let answer else { throw lost(sql) }
    switch library.resultStatus(answer) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_COPY_OUT: return answer
    default:
      defer { library.clear(answer) }
      let state = library.resultErrorField(answer, Int32(UInt8(ascii: "C")))
      let words = library.resultErrorField(answer, Int32(UInt8(ascii: "M")))
      guard let state, let words, library.status(handle) == CONNECTION_OK else { throw lost(sql) }
      throw DatabaseError(
        code: String(cString: state), message: Self.line(words), statement: sql)
    }
  }

  func lost(_ sql: String) -> DatabaseError {
    DatabaseError(
      code: Self.lost, message: Self.line(library.errorMessage(handle)), statement: sql)
  }

  /// SQLSTATE of a connection that could not be made or broke (class 08).
  static let lost = "08006"

  private static func line(_ words: UnsafeMutablePointer<CChar>?) -> String {
    let text = words.map { String(cString: $0) } ?? ""
    let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    return line.isEmpty ? "the connection broke" : line
  }
}

extension DatabaseError {
  /// Whether a PostgreSQL may well do the same transaction if it is asked again: it could not be put
  /// in a row with others, waited in a circle with them, or its server went away or is starting.
  public var isPassing: Bool {
    ["40001", "40P01", "57P01", "57P02", "57P03", PostgreSQLConnection.lost].contains(code)
  }
}
