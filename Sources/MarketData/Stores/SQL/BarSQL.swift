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

  /// A bar ends `duration` after it starts and is known `delay` after that, in nanoseconds: small
  /// numbers, which are nearly the same in all bars of a series.
  static let times = ["start_at", "duration", "delay", "recorded_at", "revision"]

  /// In the order of `LentColumns`.
  static let columns = ["series_id"] + times + StoredBars.columnNames
  static let versionColumns = ["series_id"] + times + ["superseded_at"] + StoredBars.columnNames

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
    let start = times[0].column()
    let end = Self.sum(start, times[1].column())
    return StoredBars(
      bars: BarBatch(
        symbol: key.symbol, interval: key.interval, start: start, end: end,
        knownAt: Self.sum(end, times[2].column()),
        columns: zip(names, figures).map { (name: $0, values: $1.column()) }),
      recordedAt: times[3].column(), revision: times[4].column())
  }

  private static func sum(_ a: Column<Int64>, _ b: Column<Int64>) -> Column<Int64> {
    a.withUnsafeValues { a in
      b.withUnsafeValues { b in
        Column(count: a.count) { out in
          for row in out.indices { out.initializeElement(at: row, to: a[row] &+ b[row]) }
        }
      }
    }
  }
}

/// The memory of the columns of some bars, in the order of `BarSQL.columns`. Keep the value until
/// `sources` were read.
struct LentColumns {
  private(set) var sources: [ColumnSource]
  private var owners: [AnyObject]

  /// - Parameter supersededAt: makes the order that of `BarSQL.versionColumns`.
  init(_ stored: StoredBars, series: Int64, supersededAt: Column<Int64>? = nil) {
    let bars = stored.bars
    let times = [bars.start, bars.end, bars.knownAt, stored.recordedAt, stored.revision]
      .map(\.handle)
    let places = times.compactMap(\.values.baseAddress)
    precondition(places.count == times.count, "a column has an address even when it is empty")
    owners = times.map(\.owner)
    sources = [
      .constant(series), .integers(places[0]), .differences(places[1], places[0]),
      .differences(places[2], places[1]), .integers(places[3]), .integers(places[4]),
    ]
    if let until = supersededAt?.handle, let place = until.values.baseAddress {
      sources.append(.integers(place))
      owners.append(until.owner)
    }
    for name in StoredBars.columnNames {
      guard let handle = bars[name]?.handle, let place = handle.values.baseAddress else {
        sources.append(.constant(nil))
        continue
      }
      sources.append(.numbers(place))
      owners.append(handle.owner)
    }
  }
}
