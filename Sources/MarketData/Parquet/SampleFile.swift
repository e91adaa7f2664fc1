internal import CArrow
import Market
import Numerics
import Runtime

/// Rows of numbers, each of a symbol at an instant: the columns `datetime` and `symbol`, and those of
/// the numbers.
public struct SampleTable: Sendable {
  /// When each row's values could first be acted on; UTC nanoseconds.
  public let datetimes: Column<Int64>
  public let symbols: [Symbol]
  /// The position of each row's symbol among `symbols`.
  public let codes: Column<Int32>
  public let numbers: NumberTable

  public init(
    datetimes: Column<Int64>, symbols: [Symbol], codes: Column<Int32>, numbers: NumberTable
  ) {
    precondition(
      codes.count == datetimes.count
        && (numbers.columns.isEmpty || numbers.rowCount == datetimes.count),
      "columns are equally long")
    self.datetimes = datetimes
    self.symbols = symbols
    self.codes = codes
    self.numbers = numbers
  }

  public var rowCount: Int { datetimes.count }

  public static let empty = SampleTable(
    datetimes: Column([]), symbols: [], codes: Column([]),
    numbers: NumberTable(names: [], columns: []))
}

extension ParquetFile {
  /// Writes the rows; another program sees all of them or nothing. NaN is written as missing.
  public func write(_ samples: SampleTable) throws(DataError) {
    Arrow.obeyCoreBudget()
    var sheet = ArrowSheet(rowCount: samples.rowCount, words: samples.symbols.map(\.text))
    sheet.add("datetime", MARTINET_ARROW_TIMESTAMP, samples.datetimes)
    sheet.add("symbol", MARTINET_ARROW_WORD, samples.codes)
    for (name, column) in zip(samples.numbers.names, samples.numbers.columns) {
      sheet.add(name, MARTINET_ARROW_FLOAT64, column, validity: Validity(of: column))
    }
    try AtomicFile.replace(path) { fresh throws(DataError) in
      try sheet.write(to: fresh, rowGroupRows: Self.rowGroupRows, as: path)
    } failure: {
      DataError.unwritable(path: path, reason: $0.diagnosis.finding)
    }
  }

  /// The rows of a file that has `datetime`, `symbol` and columns of numbers.
  public func samples() throws(DataError) -> SampleTable {
    let file = try ParquetHandle(path: path)
    let fields = try file.schema().fields.map(\.field)
    let batch = try file.read(
      groups: Array(0..<file.rowGroupCount), leaves: Array(fields.indices))
    var datetimes: Column<Int64>?
    var symbols: (words: [String], codes: Column<Int32>)?
    var names: [String] = []
    var columns: [Column<Double>] = []
    for (index, field) in fields.enumerated() {
      let values: ArrowValues
      do throws(ArrowValueError) { values = try batch.values(index) } catch {
        throw .parquet(path: path, message: "column \(Excerpt.quoted(field.name)) cannot be read")
      }
      switch (field.name, values) {
      case ("datetime", .stamps(let stamps, _)): datetimes = stamps
      case ("symbol", .words(let words, let codes)): symbols = (words, codes)
      case (let name, .numbers(let numbers)):
        names.append(name)
        columns.append(numbers)
      default:
        throw .parquet(
          path: path,
          message:
            "column \(Excerpt.quoted(field.name)) holds \(field.type.description), not numbers"
        )
      }
    }
    guard let datetimes, let symbols else {
      throw .parquet(path: path, message: "has no columns datetime and symbol")
    }
    return SampleTable(
      datetimes: datetimes,
      symbols: try symbols.words.map { word throws(DataError) in
        guard let symbol = Symbol(word) else {
          throw .badValue(place: path, column: "symbol", text: word, expected: "a symbol")
        }
        return symbol
      }, codes: symbols.codes, numbers: NumberTable(names: names, columns: columns))
  }
}
