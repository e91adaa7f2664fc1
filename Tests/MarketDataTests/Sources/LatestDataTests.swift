import Market
import MarketData
import Runtime
import Testing

@Suite("The file of latest bars") struct LatestDataTests {
  private func bars(_ closes: [Double], volumes: [Double]? = nil) throws -> BarBatch {
    let sessions = try TradingCalendar.nasdaq.sessions(
      in: try CivilDate(parsing: "2024-02-20")...CivilDate(parsing: "2024-03-01")
    ).suffix(closes.count)
    return BarBatch(
      symbol: try #require(Symbol("NVDA")), interval: .day,
      start: Column(sessions.map(\.open.nanoseconds)),
      end: Column(sessions.map(\.close.nanoseconds)),
      knownAt: Column(sessions.map(\.close.nanoseconds)),
      columns: ["open", "high", "low", "close"].map { ($0, Column(closes)) } + [
        ("volume", Column(volumes ?? closes.map { _ in 100 }))
      ])
  }

  private func codes(
    _ bars: BarBatch, actions: [CorporateAction] = [], now: String = "2024-03-01T22:00:00Z"
  ) throws -> [String] {
    var latest = LatestData()
    latest.add(bars, actions: actions, calendar: .nyse, last: 500)
    return latest.findings(now: try Timestamp(parsing: now)).map(\.code)
  }

  @Test("sound bars pass, each defect has its name") func checks() throws {
    #expect(try codes(try bars([100, 101, 99])) == [])
    #expect(try codes(try bars([100, .nan, 99])).contains("bad_price"))
    #expect(try codes(try bars([100, .infinity, 99])).contains("bad_price"))
    #expect(try codes(try bars([100, 101, 160])) == ["large_move"])
    #expect(try codes(try bars([100, 101, 45])) == ["large_move"])
    #expect(try codes(try bars([100, 101, 102], volumes: [1, 0, 1])) == ["bad_volume"])
    #expect(try codes(try bars([100, 100, 101], volumes: [1, 0, 1])) == [])
    #expect(try codes(try bars([100, 101, 102], volumes: [1, .nan, 1])) == ["bad_volume"])
    #expect(try codes(try bars([100]), now: "2024-03-05T22:00:00Z") == ["stale"])
    // Before the close of a day its bar is not due.
    #expect(try codes(try bars([100]), now: "2024-03-04T18:00:00Z") == [])
    #expect(try codes(try bars([])) == ["no_bars"])
  }

  @Test("a move that a split of that day explains is none") func split() throws {
    let bars = try bars([1000, 1010, 102])
    func split(_ day: String, _ ratio: Double) throws -> CorporateAction {
      let date = try CivilDate(parsing: day)
      return CorporateAction(
        symbol: bars.symbol, date: date,
        knownAt: try #require(try TradingCalendar.nasdaq.session(on: date)).open,
        kind: .split(ratio: ratio))
    }
    #expect(try codes(bars, actions: [split("2024-03-01", 10)]) == [])
    #expect(try codes(bars, actions: [split("2024-02-29", 10)]) == ["large_move"])
    #expect(try codes(bars, actions: [split("2024-03-01", 2)]) == ["large_move"])
  }

  @Test("it is written as every reader of bars knows it") func csv() throws {
    var latest = LatestData()
    latest.add(try bars([100, 101.5]), actions: [], calendar: nil, last: 1)
    #expect(
      latest.csv == """
        timestamp,symbol,open,high,low,close,volume,adj_close
        2024-03-01T21:00:00Z,NVDA,101.5,101.5,101.5,101.5,100,

        """)
    #expect(latest.rowCount == 1)
  }
}
