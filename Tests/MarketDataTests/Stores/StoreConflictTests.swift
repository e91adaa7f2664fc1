import Databases
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

/// A store with one bar, and somebody else's session on its database.
private struct Stand {
  let server: PostgreSQLServer
  let key: SeriesKey
  let other: PostgreSQLConnection
  let lock: String
  let metrics = Metrics()

  /// - Parameter settings: of the database, for all sessions but the other one.
  init(settings: [String]) throws {
    server = try PostgreSQLServer()
    key = try StoreSamples.key()
    let store = try StoreAddress(kind: .postgres, location: server.url).open()
    try store.declare(key, as: StoreSamples.declaration)
    _ = try store.write(
      StoreSamples.batch(key, [(0, 1)]), to: key, recordedAt: StoreSamples.instant(0))
    other = try PostgreSQLConnection(server.url)
    for setting in settings {
      try other.execute("ALTER DATABASE postgres SET \(setting)")
    }
    // As the store locks a series; its number is `MRTN`.
    lock = "SELECT pg_advisory_xact_lock(1297241166, hashtext('series \(key)'))"
  }

  /// How often a transaction was run again after a failure with this SQLSTATE.
  func retries(_ code: String) -> UInt64 {
    metrics.counter("store_retries_total", labels: ["code": code]).value
  }

  /// Runs `act` on the other session once a write of the store waits for a lock, and gives what
  /// the store holds afterwards.
  func writing(during act: () throws -> Void) throws -> [String] {
    let address = StoreAddress(kind: .postgres, location: server.url)
    let key = key
    let metrics = metrics
    let finished = Outcome()
    let thread = Thread {
      finished.set(
        Result {
          try address.open(metrics: metrics).write(
            StoreSamples.batch(key, [(0, 5), (1, 6)]), to: key, recordedAt: StoreSamples.instant(7))
        })
    }
    thread.start()
    // The other session's own transaction must not be the one that is looked through.
    let watch = try PostgreSQLConnection(server.url)
    var looks = 0
    while try watch.rows("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty {
      looks += 1
      try #require(looks < 6000, "the write never waited")
      usleep(10_000)
    }
    try act()
    let counts = try finished.wait()
    #expect(counts == WriteCounts(added: 1, revised: 1))
    return try address.open().bars(BarQuery(key)).bars["open"].map { $0.map(\.description) } ?? []
  }
}

/// Writes that PostgreSQL breaks off because of what others do at the same time, really provoked.
@Suite("Bars written while others are in the way", .needs(.postgreSQL)) struct StoreConflictTests {
  @Test("a write that could not be put in a row with another is done again")
  func serialization() throws {
    let stand = try Stand(settings: ["default_transaction_isolation = 'serializable'"])
    defer { stand.server.stop() }
    try stand.other.execute("BEGIN")
    _ = try stand.other.rows(stand.lock)
    let values = try stand.writing {
      // The store's snapshot is from before this.
      try stand.other.execute("UPDATE series SET recorded_at = recorded_at")
      try stand.other.execute("COMMIT")
    }
    #expect(values == ["5.0", "6.0"])
    #expect(stand.retries("40001") >= 1)
  }

  @Test("a write that PostgreSQL broke off because two waited for each other is done again")
  func deadlock() throws {
    // Of the two that wait, the store's session is the one that looks, and so the one that gives up.
    let stand = try Stand(settings: ["deadlock_timeout = '3s'"])
    try stand.other.execute("SET deadlock_timeout = '60s'")
    defer { stand.server.stop() }
    try stand.other.execute("BEGIN")
    _ = try stand.other.rows("SELECT 1 FROM series FOR UPDATE")
    let values = try stand.writing {
      _ = try stand.other.rows(stand.lock)
      try stand.other.execute("COMMIT")
    }
    #expect(values == ["5.0", "6.0"])
    #expect(stand.retries("40P01") == 1)
  }
}

/// What a thread came to.
private final class Outcome: @unchecked Sendable {
  private let condition = NSCondition()
  private var result: Result<WriteCounts, any Error>?

  func set(_ result: Result<WriteCounts, any Error>) {
    condition.lock()
    self.result = result
    condition.broadcast()
    condition.unlock()
  }

  func wait() throws -> WriteCounts {
    condition.lock()
    defer { condition.unlock() }
    let end = Date(timeIntervalSinceNow: 120)
    while result == nil, condition.wait(until: end) {}
    return try #require(result, "the write never came back").get()
  }
}
