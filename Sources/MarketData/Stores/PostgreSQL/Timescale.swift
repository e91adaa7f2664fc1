import Databases
import Runtime

/// What TimescaleDB is asked to do with the table of bars, where the extension is there.
///
/// Written against its documentation and tested against stand-ins for its functions; it has not run
/// against the extension itself.
package struct Timescale: Sendable {
  /// Chunks whose bars are all older are compressed.
  package var compressAfter: Duration
  /// Chunks whose bars are all older are dropped; `nil` keeps everything, as stores promise.
  package var keep: Duration?

  package init(compressAfter: Duration = .seconds(90 * 86_400), keep: Duration? = nil) {
    self.compressAfter = compressAfter
    self.keep = keep
  }

  package static func isPresent(_ session: some SQLSession) throws(DatabaseError) -> Bool {
    try session.rows("SELECT 1 WHERE to_regproc('create_hypertable') IS NOT NULL").count == 1
  }

  /// Settles compression, the daily aggregate and retention; doing it again changes nothing.
  ///
  /// - Returns: what the extension's edition does not have. The bars are kept all the same.
  package func settle(_ session: some SQLSession) throws -> [String] {
    for statement in clock { try session.execute(statement) }
    var missing: [String] = []
    for part in parts {
      do throws(DatabaseError) {
        for statement in part.statements { try session.execute(statement) }
      } catch {
        // feature_not_supported: what the Apache edition answers.
        guard error.code == "0A000" else { throw error }
        missing.append(part.name)
      }
    }
    return missing
  }

  private var clock: [String] {
    [
      """
      CREATE OR REPLACE FUNCTION martinet_now() RETURNS BIGINT LANGUAGE SQL STABLE AS
      $$ SELECT (extract(epoch FROM now()) * 1000000000)::bigint $$
      """,
      "SELECT set_integer_now_func('bars', 'martinet_now', replace_if_exists => true)",
    ]
  }

  private var parts: [(name: String, statements: [String])] {
    var parts = [
      (
        "compression",
        [
          "ALTER TABLE bars SET (timescaledb.compress, timescaledb.compress_segmentby = "
            + "'series_id', timescaledb.compress_orderby = 'start_at')",
          "SELECT add_compression_policy('bars', \(Self.nanoseconds(compressAfter))::bigint, "
            + "if_not_exists => true)",
        ]
      ),
      (
        "the daily aggregate",
        [
          """
          CREATE MATERIALIZED VIEW IF NOT EXISTS bars_by_day WITH (timescaledb.continuous) AS
          SELECT series_id, time_bucket(\(Timestamp.nanosecondsPerDay)::bigint, start_at) AS day,
            first(open, start_at) AS open, max(high) AS high, min(low) AS low,
            last(close, start_at) AS close, sum(volume) AS volume, count(*) AS bar_count
          FROM bars GROUP BY series_id, day WITH NO DATA
          """,
          "SELECT add_continuous_aggregate_policy('bars_by_day', start_offset => "
            + "\(7 * Timestamp.nanosecondsPerDay)::bigint, end_offset => "
            + "\(Timestamp.nanosecondsPerDay)::bigint, schedule_interval => INTERVAL '1 hour', "
            + "if_not_exists => true)",
        ]
      ),
    ]
    if let keep {
      parts.append(
        (
          "retention",
          [
            "SELECT add_retention_policy('bars', \(Self.nanoseconds(keep))::bigint, "
              + "if_not_exists => true)"
          ]
        ))
    }
    return parts
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 { duration.nanoseconds ?? .max }
}
