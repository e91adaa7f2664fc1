import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Alpaca's bars", .timeLimit(.minutes(1))) struct AlpacaTests {
  private func source(
    _ bench: SourceBench, _ server: PlaybackServer, feed: AlpacaSettings.Feed? = .iex,
    adjustment: BarDeclaration.Adjustment = .splits
  ) throws -> AlpacaSource {
    AlpacaSource(
      link: try bench.link("Alpaca"),
      settings: AlpacaSettings(
        base: try HTTPAddress(parsing: server.base), key: Secret("KEYID1"),
        secret: Secret("SECRET1"),
        feed: feed, adjustment: adjustment))
  }

  private func bar(_ time: String, _ close: Double) -> String {
    #"{"t":"\#(time)","o":\#(close),"h":\#(close + 1),"l":\#(close - 1),"c":\#(close),"v":100,"n":7,"vw":\#(close)}"#
  }

  private func page(_ bars: [String], next: String?) -> PlaybackAnswer {
    let token = next.map { "\"\($0)\"" } ?? "null"
    let list = bars.isEmpty ? "null" : "[\(bars.joined(separator: ","))]"
    return .text(200, #"{"bars":\#(list),"symbol":"NVDA","next_page_token":\#(token)}"#)
  }

  @Test("pages follow each other until none is named, and each is a batch") func pages()
    async throws
  {
    let bench = try SourceBench()
    let server = try PlaybackServer(answers: [
      page([bar("2024-02-27T05:00:00Z", 10), bar("2024-02-28T05:00:00Z", 11)], next: "abc=="),
      page([bar("2024-02-29T05:00:00Z", 12)], next: nil),
    ])
    let batches = try await bench.batches(
      try source(bench, server), days: "20240227-20240229")
    #expect(batches.map(\.count) == [2, 1])
    #expect(batches[0].starts == ["2024-02-27T14:30:00Z", "2024-02-28T14:30:00Z"])
    #expect(batches[1].figures("vwap") == [12] && batches[1].figures("trade_count") == [7])
    #expect(batches[0].declaration.adjustment == .splits)
    let first = server.requests[0]
    #expect(first.path == "/v2/stocks/NVDA/bars")
    for (name, value) in [
      ("timeframe", "1Day"), ("start", "2024-02-27T05:00:00Z"), ("feed", "iex"), ("limit", "10000"),
      ("end", "2024-03-01T04:59:59.999999999Z"), ("adjustment", "split"), ("sort", "asc"),
    ] {
      #expect(first.query(name) == value, "\(name)")
    }
    #expect(first.headers["apca-api-key-id"] == "KEYID1")
    #expect(first.headers["apca-api-secret-key"] == "SECRET1")
    #expect(first.query("page_token") == nil)
    #expect(server.requests[1].query("page_token") == "abc==")
  }

  @Test("minutes outside of the session are left out and counted") func minutes() async throws {
    let bench = try SourceBench()
    let server = try PlaybackServer(answers: [
      page(
        [
          bar("2024-02-28T09:00:00Z", 9), bar("2024-02-28T14:30:00Z", 10),
          bar("2024-02-28T20:55:00Z", 11), bar("2024-02-28T21:00:00Z", 12),
        ], next: nil)
    ])
    let batch = try #require(
      try await bench.batches(
        try source(bench, server), "NVDA", BarInterval(count: 5, unit: .minute)
      )
      .first)
    #expect(batch.figures("close") == [10, 11])
    #expect(batch.notes.map { "\($0.code) \($0.count)" } == ["outside_sessions 2"])
  }

  @Test("its errors are told apart, and no key is in any of them") func errors() async throws {
    for (answer, word) in [
      (PlaybackAnswer.text(403, #"{"code":40310000,"message":"forbidden"}"#), "key"),
      (.text(422, #"{"message":"invalid timeframe"}"#), "invalid timeframe"),
      (.text(400, "not json"), "not json"), (.text(200, "not json"), "was expected here"),
      (page([#"{"t":"yesterday"}"#], next: nil), "no time"),
      (.text(200, #"{"bars":{},"next_page_token":null}"#), "no list"),
      (.text(500, "x"), "out of order"), (page([], next: "same"), "same page"),
    ] {
      let bench = try SourceBench()
      let server = try PlaybackServer(answers: [answer])
      do {
        _ = try await bench.batches(try source(bench, server))
        Issue.record("\(answer) was taken")
      } catch {
        let diagnosis = Diagnosis(describing: error, place: "")
        #expect(diagnosis.finding.contains(word), "\(diagnosis)")
        #expect(!"\(diagnosis) \(error)".contains("SECRET1") && !"\(error)".contains("KEYID1"))
      }
    }
    let bench = try SourceBench()
    let server = try PlaybackServer(answers: [page([], next: nil)])
    await #expect(throws: SourceError.self) {
      try await bench.batches(try source(bench, server), "NVDA", .hour)
    }
    #expect(try await bench.batches(try source(bench, server)).map(\.count) == [0])
  }

  @Test("a used-up allowance is waited for until it is renewed") func allowance() async throws {
    let bench = try SourceBench()
    let reset = bench.time.now.nanoseconds / Timestamp.nanosecondsPerSecond + 40
    let server = try PlaybackServer { [self] request in
      request.number == 0
        ? .text(
          429, #"{"message":"too many requests."}"#,
          headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "\(reset)"])
        : page([], next: nil)
    }
    _ = try await bench.batches(try source(bench, server))
    #expect(bench.pauses.list == [.seconds(40)])
  }
}
