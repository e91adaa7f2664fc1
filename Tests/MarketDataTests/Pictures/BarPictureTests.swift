import Market
import MarketData
import Runtime
import Testing

@Suite("Pictures of bars") struct BarPictureTests {
  private static func frame(_ interval: String, first: String, last: String) throws -> Frame {
    let days = try CivilDate(parsing: first)...CivilDate(parsing: last)
    return try SyntheticSource(SyntheticSettings(seed: 1, days: days)).frame(
      BarRequest(symbol: Symbol(parsing: "AAA"), interval: BarInterval(parsing: interval)))
  }

  private static func picture(
    _ frame: Frame, _ adjustment: BarDeclaration.Adjustment? = BarDeclaration.Adjustment.none
  ) throws -> BarPicture {
    try BarPicture(
      frame: frame,
      declaration: BarDeclaration(zone: "America/New_York", adjustment: adjustment),
      origin: "sqlite:a.db")
  }

  @Test(
    "times are those of the exchange: a bar of the open is at half past nine, a day at midnight")
  func wallTime() throws {
    let minutes = try Self.picture(Self.frame("5min", first: "2024-03-08", last: "2024-03-11"))
    let times = try minutes.chart().times
    // The clocks were changed on the tenth.
    #expect(times[0].description == "2024-03-08T09:30:00Z")
    #expect(times[78].description == "2024-03-11T09:30:00Z")
    let days = try Self.picture(Self.frame("1d", first: "2024-03-08", last: "2024-03-11"))
    #expect(
      try days.chart().times.map(\.description) == ["2024-03-08T00:00:00Z", "2024-03-11T00:00:00Z"])
    #expect(days.title == "AAA 1d, 2024-03-08 to 2024-03-11, 2 bars")
  }

  @Test("missing bars are holes, nights and weekends are not")
  func holes() throws {
    let frame = try Self.frame("30min", first: "2024-11-27", last: "2024-12-02")
    #expect(frame.count == 13 + 7 + 13)
    #expect(try Self.picture(frame).chart().times.count == frame.count)
    let rows = try frame.rows(of: frame.names)
    let kept = rows.enumerated().filter { ![3, 4, 13, 19].contains($0.offset) }.map(\.element)
    let holed = try Frame(
      kept, symbol: frame.symbol, interval: frame.interval, columns: frame.names)
    let chart = try Self.picture(holed).chart()
    #expect(chart.times == (try Self.picture(frame).chart().times))
    #expect(chart.close.indices.filter { chart.close[$0].isNaN } == [3, 4, 13, 19])
    #expect(chart.caption.contains("4 bars are missing"))
    let days = try Self.frame("1d", first: "2024-11-25", last: "2024-12-06")
    let dayRows = try days.rows(of: days.names)
    let dayFrame = try Frame(
      [dayRows[0], dayRows[1], dayRows[5]], symbol: days.symbol, interval: .day,
      columns: days.names)
    #expect(try Self.picture(dayFrame).chart().close.count { $0.isNaN } == 3)
  }

  @Test("what the prices are is said: as traded, or what they were adjusted for")
  func prices() throws {
    let frame = try Self.frame("1d", first: "2024-03-08", last: "2024-03-28")
    #expect(try Self.picture(frame).chart().caption.hasPrefix("Prices as traded."))
    for (adjustment, words) in [
      (BarDeclaration.Adjustment.splits, "adjusted for splits, so not what was paid"),
      (.splitsAndDividends, "adjusted for splits and dividends"), (nil, "nothing says"),
    ] {
      let picture = try Self.picture(frame, adjustment)
      #expect(try picture.chart().caption.contains(words))
      #expect(picture.json["prices"] == .string(picture.prices))
      #expect(try picture.page(library: nil).html().contains(words))
    }
  }

  @Test("for a program, every bar with its times and columns")
  func json() throws {
    let frame = try Self.frame("1d", first: "2024-03-08", last: "2024-03-11")
    guard case .array(let bars)? = try Self.picture(frame).json["bars"] else {
      Issue.record("no bars")
      return
    }
    #expect(bars.count == 2)
    #expect(
      bars[0]["start"] == "2024-03-08T14:30:00Z" && bars[0]["known_at"] == "2024-03-08T21:00:00Z")
    #expect(bars[1]["close"] == .number(frame["close"]?[1] ?? 0))
  }
}
