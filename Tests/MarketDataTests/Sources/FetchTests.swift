import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Fetching into a store", .timeLimit(.minutes(3))) struct FetchTests {
  private let days = "20230103-20240301"

  private func playback() throws -> YahooPlayback {
    YahooPlayback(
      "NVDA", YahooPlayback.rising(try SourceBench.opens("2023-01-03", "2024-03-01")))
  }

  private func fetched(
    _ bench: SourceBench, _ source: any BarSource, _ store: any BarStore, days: String,
    _ interval: BarInterval = .day
  ) async throws -> FetchOutcome {
    await SeriesFetch(source: source, store: store, time: bench.time).run(
      try SourceBench.key("NVDA", interval), days: try TimeRange(parsing: days))
  }

  private func closes(_ store: any BarStore, _ interval: BarInterval = .day) throws -> [Double] {
    let key = try SourceBench.key("NVDA", interval)
    guard try store.series().contains(where: { $0.key == key }) else { return [] }
    return try store.read(BarQuery(key))["close"].map(Array.init) ?? []
  }

  @Test("keeps what came, and asks nothing when nothing is missing") func complete() async throws {
    let bench = try SourceBench()
    let playback = try playback()
    let server = try PlaybackServer { playback.answer(to: $0) }
    let source = try bench.yahoo(server)
    let store = try bench.store()
    let first = try await fetched(bench, source, store, days: days)
    #expect(first.status == .fetched && first.counts.added == playback.rows.count)
    #expect(try closes(store) == playback.rows.map { $0.figures[3] ?? .nan })
    let summary = try #require(try store.series().first)
    #expect(summary.declaration.zone == "America/New_York")
    #expect(summary.declaration.adjustment == .splits)
    let again = try await fetched(bench, source, store, days: days)
    #expect(again.status == .upToDate && server.requests.count == 1)
  }

  @Test("a later run asks for the missing days and the last one only") func resumes() async throws {
    let bench = try SourceBench(now: "2024-02-01T22:00:00Z")
    let playback = try playback()
    let server = try PlaybackServer { playback.answer(to: $0) }
    let source = try bench.yahoo(server)
    let store = try bench.store()
    _ = try await fetched(bench, source, store, days: "20230601-20240201")
    bench.time.advance(to: try Timestamp(parsing: "2024-03-01T22:00:00Z"))
    let tail = try await fetched(bench, source, store, days: "20230601-")
    #expect(tail.counts.unchanged == 1 && tail.counts.revised == 0)
    let head = try await fetched(bench, source, store, days: days)
    #expect(head.counts.added == (try SourceBench.opens("2023-01-03", "2023-05-31").count))
    #expect(try closes(store) == playback.rows.map { $0.figures[3] ?? .nan })
    func day(_ request: PlaybackServer.Request, _ name: String) throws -> CivilDate {
      let seconds = try #require(request.query(name).flatMap { Int64($0) })
      return Timestamp(seconds: seconds).utcDate
    }
    #expect(server.requests.count == 3)
    #expect(try day(server.requests[1], "period1") == CivilDate(parsing: "2024-01-31"))
    #expect(try day(server.requests[2], "period2") == CivilDate(parsing: "2023-06-01"))
  }

  @Test("a hole in the store is found by the calendar, and only it is asked for") func holes()
    throws
  {
    let calendar = TradingCalendar.nasdaq
    let now = try Timestamp(parsing: "2024-03-01T22:00:00Z")
    let all = Array(
      try calendar.sessionDays(
        in: try CivilDate(parsing: "2023-01-03")...CivilDate(parsing: "2024-03-01")))
    let days = try TimeRange(parsing: "20230103-")
    func missing(
      _ stored: [CivilDate], now: Timestamp = now, end: String? = nil, isDaily: Bool = true
    ) throws -> [String] {
      let last = try stored.last.flatMap { try calendar.session(on: $0) }?.close
      return try FetchGaps.missing(
        days: days, stored: stored,
        storedEnd: try end.map { try Timestamp(parsing: $0) } ?? last ?? now, isDaily: isDaily,
        calendar: calendar, now: now
      ).map(\.description)
    }
    #expect(try missing(all) == [])
    #expect(try missing([]) == ["20230103-"])
    #expect(
      try missing(Array(all[..<50] + all[60...])) == [
        "\(all[50].compactDescription)-\(all[59].compactDescription)"
      ])
    #expect(try missing(Array(all.dropLast())) == ["20240229-20240301"])
    // Before the open of a day that day is not missing.
    let morning = try Timestamp(parsing: "2024-03-01T12:00:00Z")
    #expect(try missing(Array(all.dropLast()), now: morning) == [])
    // During a session its day's own bar is not due, and the bars within it are.
    let noon = try Timestamp(parsing: "2024-03-01T17:00:00Z")
    #expect(try missing(Array(all.dropLast()), now: noon) == [])
    #expect(try missing(Array(all.dropLast()), now: noon, isDaily: false) == ["20240229-20240301"])
    #expect(
      try missing(all, now: noon, end: "2024-03-01T16:55:00Z", isDaily: false)
        == ["20240301-20240301"])
    #expect(try missing(all, end: "2024-03-01T20:55:00Z", isDaily: false) == ["20240301-20240301"])
    #expect(try missing(all, isDaily: false) == [])
    // Holes near each other cost one request.
    let scattered = all.enumerated().filter { !(20..<60).contains($0.offset) || $0.offset % 2 == 0 }
    #expect(try missing(scattered.map(\.element)).count == 1)
  }

  @Test("a storm of failures ends in the very bars of a calm run") func storm() async throws {
    let playback = try playback()
    let calm = try await stormed { playback.answer(to: $0) }
    let body = playback.body()
    let broken: [PlaybackAnswer] = [
      .text(500, "x"), .text(502, "<html>"), .truncated(body: body, after: 700), .reset,
      YahooPlayback.throttled, .text(429, "", headers: ["Retry-After": "7"]),
      .chunkedWithoutEnd(body: body, piece: 500), .claimed(length: body.count + 9, body: body),
      .text(200, "Will be right back"), .silence(400),
    ]
    for seed in 0..<12 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      // At most four troubles before an answer, and never three 429 in a row.
      let troubles = (0..<4).map { _ in broken[Int(generator.next() % UInt64(broken.count))] }
      let isHopeless = troubles.map { if case .reply(429, _, _) = $0 { "t" } else { "-" } }.joined()
        .contains("ttt")
      guard !isHopeless else { continue }
      let stormy = try await stormed { request in
        request.number < troubles.count ? troubles[request.number] : playback.answer(to: request)
      }
      #expect(stormy == calm, "seed \(seed): \(troubles)")
    }
  }

  private func stormed(
    _ script: @escaping @Sendable (PlaybackServer.Request) -> PlaybackAnswer
  ) async throws -> [Double] {
    let bench = try SourceBench()
    let server = try PlaybackServer(script)
    let store = try bench.store()
    let outcome = try await fetched(
      bench, try bench.yahoo(server, deadline: .milliseconds(1000)), store, days: days)
    #expect(outcome.failure == nil)
    #expect(server.requests.count <= 5)
    return try closes(store)
  }

  @Test("an answer that breaks off leaves nothing of itself, and what came before stays")
  func truncated() async throws {
    let bench = try SourceBench()
    let opens = try SourceBench.opens("2024-02-05", "2024-03-01")
    let stamps = opens.flatMap { open in (0..<390).map { open + Int64($0) * 60 } }
    var playback = YahooPlayback("NVDA", YahooPlayback.rising(stamps))
    playback.isDaily = false
    let minutes = playback
    let server = try PlaybackServer { request in
      // The third stretch never comes whole.
      request.number < 2
        ? minutes.answer(to: request) : .truncated(body: minutes.body(), after: 30_000)
    }
    let store = try bench.store()
    let broken = try await fetched(
      bench, try bench.yahoo(server), store, days: "20240205-20240301", .minute)
    #expect(broken.status == .failed)
    #expect(broken.failure?.finding.contains("broke off") == true)
    // Two stretches of six days: 2024-02-05 to 02-16.
    #expect(try closes(store, .minute).count == 10 * 390)
    #expect(server.requests.count == 2 + RetryPolicy().attemptsMax)
    let calmServer = try PlaybackServer { minutes.answer(to: $0) }
    let rest = try await fetched(
      bench, try bench.yahoo(calmServer), store, days: "20240205-20240301", .minute)
    #expect(rest.failure == nil)
    #expect(try closes(store, .minute) == minutes.rows.map { $0.figures[3] ?? .nan })
    // Only from the last stored day on.
    let from = try #require(calmServer.requests.first?.query("period1").flatMap { Int64($0) })
    #expect(Timestamp(seconds: from) > (try Timestamp(parsing: "2024-02-15T00:00:00Z")))
  }

  @Test("a slow drip ends at the deadline, as often as it is tried") func drip() async throws {
    let bench = try SourceBench()
    let body = try playback().body()
    let server = try PlaybackServer(answers: [.drip(body: body, piece: 1, every: 20)])
    let start = ContinuousClock.now
    let outcome = try await fetched(
      bench, try bench.yahoo(server, deadline: .milliseconds(150)), try bench.store(), days: days)
    #expect(outcome.status == .failed)
    #expect(outcome.failure?.finding.contains("within 150ms") == true)
    #expect(server.requests.count == 5 && ContinuousClock.now - start < .seconds(30))
  }

  @Test("a new split changes the past, and all of it is fetched again") func rebased() async throws
  {
    let bench = try SourceBench(now: "2024-02-01T22:00:00Z")
    let before = try playback()
    let store = try bench.store()
    let first = try PlaybackServer { before.answer(to: $0) }
    _ = try await fetched(bench, try bench.yahoo(first), store, days: "20230103-")
    bench.time.advance(to: try Timestamp(parsing: "2024-03-01T22:00:00Z"))
    var after = before
    for index in after.rows.indices {
      after.rows[index].figures = after.rows[index].figures.enumerated().map { column, value in
        value.map { column == 4 ? $0 * 10 : $0 / 10 }
      }
    }
    let splitAt = try #require(try SourceBench.opens("2024-02-20", "2024-02-20").first)
    after.splits = [(splitAt, 10, 1)]
    let rebased = after
    let second = try PlaybackServer { rebased.answer(to: $0) }
    let outcome = try await fetched(bench, try bench.yahoo(second), store, days: "20230103-")
    #expect(outcome.status == .rebased)
    #expect(try closes(store) == rebased.rows.map { $0.figures[3] ?? .nan })
    let symbol = try #require(Symbol("NVDA"))
    #expect(try store.actions(of: symbol).map(\.kind) == [.split(ratio: 10)])
    // What was believed before can still be read.
    let old = try store.read(
      BarQuery(
        try SourceBench.key(),
        knowledge: .asOf(try Timestamp(parsing: "2024-02-02T00:00:00Z"))))
    #expect(old["close"]?.first == before.rows[0].figures[3])
  }

  @Test("the second host is asked where the first has trouble") func hosts() async throws {
    let bench = try SourceBench()
    let playback = try playback()
    let down = try PlaybackServer(answers: [.text(503, "")])
    let up = try PlaybackServer { playback.answer(to: $0) }
    let source = try bench.yahoo(down, second: up)
    let outcome = try await fetched(bench, source, try bench.store(), days: days)
    #expect(outcome.counts.added == playback.rows.count)
    #expect(down.requests.count == 1 && up.requests.count == 1)
  }

  @Test("a crumb is got when it is asked for, once, and sent from then on") func crumb()
    async throws
  {
    let bench = try SourceBench()
    let playback = try playback()
    let server = try PlaybackServer { request in
      switch request.path {
      case "/": return .text(404, "", headers: ["Set-Cookie": "A3=d=abc; Domain=.yahoo.com"])
      case "/v1/test/getcrumb":
        return request.headers["cookie"] == "A3=d=abc" ? .text(200, "Cr.u/mb1") : .text(401, "")
      default:
        return request.query("crumb") == "Cr.u/mb1" && request.headers["cookie"] == "A3=d=abc"
          ? playback.answer(to: request)
          : .text(
            401,
            #"{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}"#
          )
      }
    }
    let source = try bench.yahoo(server)
    let outcome = try await fetched(bench, source, try bench.store(), days: days)
    #expect(outcome.counts.added == playback.rows.count)
    #expect(server.requests.count == 4)
    _ = try await bench.batches(source)
    #expect(server.requests.count == 5)
    let stubborn = try PlaybackServer { request in
      request.path == "/"
        ? .text(404, "", headers: ["Set-Cookie": "A3=x"])
        : request.path.hasSuffix("getcrumb") ? .text(200, "<html>no</html>") : .text(401, "")
    }
    let refused = try await fetched(
      bench, try bench.yahoo(stubborn), try bench.store("b"), days: days)
    #expect(refused.failure?.finding.contains("it gave no crumb") == true)
  }

  @Test("Retry-After is obeyed, and three refusals in a row are enough") func throttled()
    async throws
  {
    let bench = try SourceBench()
    let playback = try playback()
    let server = try PlaybackServer { request in
      request.number == 0
        ? .text(429, "Too Many Requests", headers: ["Retry-After": "75"])
        : playback.answer(to: request)
    }
    _ = try await fetched(bench, try bench.yahoo(server), try bench.store(), days: days)
    #expect(bench.pauses.list == [.seconds(75)])
    let deaf = try PlaybackServer(answers: [YahooPlayback.throttled])
    let outcome = try await fetched(bench, try bench.yahoo(deaf), try bench.store("b"), days: days)
    #expect(outcome.failure?.finding.contains("3 times in a row") == true)
    #expect(deaf.requests.count == 3)
  }

  @Test("no request is sent beyond the budget") func budget() async throws {
    let bench = try SourceBench()
    let budget = RequestBudget(path: bench.folder.path + "/budget", limit: 3600, burst: 2)
    let server = try PlaybackServer(answers: [.reply(200, body: YahooPlayback("X", []).body())])
    let source = try bench.yahoo(server, budget: budget)
    for _ in 0..<6 { _ = try await bench.batches(source) }
    #expect(server.requests.count == 6)
    // Two at once, and the other four a second after each other.
    #expect(bench.pauses.list.count == 4)
    #expect(bench.pauses.list.allSatisfy { $0 > .milliseconds(900) && $0 < .milliseconds(1100) })
  }

  @Test("a cancelled fetch ends soon, and the store stays whole") func cancelled() async throws {
    let bench = try SourceBench()
    let body = try playback().body()
    let server = try PlaybackServer(answers: [.drip(body: body, piece: 1, every: 20)])
    let store = try bench.store()
    let source = try bench.yahoo(server)
    let fetch = SeriesFetch(source: source, store: store, time: bench.time)
    let key = try SourceBench.key()
    let task = Task { await fetch.run(key, days: .all) }
    try await Task.sleep(for: .milliseconds(100))
    let start = ContinuousClock.now
    task.cancel()
    #expect(await task.value.status != .fetched)
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try closes(store) == [])
    for _ in 0..<100 where server.openConnectionCount > 0 {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(server.openConnectionCount == 0)
  }
}
