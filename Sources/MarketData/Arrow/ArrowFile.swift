internal import CArrow
import Foundation
import Market
import Runtime

/// Columns of numbers of one length, by name.
public struct NumberTable: Sendable {
  public let names: [String]
  public let columns: [Column<Double>]
  /// What stands beside the numbers: keys and values of the user's choice.
  public var notes: [String: String]

  public init(names: [String], columns: [Column<Double>], notes: [String: String] = [:]) {
    precondition(
      names.count == columns.count && columns.allSatisfy { $0.count == columns.first?.count },
      "a name for each column, and columns of one length")
    self.names = names
    self.columns = columns
    self.notes = notes
  }

  public var rowCount: Int { columns.first?.count ?? 0 }
  public var byteCount: Int { columns.count * rowCount * MemoryLayout<Double>.stride }

  public subscript(name: String) -> Column<Double>? {
    names.firstIndex(of: name).map { columns[$0] }
  }
}

/// A file of numbers in Arrow's own format, not compressed: processes map it and share one copy in
/// memory. Other programs can read it too.
public enum ArrowFile {
  /// Writes the table; other processes see all of it or nothing. NaN stays NaN.
  public static func write(_ table: NumberTable, to path: String) throws(DataError) {
    var sheet = ArrowSheet(rowCount: table.rowCount, words: [])
    for (name, column) in zip(table.names, table.columns) {
      sheet.add(name, MARTINET_ARROW_FLOAT64, column)
    }
    sheet.metadata = table.notes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    try AtomicFile.replace(path) { fresh throws(DataError) in
      try sheet.writeArrowFile(to: fresh, as: path)
    } failure: {
      DataError.unwritable(path: path, reason: $0.diagnosis.finding)
    }
  }

  /// Maps the file; the columns are its memory, and keep it mapped.
  public static func map(_ path: String) throws(DataError) -> NumberTable {
    var notes: [String: String] = [:]
    let batch = try ArrowBatch { schema, array throws(DataError) in
      try Arrow.call(path) { martinet_arrow_file_map(path, schema, array, $0, $1) }
      notes = ArrowMetadata.pairs(schema.pointee.metadata)
    }
    var names: [String] = []
    var columns: [Column<Double>] = []
    for index in 0..<batch.columnCount {
      let field = batch.field(index)
      guard field.type == .double, case .numbers(let numbers) = try values(index, batch, path)
      else {
        throw .parquet(
          path: path, message: "column \(Excerpt.quoted(field.name)) holds no numbers")
      }
      names.append(field.name)
      columns.append(numbers)
    }
    return NumberTable(names: names, columns: columns, notes: notes)
  }

  private static func values(
    _ index: Int, _ batch: ArrowBatch, _ path: String
  ) throws(DataError) -> ArrowValues {
    do { return try batch.values(index) } catch {
      throw .parquet(path: path, message: "column \(index + 1) cannot be read")
    }
  }
}
