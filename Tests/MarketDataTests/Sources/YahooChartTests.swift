import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Yahoo's charts", .timeLimit(.minutes(2))) struct YahooChartTests {
  /// The sample of the reference, word for word.
  private static let sample = """
    {"chart":{"result":[{"meta":{"currency":"USD","symbol":"NVDA","exchangeName":"NMS",\
    "instrumentType":"EQUITY","gmtoffset":-14400,"timezone":"EDT",\
    "exchangeTimezoneName":"America/New_York","priceHint":2,"chartPreviousClose":121.0,\
    "dataGranularity":"1d","range":"","validRanges":["1d","5d","max"]},\
    "timestamp":[1717767000,1717853400,1718026200],"events":{"dividends":{"1718112600":\
    {"amount":0.01,"date":1718112600}},"splits":{"1718026200":{"date":1718026200,\
    "numerator":10.0,"denominator":1.0,"splitRatio":"10:1"}}},"indicators":{"quote":[{"open":\
    [119.77,null,120.37],"high":[121.0,null,123.1],"low":[118.6,null,117.01],"close":\
    [120.888,null,121.79],"volume":[412386000,null,314162700]}],"adjclose":[{"adjclose":\
    [120.85,null,121.75]}]}}],"error":null}}
    """

  private func batches(
    _ answers: [PlaybackAnswer], _ interval: BarInterval = .day, symbol: String = "NVDA",
    days: String = "20240101-20240630", now: String = "2024-07-01T22:00:00Z"
  ) async throws -> [BarBatch] {
    let bench = try SourceBench(now: now)
    let server = try PlaybackServer(answers: answers)
    return try await bench.batches(
      try bench.yahoo(server), symbol, interval, days: days)
  }

  private func error(_ answer: PlaybackAnswer) async throws -> SourceError? {
    do {
      _ = try await batches([answer])
      return nil
    } catch let error as SourceError {
      #expect(!error.diagnosis.place.isEmpty && !error.diagnosis.remedy.isEmpty)
      return error
    }
  }

  @Test("the sample of the reference: sessions, null rows, splits and dividends") func sample()
    async throws
  {
    let batch = try #require(try await batches([.text(200, Self.sample)]).first)
    #expect(batch.starts == ["2024-06-07T13:30:00Z", "2024-06-10T13:30:00Z"])
    #expect(Array(batch.end) == Array(batch.knownAt))
    #expect(Timestamp(nanoseconds: batch.end[1]).description == "2024-06-10T20:00:00Z")
    #expect(batch.figures("close") == [120.888, 121.79])
    #expect(batch.figures("volume") == [412_386_000, 314_162_700])
    #expect(batch.figures("adj_close") == [120.85, 121.75])
    #expect(batch.notes.map { "\($0.code) \($0.count)" } == ["null_bars 1"])
    #expect(batch.declaration.zone == "America/New_York")
    #expect(batch.declaration.adjustment == .splits && batch.declaration.stamp == .session)
    #expect(
      batch.actions.map { "\($0.date) \($0.kind)" } == [
        "2024-06-10 split(ratio: 10.0)", "2024-06-11 dividend(amount: 0.01)",
      ])
  }

  @Test("asks as the reference says: encoded symbol, epoch seconds, a browser's name")
  func request() async throws {
    let bench = try SourceBench()
    let server = try PlaybackServer(answers: [.text(200, Self.sample)])
    let source = try bench.yahoo(server)
    for symbol in ["^GSPC", "BRK.B", "RELIANCE.NS", "JPY=X"] {
      _ = try await bench.batches(source, symbol)
    }
    #expect(
      server.requests.map { String($0.target.prefix { $0 != "?" }) } == [
        "/v8/finance/chart/%5EGSPC", "/v8/finance/chart/BRK-B", "/v8/finance/chart/RELIANCE.NS",
        "/v8/finance/chart/JPY%3DX",
      ])
    let request = try #require(server.requests.first)
    #expect(request.query("interval") == "1d" && request.query("includePrePost") == "false")
    #expect(request.query("events") == "div,splits,capitalGains")
    let from = try #require(request.query("period1").flatMap { Int64($0) })
    #expect(Timestamp(seconds: from) < (try Timestamp(parsing: "2024-01-01T00:00:00Z")))
    #expect(request.headers["user-agent"]?.hasPrefix("Mozilla/5.0") == true)
    #expect(request.query("crumb") == nil && request.headers["cookie"] == nil)
  }

  @Test("prices lose the noise of single precision, whatever their decimals") func rounding()
    async throws
  {
    let stamp = try #require(try SourceBench.opens("2024-02-28", "2024-02-28").first)
    var playback = YahooPlayback(
      "X",
      [.init(stamp, [217.5500030517578, 218.12345123, 0.123456789, 217.9999999, 10, 217.54999])])
    var batch = try #require(try await batches([.reply(200, body: playback.body())]).first)
    #expect(batch.figures("open") == [217.55] && batch.figures("high") == [218.1235])
    #expect(batch.figures("close") == [218.0] && batch.figures("adj_close") == [217.55])
    playback.priceHint = 4
    batch = try #require(try await batches([.reply(200, body: playback.body())]).first)
    #expect(batch.figures("low") == [0.123457])
  }

  @Test("today's bar is no finished one, rows of one day count once, and order does not matter")
  func unfinished() async throws {
    let opens = try SourceBench.opens("2024-02-27", "2024-03-01")
    var rows = YahooPlayback.rising(opens)
    // The row of the day under way comes twice: at the open, and as of now.
    rows.append(.init(opens[3] + 7231, [1, 2, 0.5, 1.5, 9, 1.5]))
    // A correction of the day before comes first.
    rows.swapAt(0, 2)
    rows.append(.init(opens[1] + 1, [50, 51, 49, 50.5, 7, 50.5]))
    let body = YahooPlayback("NVDA", rows).body()
    let during = try #require(
      try await batches([.reply(200, body: body)], now: "2024-03-01T17:00:00Z").first)
    #expect(during.count == 3)
    #expect(during.figures("close") == [100, 50.5, 102])
    #expect(during.notes.map(\.code) == ["unfinished", "repeated"])
    let after = try #require(
      try await batches([.reply(200, body: body)], now: "2024-03-01T21:00:00Z").first)
    #expect(after.figures("close") == [100, 50.5, 102, 1.5])
  }

  @Test("bars within a day keep to the session's grid, half days and changes of clocks included")
  func intraday() async throws {
    // The last hour of a day is half an hour long; 2023-11-24 closes at one.
    let open = try #require(try SourceBench.opens("2023-11-24", "2023-11-24").first)
    let stamps = (0..<4).map { open + Int64($0) * 3600 } + [open + 3 * 3600 + 1800, open + 100]
    var playback = YahooPlayback("NVDA", YahooPlayback.rising(stamps))
    playback.isDaily = false
    let batch = try #require(
      try await batches(
        [.reply(200, body: playback.body())], .hour, days: "20231124-20231124",
        now: "2023-11-25T00:00:00Z"
      ).first)
    #expect(
      batch.starts == [
        "2023-11-24T14:30:00Z", "2023-11-24T15:30:00Z", "2023-11-24T16:30:00Z",
        "2023-11-24T17:30:00Z",
      ])
    #expect(Timestamp(nanoseconds: batch.end[3]).description == "2023-11-24T18:00:00Z")
    #expect(batch.notes.map(\.code) == ["outside_sessions", "off_grid"])
    #expect(batch["adj_close"] == nil && batch.declaration.stamp == .start)
    for (day, utc) in [("2024-03-08", "14:30"), ("2024-03-11", "13:30"), ("2024-11-04", "14:30")] {
      let stamp = try #require(try SourceBench.opens(day, day).first)
      let daily = try #require(
        try await batches(
          [.reply(200, body: YahooPlayback("X", YahooPlayback.rising([stamp])).body())],
          days: "20240101-20241231", now: "2025-01-01T00:00:00Z"
        ).first)
      #expect(daily.starts == ["\(day)T\(utc):00Z"])
    }
  }

  @Test("minutes are asked for in stretches that Yahoo gives at once") func spans() throws {
    let today = try CivilDate(parsing: "2024-03-01")
    for (text, longest, back) in [("1min", 6, 28), ("5min", 58, 58), ("1h", 728, 728)] {
      let interval = try BarInterval(parsing: text)
      let reach = try YahooReach(interval)
      let (spans, lost) = try reach.spans(.all, today: today, source: interval)
      #expect(spans.first?.lowerBound == today.advanced(by: -back) && lost == 0)
      #expect(spans.last?.upperBound == today)
      #expect(spans.allSatisfy { $0.count <= longest })
      for (a, b) in zip(spans, spans.dropFirst()) {
        #expect(b.lowerBound == a.upperBound.advanced(by: 1))
      }
      let (from, to) = YahooReach.seconds(try #require(spans.first))
      if text == "1min" { #expect(to - from <= 8 * 86_400) }
      let early = try reach.spans(
        try TimeRange(parsing: "20200101-"), today: today, source: interval)
      #expect(early.outOfReach > 300)
      #expect(throws: SourceError.self) {
        try reach.spans(try TimeRange(parsing: "20200101-20200201"), today: today, source: interval)
      }
    }
    for text in ["30min", "1w", "7min", "2d", "10s"] {
      #expect(throws: SourceError.self) { try YahooReach(try BarInterval(parsing: text)) }
    }
  }

  @Test("each error of the table has its own name") func errors() async throws {
    let gone = try await error(
      YahooPlayback.refusal(404, code: "Not Found", "No data found, symbol may be delisted"))
    #expect(
      gone
        == .unknownSymbol(
          source: "Yahoo", symbol: "NVDA", says: "No data found, symbol may be delisted"))
    let tooLong = "1m data not available for startTime=1. Only 8 days worth are allowed."
    #expect(
      try await error(YahooPlayback.refusal(422, code: "Unprocessable Entity", tooLong))
        == .badRequest(source: "Yahoo", symbol: "NVDA", says: tooLong))
    #expect(
      try await error(YahooPlayback.refusal(200, code: "Not Found", "gone"))
        == .unknownSymbol(source: "Yahoo", symbol: "NVDA", says: "gone"))
    guard case .badRequest? = try await error(.text(400, "plain text")) else {
      Issue.record("400")
      return
    }
    guard
      case .outage? = try await error(.text(200, "<html>Our engineers… Will be right back</html>"))
    else {
      Issue.record("outage")
      return
    }
    guard case .rateLimited? = try await error(YahooPlayback.throttled) else {
      Issue.record("429")
      return
    }
    guard case .outage? = try await error(.text(503, "")) else {
      Issue.record("503")
      return
    }
    let gateway = #"{"finance":{"result":null,"error":{"code":"Bad Request","description":"no"}}}"#
    #expect(
      try await error(.text(400, gateway))
        == .badRequest(source: "Yahoo", symbol: "NVDA", says: "no"))
  }

  @Test("days before the first trade, and days without bars, are days without bars") func empty()
    async throws
  {
    let before = try await batches([
      YahooPlayback.refusal(400, code: "Bad Request", "Data doesn't exist for startDate = 1")
    ])
    #expect(before.map(\.count) == [0])
    let none = try await batches([.reply(200, body: YahooPlayback("NVDA", []).body())])
    #expect(none.map(\.count) == [0])
  }

  @Test("a body that is not what it should be is refused with its place") func malformed()
    async throws
  {
    for text in [
      "", "{", "[]", "{}", #"{"chart":{"result":[],"error":null}}"#,
      Self.sample.replacing("[119.77,null,120.37]", with: "[119.77,null]"),
      Self.sample.replacing("1717767000,", with: "\"x\","),
      Self.sample.replacing("1717767000,", with: "99999999999999,"),
      Self.sample.replacing("\"close\":", with: "\"clothes\":"),
      Self.sample.replacing("\"exchangeTimezoneName\":\"America/New_York\",", with: ""),
      Self.sample.replacing("119.77", with: "Infinity"), String(Self.sample.dropLast(40)),
    ] {
      guard case .badAnswer(let place, _)? = try await error(.text(200, text)) else {
        Issue.record("taken: \(text.prefix(80))")
        continue
      }
      #expect(place.contains("NVDA"))
    }
    let odd = Self.sample.replacing("[120.85,null,121.75]", with: "[\"Infinity\",null,121.75]")
    let batch = try #require(try await batches([.text(200, odd)]).first)
    #expect(batch.figures("adj_close").map(\.isNaN) == [true, false])
  }

  @Test("whatever comes in, bars or an error with a remedy come out") func fuzz() async throws {
    let corpus = [Array(Self.sample.utf8)]
    let words = ["null", "[]", "{}", "\"chart\"", "1e300", "-1", "\"date\"", "\"finance\"", "<"]
      .map { Array($0.utf8) }
    let days = try TimeRange(parsing: "20240101-20240630")
    let now = try Timestamp(parsing: "2024-07-01T22:00:00Z")
    let symbol = try #require(Symbol("NVDA"))
    var accepted = 0
    for bytes in mutations(
      of: corpus, count: FuzzBudget.inputs(usual: 5000, nightly: 200_000), seed: 5,
      dictionary: words)
    {
      do throws(SourceError) {
        let chart = try YahooChart.read(
          HTTPClient.Reply(head: HTTPHead(status: 200), body: bytes), symbol: "NVDA")
        guard let zone = chart.zone else { continue }
        var bars = try WebBars(symbol: symbol, interval: .day, days: days, zone: zone, now: now)
        let batch = try bars.batch(chart.rows, declaration: BarDeclaration(), actions: [])
        _ = chart.actions(of: symbol, days: days, zone: bars.zone)
        for row in 0..<batch.count {
          #expect(batch.start[row] < batch.end[row] && batch.end[row] <= batch.knownAt[row])
        }
        accepted += 1
      } catch {
        #expect(!error.diagnosis.finding.isEmpty && !error.diagnosis.remedy.isEmpty)
      }
    }
    #expect(accepted > 100)
  }

  @Test("a market without a calendar is said in plain words") func markets() async throws {
    var playback = YahooPlayback("BTC-USD", YahooPlayback.rising([1_709_164_800]))
    for (zone, word) in [("UTC", "no exchange"), ("Europe/London", "not known here")] {
      playback.zone = zone
      guard case .noCalendar? = try await error(.reply(200, body: playback.body())) else {
        Issue.record("\(zone)")
        continue
      }
      let found = try await error(.reply(200, body: playback.body()))
      #expect(found?.diagnosis.finding.contains(word) == true, "\(String(describing: found))")
    }
    playback.zone = "Asia/Kolkata"
    let india = try await error(.reply(200, body: playback.body()))
    #expect(india == nil, "its sessions are known")
  }
}
