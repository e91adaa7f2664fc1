import Market
import Runtime

/// Reads a whole CSV file.
struct CSVReader {
  let path: String
  /// What a person said: frame's name to the file's name.
  var columns: [String: String] = [:]

  func table() throws(DataError) -> BarTable {
    var blocks = try LineBlocks(path: path)
    guard var block = try blocks.next() else { throw .empty(path: path) }
    let (layout, format, headerLength) = try header(of: block)
    block = UnsafeBufferPointer(rebasing: block[headerLength...])
    var rows = Rows(
      layout: layout, format: format,
      capacity: Self.rowEstimate(block: block, byteCount: blocks.byteCount))
    var firstLine = blocks.firstLine + 1
    while true {
      do {
        try rows.append(block)
      } catch {
        throw explained(error, in: block, firstLine: firstLine, layout: layout, format: format)
      }
      guard let next = try blocks.next() else { break }
      block = next
      firstLine = blocks.firstLine
    }
    guard let kind = rows.scanner.kind else { throw .empty(path: path) }
    return rows.table(layout: layout, kind: kind)
  }

  /// The layout, and how many bytes it took with its line feed.
  private func header(
    of block: UnsafeBufferPointer<UInt8>
  ) throws(DataError) -> (BarLayout, CSVFormat, Int) {
    try FileFormat.refuseForeign(block, path: path)
    let byteOrderMark = block.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var body = UnsafeBufferPointer(rebasing: block[byteOrderMark...])
    body = Self.firstLine(of: body)
    let format = CSVFormat(header: body)
    let text = String(decoding: body.prefix(200), as: UTF8.self)
    guard !text.allSatisfy(\.isWhitespace) else { throw .empty(path: path) }
    if let first = format.split(body).first,
      Array(first.utf8).withUnsafeBufferPointer({ StampText($0) }) != nil
    {
      throw .wrongFormat(
        place: "\(path):1", found: "the first line holds values, not column names",
        remedy: "add a first line such as: timestamp,open,high,low,close,volume")
    }
    var layout = try BarLayout(
      titles: format.split(body), place: "\(path):1", columns: columns)
    let length = byteOrderMark + body.count
    let firstRow = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[length...]))
    for (index, text) in format.split(firstRow).enumerated() where index < layout.fields.count {
      layout.settle(index, firstText: text)
    }
    return (layout, format, length)
  }

  private static func firstLine(
    of block: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let end = block.firstIndex(of: 0x0a).map { $0 + 1 } ?? block.count
    return UnsafeBufferPointer(rebasing: block[..<end])
  }

  /// A few more rows than the file has if they are as long as those of its first block.
  private static func rowEstimate(block: UnsafeBufferPointer<UInt8>, byteCount: Int) -> Int {
    let lines = max(1, LineBlocks.lineCount(block))
    let bytesPerLine = max(1, Double(block.count) / Double(lines))
    return lines + Int(1.05 * Double(max(0, byteCount - block.count)) / bytesPerLine)
  }

  /// The failure with file, line and column, and what stands there.
  private func explained(
    _ failure: ScanFailure, in block: UnsafeBufferPointer<UInt8>, firstLine: Int,
    layout: BarLayout, format: CSVFormat
  ) -> DataError {
    let before = UnsafeBufferPointer(rebasing: block[..<failure.offset])
    let line = firstLine + LineBlocks.lineCount(before)
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    let row = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[lineStart...]))
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
      return .wrongFieldCount(
        place: "\(path):\(line)", found: texts.count, expected: layout.fields.count)
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

/// The columns of a file while its rows come in.
private struct Rows {
  var scanner: RowScanner
  private let stamps: ColumnBuilder<Int64>
  private let codes: ColumnBuilder<Int32>
  private let numbers: [ColumnBuilder<Double>]

  init(layout: BarLayout, format: CSVFormat, capacity: Int) {
    scanner = RowScanner(layout: layout, format: format)
    stamps = ColumnBuilder(capacity: capacity)
    codes = ColumnBuilder(capacity: capacity)
    numbers = layout.numberNames.map { _ in
      ColumnBuilder(capacity: capacity)
    }
  }

  mutating func append(_ block: UnsafeBufferPointer<UInt8>) throws(ScanFailure) {
    let lines = LineBlocks.lineCount(block)
    guard lines > 0, let stampTail = stamps.tail(reserving: lines).baseAddress,
      let codeTail = codes.tail(reserving: lines).baseAddress
    else { return }
    let numberTails = numbers.compactMap { $0.tail(reserving: lines).baseAddress }
    let sink = RowSink(stamps: stampTail, codes: codeTail, numbers: numberTails)
    let count = try scanner.scan(block, into: sink)
    stamps.advance(by: count)
    codes.advance(by: count)
    for number in numbers { number.advance(by: count) }
  }

  func table(layout: BarLayout, kind: StampText.Kind) -> BarTable {
    let symbols = scanner.symbols.symbols
    let hasTime = layout.fields.contains { $0.role == .timeOfDay }
    return BarTable(
      kind: kind == .date && hasTime ? .local : kind, stamps: stamps.column(), symbols: symbols,
      codes: symbols.count > 1 ? codes.column() : Column([]), names: layout.numberNames,
      numbers: numbers.map { $0.column() }, ignored: layout.ignored)
  }
}
