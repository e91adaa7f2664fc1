import Databases
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Bars in PostgreSQL", .needs(.postgreSQL))
struct PostgreSQLStoreTests {
  @Test("the eight tables and their helpers are there, and bars lie in partitions")
  func tables() throws {
    let server = try PostgreSQLServer()
    defer { server.stop() }
    let store = try StoreAddress(kind: .postgres, location: server.url).open()
    let key = try StoreSamples.key()
    try store.declare(key, as: StoreSamples.declaration)
    _ = try store.write(
      StoreSamples.batch(key, [(0, 1), (2000, 2)]), to: key, recordedAt: StoreSamples.instant(0))
    let tables = Set(
      try server.rows("select relname from pg_class where relkind in ('r', 'p')"))
    for table in [
      "experiments", "runs", "metrics", "models", "bars", "features", "trades",
      "portfolio_history", "regimes",
    ] { #expect(tables.contains(table)) }
    #expect(
      try server.rows("select count(*) from pg_inherits where inhparent = 'bars'::regclass")
        == ["2"])
  }

  @Test("TimescaleDB is asked for what its documentation says, as far as stand-ins can tell")
  func timescale() throws {
    let server = try PostgreSQLServer()
    defer { server.stop() }
    _ = try server.rows(Self.standIns)
    let address = StoreAddress(kind: .postgres, location: server.url)
    // Options in the extension's own name are beyond a stand-in: plain PostgreSQL refuses them.
    let error = #expect(throws: StoreError.self) { try address.open() }
    #expect(error?.diagnosis.finding.contains("timescaledb") == true)
    let session = StandIn(try PostgreSQLConnection(server.url))
    #expect(try Timescale.isPresent(session))
    for _ in 0..<2 { #expect(try Timescale(keep: .seconds(86_400)).settle(session) == []) }
    let asked = try server.rows("select distinct what from asked order by what")
    #expect(
      asked == [
        "aggregate bars_by_day", "compress 7776000000000000", "hypertable bars by start_at",
        "keep 86400000000000", "now martinet_now",
      ])
    #expect(session.options == ["timescaledb.compress", "timescaledb.continuous"])
  }

  @Test("an edition of TimescaleDB without compression opens, and says what it does not have")
  func apacheEdition() throws {
    let server = try PostgreSQLServer()
    defer { server.stop() }
    _ = try server.rows(Self.standIns)
    // What the extension does in its Apache edition, before PostgreSQL looks at the options.
    _ = try server.rows(
      """
      CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_query() LIKE '%timescaledb.co%' THEN
          RAISE EXCEPTION 'functionality not supported under the current "apache" license'
            USING ERRCODE = 'feature_not_supported';
        END IF;
      END $$;
      CREATE EVENT TRIGGER apache ON ddl_command_start EXECUTE FUNCTION refuse();
      """)
    let address = StoreAddress(kind: .postgres, location: server.url)
    for _ in 0..<2 {
      #expect(
        try address.open().notices == [
          "this edition of TimescaleDB does not have compression; bars are kept without it",
          "this edition of TimescaleDB does not have the daily aggregate; bars are kept without it",
        ])
    }
    let store = try address.open()
    let key = try StoreSamples.key()
    try store.declare(key, as: StoreSamples.declaration)
    _ = try store.write(
      StoreSamples.batch(key, [(0, 1)]), to: key, recordedAt: StoreSamples.instant(0))
    #expect(try store.bars(BarQuery(key)).count == 1)
  }

  private static let standIns = """
    CREATE TABLE asked (what text);
    CREATE FUNCTION create_hypertable(relation regclass, time_column_name name,
      chunk_time_interval bigint) RETURNS void LANGUAGE sql AS
      $$ INSERT INTO asked VALUES ('hypertable ' || relation || ' by ' || time_column_name) $$;
    CREATE FUNCTION set_integer_now_func(hypertable regclass, now regproc,
      replace_if_exists boolean) RETURNS void LANGUAGE sql AS
      $$ INSERT INTO asked VALUES ('now ' || now) $$;
    CREATE FUNCTION add_compression_policy(hypertable regclass, compress_after bigint,
      if_not_exists boolean) RETURNS void LANGUAGE sql AS
      $$ INSERT INTO asked VALUES ('compress ' || compress_after) $$;
    CREATE FUNCTION add_retention_policy(hypertable regclass, drop_after bigint,
      if_not_exists boolean) RETURNS void LANGUAGE sql AS
      $$ INSERT INTO asked VALUES ('keep ' || drop_after) $$;
    CREATE FUNCTION add_continuous_aggregate_policy(view regclass, start_offset bigint,
      end_offset bigint, schedule_interval interval, if_not_exists boolean) RETURNS void
      LANGUAGE sql AS $$ INSERT INTO asked VALUES ('aggregate ' || view) $$;
    CREATE FUNCTION time_bucket(width bigint, at bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
      $$ SELECT at - at % width $$;
    CREATE FUNCTION keep_first(state float8, value float8, at bigint) RETURNS float8
      LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(state, value) $$;
    CREATE FUNCTION keep_last(state float8, value float8, at bigint) RETURNS float8
      LANGUAGE sql IMMUTABLE AS $$ SELECT value $$;
    CREATE AGGREGATE first(float8, bigint) (sfunc = keep_first, stype = float8);
    CREATE AGGREGATE last(float8, bigint) (sfunc = keep_last, stype = float8);
    """
}

/// A session that takes out what only the extension itself understands, and keeps it.
///
/// `@unchecked Sendable`: one test uses it, on one thread.
private final class StandIn: SQLSession, @unchecked Sendable {
  private let real: PostgreSQLConnection
  private(set) var options: Set<String> = []
  var dialect: SQLDialect { real.dialect }

  init(_ real: PostgreSQLConnection) { self.real = real }

  func execute(_ sql: String) throws(DatabaseError) {
    if sql.contains("timescaledb.compress") {
      options.insert("timescaledb.compress")
      return
    }
    let continuous = " WITH (timescaledb.continuous)"
    if sql.contains(continuous) { options.insert("timescaledb.continuous") }
    try real.execute(sql.replacingOccurrences(of: continuous, with: ""))
  }

  func rows(_ sql: String, _ parameters: [SQLValue]) throws(DatabaseError) -> [[SQLValue]] {
    try real.rows(sql, parameters)
  }

  func reader(_ sql: String, _ parameters: [Int64]) throws(DatabaseError) -> any RowReader {
    try real.reader(sql, parameters)
  }

  func insert(
    into table: String, columns: [String], rowCount: Int, from sources: [ColumnSource]
  ) throws(DatabaseError) {
    try real.insert(into: table, columns: columns, rowCount: rowCount, from: sources)
  }

  func replace(
    in table: String, key: [String], columns: [String], rowCount: Int,
    from sources: [ColumnSource]
  ) throws(DatabaseError) {
    try real.replace(
      in: table, key: key, columns: columns, rowCount: rowCount, from: sources)
  }

  func writing<Result>(_ body: () throws -> Result) throws -> Result { try real.writing(body) }
}
