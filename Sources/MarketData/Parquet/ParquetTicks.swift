import Market
import Numerics
import Runtime

extension ParquetFile {
  /// The trades, quotes or events of a book in the file.
  func records<Record: TickRecord>(_: Record.Type) throws(DataError) -> [Record] {
    let file = try ParquetHandle(path: path)
    let fields = try file.schema().fields.map(\.field)
    let batch = try file.read(
      groups: Array(0..<file.rowGroupCount), leaves: Array(fields.indices))
    let columns = try tickColumns(of: batch, fields)
    do throws(FixedPointError) {
      if let records = try Record.records(columns) { return records }
    } catch {
      throw .parquet(path: path, message: error.diagnosis.finding)
    }
    throw .parquet(
      path: path, message: "does not have the columns of a file of \(Record.table.rawValue)")
  }

  private func tickColumns(
    of batch: ArrowBatch, _ fields: [ArrowField]
  ) throws(DataError) -> TickColumns {
    var columns = TickColumns()
    for (index, field) in fields.enumerated() {
      do throws(ArrowValueError) {
        if field.type == .int64 {
          columns.integers[field.name] = try batch.integers(index)
          continue
        }
        switch try batch.values(index) {
        case .stamps(let stamps, _): columns.stamps[field.name] = stamps
        case .numbers(let numbers): columns.numbers[field.name] = numbers
        case .words(let words, let codes): columns.words[field.name] = (words, codes)
        }
      } catch {
        throw .parquet(
          path: path, message: "column \(Excerpt.quoted(field.name)) holds what it should not")
      }
    }
    return columns
  }
}
