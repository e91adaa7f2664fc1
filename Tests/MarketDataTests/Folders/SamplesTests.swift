import Market
import MarketData
import Runtime
import TestKit
import Testing

private func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }

@Suite("Samples are read as they are, without a flag")
struct SamplesTests {
  @Test("every daily file has as many bars as its README says, each known at the close")
  func daily() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    #expect(folder.symbols.count == 13)
    let counts = ["ARM": 122, "AVGO": 3672, "SMCI": 4266, "QQQ": 2523, "SPY": 5849]
    for frame in try folder.load(symbols: folder.symbols) {
      #expect(frame.count == counts[frame.symbol.text] ?? 6084, "\(frame.symbol)")
      #expect(frame.interval == .day)
      #expect(frame.names == ["open", "high", "low", "close", "adj_close", "volume"])
      #expect(frame.knownAt.elementsEqual(frame.end))
    }
  }

  @Test("the first bar of NVDA is the session of 2000-01-03, New York")
  func firstBar() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let frame = try folder.load(symbol("NVDA"))
    #expect(frame.start[0] == 946_909_800_000_000_000)  // 2000-01-03T14:30:00Z
    #expect(frame.end[0] == 946_933_200_000_000_000)  // 2000-01-03T21:00:00Z
    #expect(frame["close"]?[0] == 0.975260)
    #expect(frame["adj_close"]?[0] == 0.894608)
    #expect(frame["volume"]?[0] == 30_091_200)
  }

  @Test("an hourly bar at the opening is half an hour long, and all end when they are known")
  func hourly() throws {
    let folder = try DataFolder(path: Package.path("Samples/hourly"))
    let frame = try folder.load(symbol("AAPL"))
    let minute: Int64 = 60_000_000_000
    #expect(frame.interval == BarInterval(count: 1, unit: .hour))
    // 2016-01-04: 09:30 to 10:00, then 10:00 to 11:00, New York in winter.
    #expect(frame.start[0] == 1_451_917_800_000_000_000)
    #expect(frame.end[0] - frame.start[0] == 30 * minute)
    #expect(frame.start[1] == frame.end[0])
    #expect(frame.end[1] - frame.start[1] == 60 * minute)
    for row in 1..<frame.count { #expect(frame.start[row] >= frame.end[row - 1]) }
  }

  @Test("a session of minutes has 390 bars from the opening to the close")
  func minutes() throws {
    let folder = try DataFolder(path: Package.path("Samples/minute"))
    let days = try TimeRange(parsing: "20131007-20131007")
    let frame = try #require(try folder.load(symbols: [symbol("SPY")], days: days).first)
    #expect(frame.count == 390)
    #expect(frame.start[0] == 1_381_152_600_000_000_000)  // 2013-10-07T13:30:00Z
    #expect(frame.end[389] == 1_381_176_000_000_000_000)  // 2013-10-07T20:00:00Z
  }

  @Test("days are chosen in the exchange's zone, both ends included")
  func chosenDays() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let days = try TimeRange(parsing: "20240102-20240105")
    let frame = try #require(try folder.load(symbols: [symbol("NVDA")], days: days).first)
    #expect(frame.count == 4)
    let open = try TimeRange(parsing: "20240307-")
    #expect(try folder.load(symbols: [symbol("NVDA")], days: open).first?.count == 2)
  }

  @Test("days without bars are refused with the days there are")
  func noBars() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let days = try TimeRange(parsing: "20250101-20250601")
    let error = #expect(throws: DataError.self) {
      try folder.load(symbols: [symbol("NVDA")], days: days)
    }
    #expect(
      error?.diagnosis.finding
        == "no bars for NVDA in 20250101-20250601; the file has 2000-01-03 to 2024-03-08")
    #expect(error?.diagnosis.exitCode == .failed)
  }

  @Test("an unknown symbol is answered with the nearest")
  func unknownSymbol() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let error = #expect(throws: DataError.self) { try folder.load(symbol("NVDIA")) }
    #expect(error?.diagnosis.finding == "no file for symbol \"NVDIA\"; nearest: NVDA")
    #expect(error?.diagnosis.remedy == "use --symbols NVDA")
    #expect(error?.diagnosis.exitCode == .wrongUsage)
  }
}
