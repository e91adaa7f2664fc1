import Databases

/// The tables of the stores that speak SQL, from the first step to today's.
///
/// Instants are UTC nanoseconds and times between them nanoseconds. `bars` holds each bar as it is now, `bar_versions` those that a
/// later delivery replaced; a version holds from `recorded_at` until `superseded_at`.
enum StoreMigrations {
  static let all = Migrations([bars, research, calendars])

  private static let bars = Migration(
    1, "bars",
    """
    CREATE TABLE series (
      id {identity},
      symbol TEXT NOT NULL,
      bar_interval TEXT NOT NULL,
      source TEXT NOT NULL,
      stamp TEXT,
      zone TEXT,
      adjustment TEXT,
      bar_count BIGINT NOT NULL DEFAULT 0,
      revised_count BIGINT NOT NULL DEFAULT 0,
      recorded_at BIGINT,
      has_adj_close INTEGER NOT NULL DEFAULT 0,
      has_vwap INTEGER NOT NULL DEFAULT 0,
      has_trade_count INTEGER NOT NULL DEFAULT 0,
      UNIQUE (symbol, bar_interval, source)
    );
    sqlite:CREATE TABLE bars (\(barColumns)) WITHOUT ROWID;
    postgreSQL:DO $do$ BEGIN
    postgreSQL:  IF to_regproc('create_hypertable') IS NOT NULL THEN
    postgreSQL:    CREATE TABLE bars (\(barColumns));
    postgreSQL:    PERFORM create_hypertable(
    postgreSQL:      'bars', 'start_at', chunk_time_interval => \(nanosecondsPerYear));
    postgreSQL:  ELSE
    postgreSQL:    CREATE TABLE bars (\(barColumns)) PARTITION BY RANGE (start_at);
    postgreSQL:  END IF;
    postgreSQL:END $do$;
    CREATE TABLE bar_versions (
      series_id BIGINT NOT NULL, start_at BIGINT NOT NULL, revision BIGINT NOT NULL,
      duration BIGINT NOT NULL, delay BIGINT NOT NULL, recorded_at BIGINT NOT NULL,
      superseded_at BIGINT NOT NULL, \(figures),
      PRIMARY KEY (series_id, start_at, revision)
    ){clustered};
    CREATE TABLE actions (
      symbol TEXT NOT NULL,
      source TEXT NOT NULL,
      date TEXT NOT NULL,
      kind TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      recorded_at BIGINT NOT NULL,
      known_at BIGINT NOT NULL,
      amount DOUBLE PRECISION,
      target TEXT,
      PRIMARY KEY (symbol, source, date, kind, ordinal, recorded_at)
    ){clustered};
    CREATE TABLE imports (
      sha256 TEXT PRIMARY KEY,
      path TEXT NOT NULL,
      row_count BIGINT NOT NULL,
      recorded_at BIGINT NOT NULL
    ){clustered};
    """)

  static let nanosecondsPerYear: Int64 = 31_536_000_000_000_000

  private static let barColumns =
    "series_id BIGINT NOT NULL, start_at BIGINT NOT NULL, duration BIGINT NOT NULL, "
    + "delay BIGINT NOT NULL, recorded_at BIGINT NOT NULL, revision BIGINT NOT NULL, "
    + "\(figures), PRIMARY KEY (series_id, start_at)"

  private static let figures = StoredBars.columnNames.map { "\($0) DOUBLE PRECISION" }
    .joined(separator: ", ")

  /// What experiments leave behind; other rooms fill them.
  private static let research = Migration(
    2, "research",
    """
    CREATE TABLE experiments (
      id {identity}, name TEXT NOT NULL UNIQUE, description TEXT, created_at BIGINT NOT NULL,
      settings TEXT
    );
    CREATE TABLE runs (
      id TEXT PRIMARY KEY, experiment_id BIGINT REFERENCES experiments (id), verb TEXT NOT NULL,
      status TEXT NOT NULL, seed BIGINT, started_at BIGINT NOT NULL, ended_at BIGINT,
      manifest TEXT NOT NULL
    );
    CREATE INDEX runs_by_experiment ON runs (experiment_id, started_at);
    CREATE TABLE metrics (
      run_id TEXT NOT NULL REFERENCES runs (id), name TEXT NOT NULL, step BIGINT NOT NULL,
      recorded_at BIGINT NOT NULL, number DOUBLE PRECISION, PRIMARY KEY (run_id, name, step)
    ){clustered};
    CREATE TABLE models (
      id TEXT PRIMARY KEY, run_id TEXT REFERENCES runs (id), name TEXT NOT NULL,
      version BIGINT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
      created_at BIGINT NOT NULL, metadata TEXT, UNIQUE (name, version)
    );
    CREATE TABLE features (
      series_id BIGINT NOT NULL REFERENCES series (id), formula TEXT NOT NULL,
      start_at BIGINT NOT NULL, known_at BIGINT NOT NULL, number DOUBLE PRECISION,
      PRIMARY KEY (series_id, formula, start_at)
    ){clustered};
    CREATE TABLE trades (
      id {identity}, run_id TEXT NOT NULL REFERENCES runs (id), symbol TEXT NOT NULL,
      side TEXT NOT NULL, quantity TEXT NOT NULL, entry_at BIGINT NOT NULL,
      entry_price TEXT NOT NULL, exit_at BIGINT, exit_price TEXT, costs TEXT NOT NULL,
      profit TEXT, reason TEXT
    );
    CREATE INDEX trades_by_run ON trades (run_id, entry_at);
    CREATE TABLE portfolio_history (
      run_id TEXT NOT NULL REFERENCES runs (id), at BIGINT NOT NULL, equity TEXT NOT NULL,
      cash TEXT NOT NULL, exposure DOUBLE PRECISION, positions TEXT, PRIMARY KEY (run_id, at)
    ){clustered};
    CREATE TABLE regimes (
      symbol TEXT NOT NULL, method TEXT NOT NULL, start_at BIGINT NOT NULL,
      known_at BIGINT NOT NULL, regime TEXT NOT NULL, probability DOUBLE PRECISION,
      PRIMARY KEY (symbol, method, start_at)
    ){clustered};
    """)

  /// Series of an index that is computed at other hours than its zone's shares trade.
  private static let calendars = Migration(
    3, "calendars", "ALTER TABLE series ADD COLUMN calendar TEXT;")
}
