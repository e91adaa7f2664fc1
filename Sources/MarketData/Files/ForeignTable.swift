import Market
import Runtime

/// A table that somebody else made: columns of numbers and of words, whatever they are called.
public struct ForeignTable: Sendable {
  /// In the file's order.
  public let numbers: NumberTable
  /// Columns of which a field is no number: dates, symbols, names.
  public let words: [(name: String, values: [String])]

  public var rowCount: Int {
    numbers.columns.isEmpty ? words.first?.values.count ?? 0 : numbers.rowCount
  }

  /// Larger ones are refused rather than read into memory.
  private static let bytesMax = 1 << 28

  public init(numbers: NumberTable, words: [(name: String, values: [String])] = []) {
    precondition(
      words.allSatisfy { numbers.columns.isEmpty || $0.values.count == numbers.rowCount },
      "columns of one length")
    self.numbers = numbers
    self.words = words
  }

  /// Reads a CSV file, packed or not, or a Parquet file.
  public init(path: String) throws(DataError) {
    if path.lowercased().hasSuffix(".parquet") {
      try self.init(parquet: path)
    } else {
      try self.init(TextTable(path: path, bytesMax: Self.bytesMax))
    }
  }

  /// Reads a text file, packed or not, whose first line holds values already.
  ///
  /// - Parameter titles: what its columns are to be called
  package init(untitled path: String, titles: [String]) throws(DataError) {
    let bytes = try FileText.open(path).start(Self.bytesMax)
    let header = Array((titles.joined(separator: ",") + "\n").utf8)
    try self.init(TextTable(path: path, bytes: header + bytes))
  }

  private init(_ table: TextTable) throws(DataError) {
    var seen: Set<String> = []
    for title in table.titles where !seen.insert(title).inserted {
      throw .wrongFormat(
        place: "\(table.path):1", found: "names the column \(Excerpt.quoted(title)) twice",
        remedy: "rename one of them")
    }
    guard !table.rows.isEmpty else { throw .empty(path: table.path) }
    var names: [String] = []
    var columns: [Column<Double>] = []
    var words: [(name: String, values: [String])] = []
    for (place, title) in table.titles.enumerated() {
      let texts = table.rows.map { table.text($0, place) }
      let values = texts.map { text in
        Array(text.utf8).withUnsafeBufferPointer { NumberText.parseSlowly($0) }
      }
      if values.allSatisfy({ $0 != nil }) {
        names.append(title)
        columns.append(Column(values.compactMap(\.self)))
      } else {
        words.append((title, texts))
      }
    }
    self.init(numbers: NumberTable(names: names, columns: columns), words: words)
  }

  private init(parquet path: String) throws(DataError) {
    let file = try ParquetHandle(path: path)
    let fields = try file.schema().fields.map(\.field)
    guard file.rowCount > 0 else { throw .empty(path: path) }
    let batch = try file.read(
      groups: Array(0..<file.rowGroupCount), leaves: Array(fields.indices))
    var names: [String] = []
    var columns: [Column<Double>] = []
    var words: [(name: String, values: [String])] = []
    for (index, field) in fields.enumerated() {
      let values: ArrowValues
      do throws(ArrowValueError) { values = try batch.values(index) } catch {
        throw .parquet(path: path, message: "column \(Excerpt.quoted(field.name)) cannot be read")
      }
      switch values {
      case .numbers(let numbers):
        names.append(field.name)
        columns.append(numbers)
      case .stamps(let stamps, _):
        words.append((field.name, stamps.map { Timestamp(nanoseconds: $0).description }))
      case .words(let dictionary, let codes):
        words.append((field.name, codes.map { $0 < 0 ? "" : dictionary[Int($0)] }))
      }
    }
    self.init(numbers: NumberTable(names: names, columns: columns), words: words)
  }
}
