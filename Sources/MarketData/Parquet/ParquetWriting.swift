internal import CArrow
import Foundation
import Market
import Numerics
import Runtime

/// What Martinet writes beside the columns of a Parquet file.
enum ParquetMetadata {
  static let interval = "martinet.interval"
}

extension ParquetFile {
  /// Rows that a reader takes or skips together: a year of five-minute bars is a few of them.
  public static let rowGroupRows = 131_072

  /// Writes the bars of one symbol: `timestamp` (the bar's end), `start`, `known_at`, `symbol` and
  /// the frame's columns. Another program sees the old file or the new one, never a part of it.
  ///
  /// Columns go to Arrow without copying; NaN is written as a missing value.
  public func write(
    _ frame: Frame, rowGroupRows: Int = ParquetFile.rowGroupRows
  ) throws(DataError) {
    precondition(rowGroupRows > 0, "a row group has rows")
    Arrow.obeyCoreBudget()
    let reserved = BarLayout.reserved
    if let clash = frame.names.first(where: reserved.contains) {
      throw .duplicateColumn(place: path, name: clash)
    }
    var sheet = ArrowSheet(rowCount: frame.count, words: [frame.symbol.text])
    sheet.add("timestamp", MARTINET_ARROW_TIMESTAMP, frame.end)
    sheet.add("start", MARTINET_ARROW_TIMESTAMP, frame.start)
    sheet.add("known_at", MARTINET_ARROW_TIMESTAMP, frame.knownAt)
    // All rows have the first word.
    let codes = Column<Int32>(count: frame.count) { out in
      UnsafeMutableRawBufferPointer(out).initializeMemory(as: UInt8.self, repeating: 0)
    }
    sheet.add("symbol", MARTINET_ARROW_WORD, codes)
    for name in frame.names {
      guard let column = frame[name] else { continue }
      sheet.add(name, MARTINET_ARROW_FLOAT64, column, validity: Validity(of: column))
    }
    sheet.metadata = [
      ParquetMetadata.interval,
      frame.interval.description,
    ]
    try write(sheet, rowGroupRows: rowGroupRows)
  }

  /// Writes trades, quotes or events of a book, or any other table.
  package func write(_ ticks: TickSheet) throws(DataError) {
    Arrow.obeyCoreBudget()
    var sheet = ArrowSheet(rowCount: ticks.rowCount, words: ticks.words)
    for (name, values) in ticks.columns {
      switch values {
      case .stamps(let column): sheet.add(name, MARTINET_ARROW_TIMESTAMP, column)
      case .integers(let column): sheet.add(name, MARTINET_ARROW_INT64, column)
      case .words(let column): sheet.add(name, MARTINET_ARROW_WORD, column)
      case .numbers(let column):
        sheet.add(name, MARTINET_ARROW_FLOAT64, column, validity: Validity(of: column))
      }
    }
    try write(sheet, rowGroupRows: Self.rowGroupRows)
  }

  private func write(_ sheet: ArrowSheet, rowGroupRows: Int) throws(DataError) {
    try AtomicFile.replace(path) { fresh throws(DataError) in
      try sheet.write(to: fresh, rowGroupRows: rowGroupRows, as: path)
    } failure: {
      DataError.unwritable(path: path, reason: $0.diagnosis.finding)
    }
  }
}

/// Which values are there, one bit each.
struct Validity {
  private(set) var bits: [UInt8]
  private(set) var missing: Int

  /// `nil` where none is missing, which is the usual case and costs one pass.
  init?(of column: Column<Double>) {
    var missing = 0
    var bits: [UInt8] = []
    column.withUnsafeValues { values in
      missing = Pool.shared.total(of: values.count, minimumChunk: 1 << 14) { rows in
        var found = 0
        for row in rows { found &+= values[row].isNaN ? 1 : 0 }
        return found
      }
      guard missing > 0 else { return }
      bits = [UInt8](repeating: 0, count: (values.count + 7) / 8)
      for row in values.indices where !values[row].isNaN { bits[row >> 3] |= 1 << UInt8(row & 7) }
    }
    guard missing > 0 else { return nil }
    self.bits = bits
    self.missing = missing
  }
}

/// Columns of one length on their way to Arrow. It keeps all memory alive that its pointers name.
struct ArrowSheet {
  private struct Entry {
    var name: String
    var type: martinet_arrow_type
    var values: UnsafeRawPointer?
    var owner: AnyObject
    var validity: Validity?
  }

  let rowCount: Int
  let words: [String]
  var metadata: [String] = []
  private var entries: [Entry] = []

  init(rowCount: Int, words: [String]) {
    self.rowCount = rowCount
    self.words = words
  }

  mutating func add<Element>(
    _ name: String, _ type: martinet_arrow_type, _ column: Column<Element>,
    validity: Validity? = nil
  ) {
    let handle = column.handle
    entries.append(
      Entry(
        name: name, type: type, values: UnsafeRawPointer(handle.values.baseAddress),
        owner: handle.owner, validity: validity))
  }

  /// Writes a Parquet file.
  ///
  /// - Parameter finalPath: what errors call the file.
  func write(to file: String, rowGroupRows: Int, as finalPath: String) throws(DataError) {
    try withTable(as: finalPath) { table, message, capacity in
      martinet_parquet_write(file, table, Int64(rowGroupRows), message, capacity)
    }
  }

  /// Writes an Arrow file, which can be mapped.
  func writeArrowFile(to file: String, as finalPath: String) throws(DataError) {
    try withTable(as: finalPath) { table, message, capacity in
      martinet_arrow_file_write(file, table, message, capacity)
    }
  }

  private func withTable(
    as finalPath: String,
    _ body: (UnsafePointer<martinet_arrow_table>, UnsafeMutablePointer<CChar>, Int64) ->
      martinet_arrow_status
  ) throws(DataError) {
    // One list of C strings: names, then words, then metadata.
    let texts = entries.map(\.name) + words + metadata
    let strings: [UnsafePointer<CChar>?] = texts.map { UnsafePointer(strdup($0)) }
    // Bitmaps are copied, so that all of them have an address at once.
    let bitmaps: [UnsafeMutableBufferPointer<UInt8>?] = entries.map { entry in
      guard let bits = entry.validity?.bits else { return nil }
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bits.count)
      _ = copy.initialize(fromContentsOf: bits)
      return copy
    }
    defer {
      for string in strings { free(UnsafeMutableRawPointer(mutating: string)) }
      for bitmap in bitmaps { bitmap?.deallocate() }
    }
    let columns = entries.indices.map { index in
      martinet_arrow_column(
        name: strings[index], type: entries[index].type, values: entries[index].values,
        validity: UnsafePointer(bitmaps[index]?.baseAddress),
        null_count: Int64(entries[index].validity?.missing ?? 0))
    }
    try withExtendedLifetime(entries) { () throws(DataError) in
      try Arrow.call(finalPath) { message, capacity in
        columns.withUnsafeBufferPointer { columns in
          strings.withUnsafeBufferPointer { strings in
            let words = strings.baseAddress.map { $0 + entries.count }
            var table = martinet_arrow_table(
              row_count: Int64(rowCount), columns: columns.baseAddress,
              column_count: Int32(columns.count), words: words,
              word_count: Int32(self.words.count),
              metadata: words.map { $0 + self.words.count }, metadata_count: Int32(metadata.count))
            return body(&table, message, capacity)
          }
        }
      }
    }
  }
}
