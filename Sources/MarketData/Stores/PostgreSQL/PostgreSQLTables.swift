import Databases
import Market
import Runtime

/// Bars in a PostgreSQL, for several machines at once.
///
/// `bars` is a hypertable where TimescaleDB is installed in the database, else it is partitioned by
/// year of a bar's start, and partitions are made as bars come.
enum PostgreSQLTables {
  static func store(
    _ address: StoreAddress, creating: Bool, metrics: Metrics
  ) throws(StoreError) -> SQLStore<PostgreSQLConnection> {
    let location = address.location
    let habits = SQLHabits<PostgreSQLConnection>(
      prepare: { session, store in try prepare(session, store: store, creating: creating) },
      reserve: { session, name throws(DatabaseError) in
        _ = try session.rows(
          "SELECT pg_advisory_xact_lock(\(lockSpace), hashtext($1))", [.text(name)])
      },
      makeRoom: { try makePartitions($0, $1) }, isSound: { $0.isIdle },
      isPassing: { $0.isPassing },
      repeated: { metrics.counter("store_retries_total", labels: ["code": $0.code]).add() })
    return try SQLStore(address, habits: habits) { () throws(DatabaseError) in
      let connection = try PostgreSQLConnection(location)
      // A commit is acknowledged when the server's log is on its disk, whatever its own default.
      try connection.execute("SET synchronous_commit = on; SET client_encoding = 'UTF8'")
      return connection
    }
  }

  /// `MRTN`: advisory locks are shared with every program that uses the database.
  private static let lockSpace = 1_297_241_166

  private static func prepare(
    _ session: PostgreSQLConnection, store: StoreAddress, creating: Bool
  ) throws -> [String] {
    let tables = try session.rows(
      "SELECT to_regclass('schema_migrations') IS NOT NULL, to_regclass('series') IS NOT NULL")
    let isOurs = tables.first?[0] == .text("t")
    guard isOurs || creating else {
      throw StoreError.unreachable(
        store: store.description, reason: "there are no tables of this program in it")
    }
    guard isOurs || tables.first?[1] == .text("f") else {
      throw StoreError.foreign(
        store: store.description, finding: "it has a table \"series\" of another program")
    }
    try StoreMigrations.all.apply(to: session, at: SystemTime().now) {
      _ = try session.rows("SELECT pg_advisory_xact_lock(\(lockSpace), 0)")
    }
    guard try Timescale.isPresent(session) else { return [] }
    let missing = try Timescale().settle(session)
    return missing.map {
      "this edition of TimescaleDB does not have \($0); bars are kept without it"
    }
  }

  /// Years are those of 365 days counted from 1970: partitions need edges, not birthdays.
  private static func makePartitions(
    _ session: PostgreSQLConnection, _ starts: ClosedRange<Int64>
  ) throws {
    let first = year(of: starts.lowerBound)
    let last = year(of: starts.upperBound)
    let found = try session.rows(
      """
      SELECT substring(c.relname from 6)::bigint FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'bars'::regclass
        AND c.relname ~ '^bars_[0-9]+$'
      """)
    let isPartitioned = try session.rows(
      "SELECT 1 FROM pg_partitioned_table WHERE partrelid = 'bars'::regclass")
    if isPartitioned.isEmpty { return }
    let present = Set(found.compactMap { $0[0].integer })
    for year in first...last where !present.contains(year) {
      // Two writers may both find it missing; the second waits here and then finds it.
      _ = try session.rows("SELECT pg_advisory_xact_lock(\(lockSpace), 1)")
      let edges = edges(of: year)
      try session.execute(
        "CREATE TABLE IF NOT EXISTS bars_\(year) PARTITION OF bars "
          + "FOR VALUES FROM (\(edges.from)) TO (\(edges.to))")
    }
  }

  /// Counted from the first instant there is, so that none is negative.
  static func year(of start: Int64) -> Int64 {
    Int64((Int128(start) - Int128(Int64.min)) / Int128(StoreMigrations.nanosecondsPerYear))
  }

  private static func edges(of year: Int64) -> (from: String, to: String) {
    let from = Int128(Int64.min) + Int128(year) * Int128(StoreMigrations.nanosecondsPerYear)
    let to = from + Int128(StoreMigrations.nanosecondsPerYear)
    return (
      from == Int128(Int64.min) ? "MINVALUE" : "\(from)",
      to > Int128(Int64.max) ? "MAXVALUE" : "\(to)"
    )
  }
}
