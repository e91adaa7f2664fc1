internal import CPostgreSQL

// COPY in its binary form: a signature, rows of fields with their lengths in front, big-endian.
// https://www.postgresql.org/docs/15/sql-copy.html
extension PostgreSQLConnection {
  public func insert(
    into table: String, columns: [String], rowCount: Int, from sources: [ColumnSource]
  ) throws(DatabaseError) {
    precondition(columns.count == sources.count, "a source for each column")
    let sql =
      "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
    library.clear(try checked(library.execute(handle, sql), sql))
    var block = CopyBlock(columnCount: columns.count)
    block.begin()
    var row = 0
    while row < rowCount {
      row = block.add(rows: row..<rowCount, of: sources)
      guard block.send({ library.putCopyData(handle, $0, $1) == 1 }) else { throw lost(sql) }
    }
    block.end()
    guard block.send({ library.putCopyData(handle, $0, $1) == 1 }),
      library.putCopyEnd(handle, nil) == 1
    else { throw lost(sql) }
    try finishCopy(sql)
  }

  /// Takes the answers that are left, of which one may be an error.
  fileprivate func finishCopy(_ sql: String) throws(DatabaseError) {
    var failure: DatabaseError?
    while let answer = library.getResult(handle) {
      do throws(DatabaseError) {
        library.clear(try checked(answer, sql))
      } catch {
        failure = failure ?? error
        // A broken connection may answer without end.
        if error.code == Self.lost { break }
      }
    }
    if let failure { throw failure }
  }

  /// Rows go into a table of this session first, then all at once into their places.
  public func replace(
    in table: String, key: [String], columns: [String], rowCount: Int,
    from sources: [ColumnSource]
  ) throws(DatabaseError) {
    let staged = "staged_\(table)"
    try execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS \(staged) ON COMMIT DELETE ROWS AS "
        + "SELECT \(columns.joined(separator: ", ")) FROM \(table) LIMIT 0")
    try insert(into: staged, columns: columns, rowCount: rowCount, from: sources)
    let changes = columns.filter { !key.contains($0) }.map { "\($0) = \(staged).\($0)" }
    let same = key.map { "\(table).\($0) = \(staged).\($0)" }
    try execute(
      "UPDATE \(table) SET \(changes.joined(separator: ", ")) FROM \(staged) "
        + "WHERE \(same.joined(separator: " AND "))")
  }

  /// Parameters are written into the statement, because COPY takes none.
  public func reader(
    _ sql: String, _ parameters: [Int64]
  ) throws(DatabaseError) -> any RowReader {
    var text = sql
    for (index, value) in parameters.enumerated().reversed() {
      // Int64.min cannot be spelled without an overflow before its sign.
      let spelled = value == .min ? "(-9223372036854775807 - 1)" : "(\(value))::bigint"
      text = text.split(separator: "$\(index + 1)", omittingEmptySubsequences: false)
        .joined(separator: spelled)
    }
    let copy = "COPY (\(text)) TO STDOUT (FORMAT binary)"
    library.clear(try checked(library.execute(handle, copy), copy))
    return CopyReader(self, copy)
  }

  private final class CopyReader: RowReader {
    private let connection: PostgreSQLConnection
    private let sql: String
    private var isBegun = false
    private var isOver = false

    init(_ connection: PostgreSQLConnection, _ sql: String) {
      self.connection = connection
      self.sql = sql
    }

    func read(upTo limit: Int, into targets: [ColumnTarget]) throws(DatabaseError) -> Int {
      var row = 0
      while row < limit, !isOver {
        var start: UnsafeMutablePointer<CChar>?
        let count = connection.library.getCopyData(connection.handle, &start, 0)
        guard count > 0, let start else {
          isOver = true
          // -1: the copy is done, or failed, as its answer says; -2: the connection is broken.
          if count == -2 { throw connection.lost(sql) }
          try connection.finishCopy(sql)
          return row
        }
        defer { connection.library.free(start) }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(count))
        guard let isRow = CopyRow(bytes, hasHeader: !isBegun).take(into: targets, row: row) else {
          throw DatabaseError(
            code: "22P04", message: "a row that cannot be understood", statement: sql)
        }
        isBegun = true
        if isRow { row += 1 }
      }
      return row
    }
  }
}

/// Rows on their way to the server, a block at a time.
private struct CopyBlock {
  private static let size = 1 << 18
  private let rowBytesMax: Int
  private let columnCount: Int
  private var bytes: [UInt8]
  private var count = 0

  init(columnCount: Int) {
    self.columnCount = columnCount
    rowBytesMax = 2 + columnCount * 12
    bytes = [UInt8](repeating: 0, count: Self.size + rowBytesMax)
  }

  mutating func begin() {
    let signature: [UInt8] = [
      0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    bytes.replaceSubrange(0..<signature.count, with: signature)
    count = signature.count
  }

  /// Minus one field, where a row would tell how many it has.
  mutating func end() {
    bytes[0] = 0xFF
    bytes[1] = 0xFF
    count = 2
  }

  /// Adds rows until the block is full; the row to go on with.
  mutating func add(rows: Range<Int>, of sources: [ColumnSource]) -> Int {
    var at = count
    var row = rows.lowerBound
    let columns = UInt16(columnCount).bigEndian
    bytes.withUnsafeMutableBytes { bytes in
      while row < rows.upperBound, at < Self.size {
        bytes.storeBytes(of: columns, toByteOffset: at, as: UInt16.self)
        at += 2
        for source in sources {
          guard let value = source.bits(row) else {
            bytes.storeBytes(of: UInt32.max, toByteOffset: at, as: UInt32.self)
            at += 4
            continue
          }
          bytes.storeBytes(of: UInt32(8).bigEndian, toByteOffset: at, as: UInt32.self)
          bytes.storeBytes(of: value.bigEndian, toByteOffset: at + 4, as: UInt64.self)
          at += 12
        }
        row += 1
      }
    }
    count = at
    return row
  }

  mutating func send(_ put: (UnsafePointer<CChar>?, Int32) -> Bool) -> Bool {
    let sent = bytes.withUnsafeBytes { bytes in
      put(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(count))
    }
    count = 0
    return sent
  }
}

extension ColumnSource {
  /// The eight bytes of a value; `nil` for NULL.
  fileprivate func bits(_ row: Int) -> UInt64? {
    switch self {
    case .integers(let values): UInt64(bitPattern: values[row])
    case .differences(let values, let less): UInt64(bitPattern: values[row] &- less[row])
    case .numbers(let values): values[row].isNaN ? nil : values[row].bitPattern
    case .constant(let value): value.map { UInt64(bitPattern: $0) }
    }
  }
}

/// One row as the server sent it, with the signature before it where it is the first.
private struct CopyRow {
  private let bytes: UnsafeRawBufferPointer
  private var at: Int

  init(_ bytes: UnsafeRawBufferPointer, hasHeader: Bool) {
    self.bytes = bytes
    at = hasHeader ? 19 : 0
  }

  /// Whether it is a row and not the end of all; `nil` where it is malformed.
  consuming func take(into targets: [ColumnTarget], row: Int) -> Bool? {
    // The signature may come by itself.
    if at == bytes.count { return false }
    guard let fields = number(UInt16.self) else { return nil }
    if fields == .max { return false }
    guard Int(fields) == targets.count else { return nil }
    for target in targets {
      guard let length = number(UInt32.self) else { return nil }
      let bits: UInt64?
      switch length {
      case .max: bits = nil
      case 8: bits = number(UInt64.self)
      case 4: bits = number(UInt32.self).map { UInt64(bitPattern: Int64(Int32(bitPattern: $0))) }
      default: return nil
      }
      switch target {
      case .integers(let values): values[row] = bits.map { Int64(bitPattern: $0) } ?? 0
      case .numbers(let values):
        values[row] = bits.map { Double(bitPattern: $0) } ?? .nan
      }
    }
    return true
  }

  private mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard at + size <= bytes.count else { return nil }
    defer { at += size }
    return bytes.loadUnaligned(fromByteOffset: at, as: Number.self).bigEndian
  }
}
