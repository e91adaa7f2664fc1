internal import CArrow
import Glibc
import Market
import Runtime

/// One Parquet file of a lake: the bars of one month, or the versions that were replaced in it.
///
/// What the folders say (source, interval, symbol, month) is not repeated in the columns, as
/// programs that read such trees expect it.
struct LakePart {
  let path: String
  let key: SeriesKey

  private static let times = ["start", "timestamp", "known_at", "recorded_at"]

  /// Writes the file and waits until the disk has it. Where rows were superseded, it says when.
  func write(_ stored: StoredBars, supersededAt: Column<Int64>? = nil) throws(DataError) {
    Arrow.obeyCoreBudget()
    var sheet = ArrowSheet(rowCount: stored.count, words: [])
    let bars = stored.bars
    for (name, column) in zip(Self.times, [bars.start, bars.end, bars.knownAt, stored.recordedAt]) {
      sheet.add(name, MARTINET_ARROW_TIMESTAMP, column)
    }
    sheet.add("revision", MARTINET_ARROW_INT64, stored.revision)
    if let supersededAt { sheet.add("superseded_at", MARTINET_ARROW_TIMESTAMP, supersededAt) }
    for name in StoredBars.columnNames {
      guard let column = bars[name] else { continue }
      sheet.add(name, MARTINET_ARROW_FLOAT64, column, validity: Validity(of: column))
    }
    sheet.metadata = [ParquetMetadata.interval, key.interval.description]
    try sheet.write(to: path, rowGroupRows: ParquetFile.rowGroupRows, as: path)
    do {
      try FileDescriptor(path: path, flags: O_RDONLY).synchronize()
    } catch {
      throw .unwritable(path: path, reason: error.diagnosis.finding)
    }
  }

  /// The rows that start from `first` to `last`; row groups that the file's statistics rule out are
  /// not read.
  func read(
    first: Int64 = .min, last: Int64 = .max
  ) throws(DataError) -> (stored: StoredBars, supersededAt: Column<Int64>?) {
    let file = try ParquetHandle(path: path, isSmall: true)
    let groups = (0..<file.rowGroupCount).filter { group in
      file.bounds(group: group, leaf: 0).map { $0.overlaps(min(first, last)...last) } ?? true
    }
    guard first <= last, !groups.isEmpty else { return (.none(key), Column([])) }
    let batch = try file.read(groups: groups, leaves: Array(0..<file.leafCount))
    let part = try LakeColumns(batch, path: path)
    let stored = try part.stored(key)
    let start = stored.bars.start
    let end = last == .max ? start.count : start.firstRow(from: last + 1)
    let rows = min(start.firstRow(from: first), end)..<end
    return (stored.slice(rows), part.times["superseded_at"]?.slice(rows))
  }
}

/// The columns of a part by name.
private struct LakeColumns {
  private(set) var times: [String: Column<Int64>] = [:]
  private var figures: [String: Column<Double>] = [:]
  private let path: String

  init(_ batch: ArrowBatch, path: String) throws(DataError) {
    self.path = path
    for index in 0..<batch.columnCount {
      let name = batch.field(index).name
      do {
        switch try batch.values(index) {
        case .stamps(let column, _): times[name] = column
        case .numbers(let column): figures[name] = column
        case .words: break
        }
      } catch {
        throw .parquet(path: path, message: "column \(Excerpt.quoted(name)) cannot be read")
      }
    }
  }

  func stored(_ key: SeriesKey) throws(DataError) -> StoredBars {
    let names = StoredBars.columnNames.enumerated().filter { index, name in
      index < StoredBars.requiredCount || figures[name] != nil
    }.map(\.element)
    var columns: [(name: String, values: Column<Double>)] = []
    for name in names {
      guard let column = figures[name] else { throw missing(name) }
      columns.append((name, column))
    }
    return StoredBars(
      bars: BarBatch(
        symbol: key.symbol, interval: key.interval, start: try time("start"),
        end: try time("timestamp"), knownAt: try time("known_at"), columns: columns),
      recordedAt: try time("recorded_at"), revision: try revisions())
  }

  /// Plain integers come as numbers.
  private func revisions() throws(DataError) -> Column<Int64> {
    guard let column = figures["revision"] else { throw missing("revision") }
    return Column(column.map { Int64(exactly: $0) ?? 0 })
  }

  private func time(_ name: String) throws(DataError) -> Column<Int64> {
    guard let column = times[name] else { throw missing(name) }
    return column
  }

  private func missing(_ name: String) -> DataError {
    .parquet(path: path, message: "there is no column \(name), which every part of a lake has")
  }
}
