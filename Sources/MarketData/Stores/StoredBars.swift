import Market
import Runtime

/// Bars as a store holds them: each with the time at which the store took it in. Unchecked, as they
/// came from a source, but in order of start and with one row for each start and revision.
public struct StoredBars: Sendable {
  public let bars: BarBatch
  /// UTC nanoseconds.
  public let recordedAt: Column<Int64>
  /// 0 for a bar as it first came, 1 for the version that replaced it, and so on.
  public let revision: Column<Int64>

  /// What stores keep of a bar besides its times; those from `adj_close` on are left out where no
  /// bar of a series has them.
  public static let columnNames = [
    "open", "high", "low", "close", "volume", "adj_close", "vwap", "trade_count",
  ]
  static let requiredCount = 5

  init(bars: BarBatch, recordedAt: Column<Int64>, revision: Column<Int64>) {
    self.bars = bars
    self.recordedAt = recordedAt
    self.revision = revision
  }

  public var count: Int { bars.count }

  static func none(_ key: SeriesKey) -> StoredBars {
    let empty = Column<Int64>([])
    return StoredBars(
      bars: BarBatch(
        symbol: key.symbol, interval: key.interval, start: empty, end: empty, knownAt: empty,
        columns: columnNames.prefix(requiredCount).map { ($0, Column<Double>([])) }),
      recordedAt: empty, revision: empty)
  }

  /// The bars as a frame, with `revised_at` where one of them is not as it first came.
  public func frame() throws(FrameError) -> Frame {
    let frame = try bars.frame()
    guard revision.contains(where: { $0 > 0 }) else { return frame }
    let revisedAt = Column<Int64>(count: count) { out in
      for row in out.indices {
        out.initializeElement(at: row, to: revision[row] > 0 ? recordedAt[row] : 0)
      }
    }
    return frame.adding(.int64(revisedAt), as: "revised_at")
  }

  /// The rows of each bar, where one bar has several versions.
  var barRows: [Range<Int>] {
    var bars: [Range<Int>] = []
    var first = 0
    for row in 0..<count where row + 1 == count || self.bars.start[row + 1] != self.bars.start[row]
    {
      bars.append(first..<row + 1)
      first = row + 1
    }
    return bars
  }

  func version(_ row: Int) -> BarVersion {
    func figure(_ name: String) -> Double { bars[name]?[row] ?? .nan }
    return BarVersion(
      bar: Bar(
        start: Timestamp(nanoseconds: bars.start[row]), end: Timestamp(nanoseconds: bars.end[row]),
        knownAt: Timestamp(nanoseconds: bars.knownAt[row]), open: figure("open"),
        high: figure("high"), low: figure("low"), close: figure("close"),
        volume: figure("volume")),
      adjustedClose: figure("adj_close"),
      recordedAt: Timestamp(nanoseconds: recordedAt[row]))
  }

  func slice(_ rows: Range<Int>) -> StoredBars {
    if rows == 0..<count { return self }
    return StoredBars(
      bars: bars.slice(rows), recordedAt: recordedAt.slice(rows), revision: revision.slice(rows))
  }

  /// The rows of all parts, one part after the other.
  static func joined(_ parts: [StoredBars], _ key: SeriesKey) -> StoredBars {
    if parts.isEmpty { return none(key) }
    if parts.count == 1 { return parts[0] }
    let all = parts.map(\.bars)
    let names = columnNames.enumerated().filter { index, name in
      index < requiredCount || all.contains { $0[name] != nil }
    }.map(\.element)
    return StoredBars(
      bars: BarBatch(
        symbol: key.symbol, interval: key.interval, start: .joined(all.map(\.start)),
        end: .joined(all.map(\.end)), knownAt: .joined(all.map(\.knownAt)),
        columns: names.map { name in
          let columns = all.map { $0[name] ?? Column(repeating: .nan, count: $0.count) }
          return (name: name, values: .joined(columns))
        }), recordedAt: .joined(parts.map(\.recordedAt)),
      revision: .joined(parts.map(\.revision)))
  }

  /// The rows in order of start and revision.
  func sorted() -> StoredBars {
    let start = bars.start
    let order = (0..<count).sorted { (start[$0], revision[$0]) < (start[$1], revision[$1]) }
    return order.elementsEqual(0..<count) ? self : taking(order)
  }

  /// The given rows.
  func taking(_ rows: [Int]) -> StoredBars {
    StoredBars(
      bars: bars.taking(rows), recordedAt: recordedAt.taking(rows), revision: revision.taking(rows))
  }
}

extension Column {
  func taking(_ rows: [Int]) -> Column {
    withUnsafeValues { values in
      Column(count: rows.count) { out in
        for (place, row) in rows.enumerated() { out.initializeElement(at: place, to: values[row]) }
      }
    }
  }
}

extension Column {
  /// The values of all columns, one column after the other.
  static func joined(_ columns: [Column]) -> Column {
    Column(count: columns.reduce(0) { $0 + $1.count }) { out in
      var at = 0
      for column in columns {
        column.withUnsafeValues { values in
          _ = UnsafeMutableBufferPointer(rebasing: out[at..<at + values.count])
            .initialize(fromContentsOf: values)
        }
        at += column.count
      }
    }
  }
}

extension BarBatch {
  func slice(_ rows: Range<Int>) -> BarBatch {
    BarBatch(
      symbol: symbol, interval: interval, start: start.slice(rows), end: end.slice(rows),
      knownAt: knownAt.slice(rows),
      columns: columns.map { (name: $0.name, values: $0.values.slice(rows)) })
  }

  /// The given rows.
  func taking(_ rows: [Int]) -> BarBatch {
    BarBatch(
      symbol: symbol, interval: interval, start: start.taking(rows), end: end.taking(rows),
      knownAt: knownAt.taking(rows),
      columns: columns.map { (name: $0.name, values: $0.values.taking(rows)) },
      declaration: declaration, actions: actions, notes: notes)
  }

  /// The rows in order of start, of those with one start the last one.
  func inOrder() -> BarBatch {
    let isRising = start.withUnsafeValues { start in
      (1..<max(1, start.count)).allSatisfy { start[$0 - 1] < start[$0] }
    }
    if isRising { return self }
    let sorted = (0..<count).sorted { (start[$0], $0) < (start[$1], $1) }
    return taking(
      sorted.indices.filter { $0 + 1 == sorted.count || start[sorted[$0]] != start[sorted[$0 + 1]] }
        .map { sorted[$0] })
  }
}
