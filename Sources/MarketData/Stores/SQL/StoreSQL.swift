import Databases
import Market
import Runtime

extension SQLDialect {
  /// `count` parameters in order.
  fileprivate func marks(_ count: Int) -> String {
    (1...count).map { mark($0) }.joined(separator: ", ")
  }

  fileprivate func mark(_ number: Int) -> String { (self == .sqlite ? "?" : "$") + "\(number)" }
}

enum SeriesSQL {
  private static let optional = "has_adj_close + 2 * has_vwap + 4 * has_trade_count"

  /// Symbol, interval, source: its number, its optional columns and what was declared.
  static func find(_ dialect: SQLDialect) -> String {
    "SELECT id, \(optional), stamp, zone, adjustment, calendar FROM series WHERE "
      + "symbol = \(dialect.mark(1)) AND bar_interval = \(dialect.mark(2)) "
      + "AND source = \(dialect.mark(3))"
  }

  /// The words of a declaration, symbol, interval, source.
  static func insert(_ dialect: SQLDialect) -> String {
    "INSERT INTO series (stamp, zone, adjustment, calendar, symbol, bar_interval, source) VALUES "
      + "(\(dialect.marks(7)))"
  }

  /// The words of a declaration and the series' number.
  static func settle(_ dialect: SQLDialect) -> String {
    "UPDATE series SET stamp = \(dialect.mark(1)), zone = \(dialect.mark(2)), "
      + "adjustment = \(dialect.mark(3)), calendar = \(dialect.mark(4)) "
      + "WHERE id = \(dialect.mark(5))"
  }

  /// Added and revised bars, when they were recorded, whether there are three optional columns, and
  /// the series' number.
  static func count(_ dialect: SQLDialect) -> String {
    let flags = ["adj_close", "vwap", "trade_count"].enumerated().map { index, name in
      let mark = dialect.mark(4 + index)
      return "has_\(name) = CASE WHEN \(mark) > has_\(name) THEN 1 ELSE has_\(name) END"
    }
    let (added, revised, at) = (dialect.mark(1), dialect.mark(2), dialect.mark(3))
    return "UPDATE series SET bar_count = bar_count + \(added), "
      + "revised_count = revised_count + \(revised), "
      + "recorded_at = CASE WHEN recorded_at > \(at) THEN recorded_at ELSE \(at) END, "
      + flags.joined(separator: ", ") + " WHERE id = \(dialect.mark(7))"
  }

  /// As `SeriesSummary(row:)` takes them.
  static let list = """
    SELECT symbol, bar_interval, source, stamp, zone, adjustment, bar_count, revised_count,
      (SELECT min(start_at) FROM bars WHERE series_id = id),
      (SELECT start_at + duration FROM bars WHERE series_id = id ORDER BY start_at DESC LIMIT 1), recorded_at,
      calendar
    FROM series
    """
}

/// What the table of series says of one.
struct SeriesRow {
  let id: Int64
  /// One bit for each optional column.
  let optional: Int
  let declaration: BarDeclaration

  /// The parameters of `SeriesSQL.count`.
  func changes(_ merge: BarMerge, at recordedAt: Timestamp) -> [SQLValue] {
    let bars = [merge.added.bars, merge.replacing.bars]
    let has = StoredBars.columnNames.dropFirst(StoredBars.requiredCount).map { name -> Int64 in
      bars.contains { $0[name]?.contains { !$0.isNaN } ?? false } ? 1 : 0
    }
    let counts = [Int64(merge.counts.added), Int64(merge.counts.revised)]
    return (counts + [recordedAt.nanoseconds] + has + [id]).map { SQLValue.integer($0) }
  }
}

enum ActionSQL {
  private static let columns =
    "symbol, source, date, kind, target, ordinal, recorded_at, known_at, amount"

  static func insert(_ dialect: SQLDialect) -> String {
    "INSERT INTO actions (\(columns)) VALUES (\(dialect.marks(9)))"
  }

  /// A symbol, or NULL for all.
  static func select(_ dialect: SQLDialect) -> String {
    let symbol = dialect.mark(1) + (dialect == .sqlite ? "" : "::text")
    return "SELECT \(columns) FROM actions WHERE symbol = coalesce(\(symbol), symbol) "
      + "ORDER BY symbol, source, date, kind, ordinal, recorded_at"
  }
}

enum ImportSQL {
  static func insert(_ dialect: SQLDialect) -> String {
    "INSERT INTO imports (sha256, path, row_count, recorded_at) VALUES (\(dialect.marks(4))) "
      + "ON CONFLICT (sha256) DO NOTHING"
  }

  static func select(_ dialect: SQLDialect) -> String {
    "SELECT path, row_count, recorded_at FROM imports WHERE sha256 = \(dialect.mark(1))"
  }
}
