import Runtime

/// What the first two lines of a CSV file show: its columns and how it is cut into fields.
struct CSVHeader {
  let layout: BarLayout
  let format: CSVFormat
  /// How many bytes stand before the first row, the line feed included.
  let length: Int
  /// Whether the first line names the columns.
  let hasTitles: Bool

  init(
    of block: UnsafeBufferPointer<UInt8>, path: String, options: ReadingOptions
  ) throws(DataError) {
    try FileFormat.refuseForeign(block, path: path)
    let byteOrderMark = block.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let first = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[byteOrderMark...]))
    format = options.text.delimiter.map(CSVFormat.init(delimiter:)) ?? CSVFormat(header: first)
    let text = String(decoding: first.prefix(200), as: UTF8.self)
    hasTitles = options.text.titles.isEmpty
    let titles = hasTitles ? format.split(first) : options.text.titles
    guard !text.allSatisfy(\.isWhitespace) else { throw .empty(path: path) }
    if hasTitles, Self.areValues(titles) {
      throw .wrongFormat(
        place: "\(path):1", found: "the first line holds values, not column names",
        remedy: "name them: --titles timestamp,open,high,low,close,volume")
    }
    var layout = try BarLayout(titles: titles, place: "\(path):1", columns: options.columns)
    length = byteOrderMark + (hasTitles ? first.count : 0)
    let firstRow = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[length...]))
    for (index, text) in format.split(firstRow).enumerated() where index < layout.fields.count {
      layout.settle(index, firstText: text)
    }
    self.layout = layout
  }

  /// Whether the fields of the first line are values: a time first, or numbers only.
  private static func areValues(_ fields: [String]) -> Bool {
    func bytes<Result>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
      Array(text.utf8).withUnsafeBufferPointer(body)
    }
    if let first = fields.first, bytes(first, { StampText($0) }) != nil { return true }
    return fields.allSatisfy { field in
      field.utf8.contains { (0x30...0x39).contains($0) }
        && bytes(field, { NumberText.parseSlowly($0) }) != nil
    }
  }

  static func firstLine(
    of block: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let end = block.firstIndex(of: 0x0a).map { $0 + 1 } ?? block.count
    return UnsafeBufferPointer(rebasing: block[..<end])
  }
}
