import Market
import Runtime

/// Reads a CSV file from its first line to its last, block by block.
struct CSVReader: ~Copyable {
  let path: String
  let layout: BarLayout
  let format: CSVFormat
  private var blocks: LineBlocks
  /// The first block, whose rows stand behind the line of titles.
  private var block: UnsafeBufferPointer<UInt8>?
  private var firstLine: Int
  /// Lines of the current block that hold no row: that of the titles.
  private var titleLines: Int
  private var scanner: RowScanner
  /// Rows to expect, a few more than there are, where the file's size is known.
  private let rowEstimate: Int

  /// - Parameters:
  ///   - options: what a person said about the text and its columns.
  ///   - order: whether rows must run forward in time, symbol by symbol.
  init(
    _ source: any ByteSource, path: String, options: ReadingOptions, order: RowOrder
  ) throws(DataError) {
    self.path = path
    blocks = LineBlocks(source, path: path)
    guard let start = try blocks.next() else { throw .empty(path: path) }
    let header = try CSVHeader(of: start, path: path, options: options)
    layout = header.layout
    format = header.format
    titleLines = header.hasTitles ? 1 : 0
    firstLine = blocks.firstLine + titleLines
    let rows = UnsafeBufferPointer(rebasing: start[header.length...])
    block = rows
    scanner = RowScanner(
      layout: layout, format: format, order: order, pattern: options.text.stamps)
    rowEstimate = Self.rowEstimate(block: rows, byteCount: blocks.byteCount)
  }

  /// A file without titles, whose columns are known.
  ///
  /// - Parameter day: the day that milliseconds of a day count from.
  init(
    _ source: any ByteSource, path: String, layout: BarLayout, day: CivilDate?
  ) throws(DataError) {
    self.path = path
    blocks = LineBlocks(source, path: path)
    guard let start = try blocks.next() else { throw .empty(path: path) }
    try FileFormat.refuseForeign(start, path: path)
    self.layout = layout
    format = CSVFormat(delimiter: UInt8(ascii: ","))
    titleLines = 0
    firstLine = blocks.firstLine
    block = start
    scanner = RowScanner(layout: layout, format: format, order: .any, day: day)
    rowEstimate = 0
  }

  /// The exchanges that stood before symbols in the rows read so far.
  var exchanges: Set<String> { Set(scanner.symbols.exchanges.compactMap(\.self)) }

  /// Every row at once.
  mutating func table() throws(DataError) -> BarTable {
    var rows = CSVRows(layout: layout, capacity: rowEstimate)
    while try append(to: &rows) {}
    guard let kind = scanner.kind else { throw .empty(path: path) }
    return rows.table(layout: layout, kind: kind, symbols: scanner.symbols.symbols)
  }

  /// The rows of the next block that has any, or `nil` behind the last one. Symbols keep their
  /// numbers from table to table.
  mutating func nextTable() throws(DataError) -> BarTable? {
    while let block {
      var rows = CSVRows(layout: layout, capacity: LineBlocks.lineCount(block))
      _ = try append(to: &rows)
      if rows.count > 0, let kind = scanner.kind {
        return rows.table(layout: layout, kind: kind, symbols: scanner.symbols.symbols)
      }
    }
    guard scanner.kind != nil else { throw .empty(path: path) }
    return nil
  }

  /// Takes the rows of the current block and fetches the next one; `false` where there is none.
  private mutating func append(to rows: inout CSVRows) throws(DataError) -> Bool {
    guard let current = block else { return false }
    let lines: Int
    do {
      lines = try rows.append(current, with: &scanner)
    } catch {
      throw explained(error, in: current)
    }
    block = try blocks.next(lineCount: lines + titleLines)
    titleLines = 0
    firstLine = blocks.firstLine
    return block != nil
  }

  /// A few more rows than the file has if they are as long as those of its first block.
  private static func rowEstimate(block: UnsafeBufferPointer<UInt8>, byteCount: Int?) -> Int {
    let lines = max(1, LineBlocks.lineCount(block))
    let bytesPerLine = max(1, Double(block.count) / Double(lines))
    let further = max(0, (byteCount ?? block.count) - block.count)
    return lines + Int(1.05 * Double(further) / bytesPerLine)
  }

  /// The failure with file, line and column, and what stands there.
  private func explained(
    _ failure: ScanFailure, in block: UnsafeBufferPointer<UInt8>
  ) -> DataError {
    let before = UnsafeBufferPointer(rebasing: block[..<failure.offset])
    let line = firstLine + LineBlocks.lineCount(before)
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let row = CSVHeader.firstLine(of: UnsafeBufferPointer(rebasing: block[lineStart...]))
    let texts = format.split(row)
    let place = "\(path):\(line):\(failure.offset - lineStart + 1)"
    if row.contains(0) {
      return .wrongFormat(
        place: "\(path):\(line)", found: "holds a NUL byte, which no text has",
        remedy: "the file is damaged or not text; fetch it again")
    }
    let title = layout.fields[failure.field].title
    let text = failure.field < texts.count ? texts[failure.field] : ""
    func bad(_ expected: String) -> DataError {
      .badValue(place: place, column: title, text: text, expected: expected)
    }
    switch failure.cause {
    case .tooFewFields, .tooManyFields:
      let expected = layout.fields.count
      return .wrongFieldCount(
        place: "\(path):\(line):\(format.end(ofFields: expected, in: row) + 1)",
        found: texts.count, expected: expected)
    case .notANumber: return bad("a number")
    case .notATime: return bad("a time such as 2024-03-08, 2024-03-08T09:30-05:00 or 1709908200")
    case .otherKindOfTime: return bad("written like the times above it")
    case .notASymbol: return bad("a symbol")
    case .outOfOrder(let previous):
      let stamp = layout.fields.firstIndex { $0.role == .stamp } ?? 0
      let spelled = stamp < texts.count ? texts[stamp] : ""
      return .outOfOrder(
        place: "\(path):\(line)", found: spelled,
        previous: StampText.spelled(previous, like: spelled))
    }
  }
}
