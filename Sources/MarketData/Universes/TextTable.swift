import Market
import Runtime

/// A small text file of columns that hold no bars: members of an index, sectors. It may be
/// packed, as any file of bars.
struct TextTable {
  struct Row {
    /// `file.csv:12`.
    let place: String
    fileprivate let fields: [String]
  }

  let path: String
  let titles: [String]
  let rows: [Row]

  /// More than any list of members has; a file of bars that is named by mistake may be larger.
  private static let bytesMax = 1 << 24

  init(path: String, bytesMax: Int = Self.bytesMax) throws(DataError) {
    let bytes = try FileText.open(path).start(bytesMax)
    guard bytes.count < bytesMax else {
      throw .wrongFormat(
        place: path, found: "is larger than any list of members", remedy: "is it the right file?")
    }
    try self.init(path: path, bytes: bytes)
  }

  init(path: String, bytes: [UInt8]) throws(DataError) {
    let (titles, rows) = try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
      try Self.read(buffer, path: path)
    }
    self.path = path
    self.titles = titles
    self.rows = rows
  }

  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, path: String
  ) throws(DataError) -> ([String], [Row]) {
    try FileFormat.refuseForeign(bytes, path: path)
    let mark = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let lines = UnsafeBufferPointer(rebasing: bytes[mark...])
      .split(separator: 0x0a, omittingEmptySubsequences: false)
      .map { UnsafeBufferPointer(rebasing: $0) }
    func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool { line.allSatisfy { $0 <= 0x20 } }
    guard let first = lines.first, !isBlank(first) else { throw .empty(path: path) }
    let format = CSVFormat(header: first)
    let titles = format.split(first)
    var rows: [Row] = []
    for (index, line) in lines.enumerated().dropFirst() where !isBlank(line) {
      let row = Row(place: "\(path):\(index + 1)", fields: format.split(line))
      guard row.fields.count == titles.count else {
        throw .wrongFieldCount(
          place: "\(row.place):\(format.end(ofFields: titles.count, in: line) + 1)",
          found: row.fields.count, expected: titles.count)
      }
      rows.append(row)
    }
    return (titles, rows)
  }

  /// The place of a column.
  func column(_ name: String) throws(DataError) -> Int {
    guard let index = titles.firstIndex(where: { $0.lowercased() == name }) else {
      throw .missingColumn(place: "\(path):1", name: name, found: titles)
    }
    return index
  }

  func text(_ row: Row, _ column: Int) -> String { row.fields[column] }

  func symbol(_ row: Row, _ column: Int) throws(DataError) -> Symbol {
    try symbol(of: row.fields[column], row, column)
  }

  private func symbol(
    of text: some StringProtocol, _ row: Row, _ column: Int
  ) throws(DataError) -> Symbol {
    guard let symbol = Symbol(text) else {
      throw .badValue(
        place: row.place, column: titles[column], text: String(text), expected: "a symbol")
    }
    return symbol
  }

  /// Symbols with commas between them, perhaps none.
  func symbols(_ row: Row, _ column: Int) throws(DataError) -> [Symbol] {
    var symbols: [Symbol] = []
    for part in row.fields[column].split(separator: ",") {
      symbols.append(try symbol(of: part.drop { $0 == " " }, row, column))
    }
    return symbols
  }

  func date(_ row: Row, _ column: Int) throws(DataError) -> CivilDate {
    do {
      return try CivilDate(parsing: row.fields[column])
    } catch {
      throw .badValue(
        place: row.place, column: titles[column], text: row.fields[column],
        expected: "a day such as 2024-03-08")
    }
  }
}
