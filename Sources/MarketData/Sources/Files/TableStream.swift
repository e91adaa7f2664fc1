import Market

/// The rows of a file as tables of bounded size, one after the other.
protocol TableStream: AnyObject {
  /// Titles of the columns as the file has them.
  var titles: [String] { get }
  /// The exchanges that the file names before its symbols.
  var exchanges: Set<String> { get }
  /// How long bars are, where the file itself says.
  var interval: BarInterval? { get }
  /// The next rows, or `nil` behind the last ones.
  func next() throws(DataError) -> BarTable?
}

/// The rows of a CSV file, about a megabyte of text at a time.
final class CSVTables: TableStream {
  private var reader: CSVReader

  init(
    _ source: any ByteSource, path: String, columns: [String: String]
  ) throws(DataError) {
    reader = try CSVReader(source, path: path, columns: columns, order: .any)
  }

  var titles: [String] { reader.layout.fields.map(\.title) }
  var exchanges: Set<String> { reader.exchanges }
  var interval: BarInterval? { nil }

  func next() throws(DataError) -> BarTable? { try reader.nextTable() }
}

/// The rows of a Parquet file, one row group at a time.
final class ParquetTables: TableStream {
  private let file: ParquetHandle
  private let plan: ParquetPlan
  private var group = 0

  init(path: String, columns: [String: String]) throws(DataError) {
    let file = try ParquetHandle(path: path)
    plan = try ParquetPlan(file, columns: columns, wanted: nil)
    guard file.rowCount > 0 else { throw .empty(path: path) }
    self.file = file
  }

  var titles: [String] { plan.layout.fields.map(\.title) }
  var exchanges: Set<String> { [] }
  var interval: BarInterval? { plan.interval }

  func next() throws(DataError) -> BarTable? {
    while group < file.rowGroupCount {
      defer { group += 1 }
      let table = try plan.table(
        of: file.read(groups: [group], leaves: plan.leaves), path: file.path)
      if table.count > 0 { return table }
    }
    return nil
  }
}
