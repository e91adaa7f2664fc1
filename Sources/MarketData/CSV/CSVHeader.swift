import Runtime

/// What the first two lines of a CSV file show: its columns and how it is cut into fields.
struct CSVHeader {
  let layout: BarLayout
  let format: CSVFormat
  /// How many bytes stand before the first row, the line feed included.
  let length: Int

  init(
    of block: UnsafeBufferPointer<UInt8>, path: String, columns: [String: String]
  ) throws(DataError) {
    try FileFormat.refuseForeign(block, path: path)
    let byteOrderMark = block.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let titles = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[byteOrderMark...]))
    format = CSVFormat(header: titles)
    let text = String(decoding: titles.prefix(200), as: UTF8.self)
    guard !text.allSatisfy(\.isWhitespace) else { throw .empty(path: path) }
    if let first = format.split(titles).first,
      Array(first.utf8).withUnsafeBufferPointer({ StampText($0) }) != nil
    {
      throw .wrongFormat(
        place: "\(path):1", found: "the first line holds values, not column names",
        remedy: "add a first line such as: timestamp,open,high,low,close,volume")
    }
    var layout = try BarLayout(
      titles: format.split(titles), place: "\(path):1", columns: columns)
    length = byteOrderMark + titles.count
    let firstRow = Self.firstLine(of: UnsafeBufferPointer(rebasing: block[length...]))
    for (index, text) in format.split(firstRow).enumerated() where index < layout.fields.count {
      layout.settle(index, firstText: text)
    }
    self.layout = layout
  }

  static func firstLine(
    of block: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    let end = block.firstIndex(of: 0x0a).map { $0 + 1 } ?? block.count
    return UnsafeBufferPointer(rebasing: block[..<end])
  }
}
