import Databases
import Market

/// The questions about bars that both databases understand, spelled for one of them and for series
/// with certain optional columns.
struct BarSQL {
  /// Which of `StoredBars.columnNames` are read.
  let names: [String]
  /// Series, first and last start.
  let newest: String
  /// Series, first and last start, instant.
  let asOf: String
  /// Series, first and last start.
  let history: String

  static let times = ["start_at", "end_at", "known_at", "recorded_at", "revision"]

  private init(_ dialect: SQLDialect, optional: Int) {
    names = StoredBars.columnNames.enumerated().filter { index, _ in
      let place = index - StoredBars.requiredCount
      return place < 0 || optional & 1 << place != 0
    }.map(\.element)
    let mark = dialect == .sqlite ? "?" : "$"
    let columns = (Self.times + names).joined(separator: ", ")
    let range = "series_id = \(mark)1 AND start_at BETWEEN \(mark)2 AND \(mark)3"
    let bars = "SELECT \(columns) FROM bars WHERE \(range)"
    let versions = "SELECT \(columns) FROM bar_versions WHERE \(range)"
    newest = "\(bars) ORDER BY start_at"
    asOf =
      "\(bars) AND recorded_at <= \(mark)4 UNION ALL \(versions) AND recorded_at <= \(mark)4 "
      + "AND superseded_at > \(mark)4 ORDER BY start_at"
    history = "\(bars) UNION ALL \(versions) ORDER BY start_at, revision"
  }

  private static let all = Dictionary(
    uniqueKeysWithValues: SQLDialect.allCases.map { dialect in
      (dialect, (0..<8).map { BarSQL(dialect, optional: $0) })
    })

  /// - Parameter optional: one bit for each optional column that the series has.
  static func of(_ dialect: SQLDialect, optional: Int) -> BarSQL {
    all[dialect]?[optional & 7] ?? BarSQL(dialect, optional: optional)
  }
}

/// The columns of a result on their way into bars.
struct BarColumns {
  private let key: SeriesKey
  private let names: [String]
  private let times = BarSQL.times.map { _ in ColumnBuilder<Int64>(capacity: 0) }
  private let figures: [ColumnBuilder<Double>]

  init(_ key: SeriesKey, names: [String]) {
    self.key = key
    self.names = names
    figures = names.map { _ in ColumnBuilder<Double>(capacity: 0) }
  }

  /// Takes all rows that `read` gives, which is asked for more until it gives fewer than it could.
  func fill<Failure: Error>(
    _ read: (Int, [ColumnTarget]) throws(Failure) -> Int
  ) throws(Failure) -> StoredBars {
    // Enough for a day of minutes at first, then as much again as there is.
    var room = 512
    while true {
      var targets: [ColumnTarget] = []
      for builder in times {
        guard let start = builder.tail(reserving: room).baseAddress else { continue }
        targets.append(.integers(start))
      }
      for builder in figures {
        guard let start = builder.tail(reserving: room).baseAddress else { continue }
        targets.append(.numbers(start))
      }
      let count = try read(room, targets)
      for builder in times { builder.advance(by: count) }
      for builder in figures { builder.advance(by: count) }
      if count < room { return stored }
      room = max(room, times[0].count)
    }
  }

  private var stored: StoredBars {
    StoredBars(
      bars: BarBatch(
        symbol: key.symbol, interval: key.interval, start: times[0].column(),
        end: times[1].column(), knownAt: times[2].column(),
        columns: zip(names, figures).map { (name: $0, values: $1.column()) }),
      recordedAt: times[3].column(), revision: times[4].column())
  }
}

extension StoredBars {
  /// Gives the memory of the columns, in the order of `names` after the series and the times.
  func withSources<Result>(
    series: Int64, times: [ColumnSource] = [], _ body: ([ColumnSource]) throws -> Result
  ) rethrows -> Result {
    let handles =
      [bars.start, bars.end, bars.knownAt, recordedAt, revision].map(\.handle)
    let figures = Self.columnNames.map { bars[$0]?.handle }
    return try withExtendedLifetime((handles, figures)) {
      var sources: [ColumnSource] = [.constant(series)]
      for handle in handles {
        sources.append(handle.values.baseAddress.map { .integers($0) } ?? .constant(nil))
      }
      sources += times
      for handle in figures {
        sources.append((handle?.values.baseAddress).map { .numbers($0) } ?? .constant(nil))
      }
      return try body(sources)
    }
  }
}
