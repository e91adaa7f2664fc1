import Features
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Windows of a forecaster") struct ForecastWindowTests {
  private static func bars(_ folder: String, _ symbol: String) throws -> Frame {
    try DataFolder(path: Package.path("Samples/\(folder)")).load(Symbol(parsing: symbol))
      .slice(0..<300)
  }

  private static let features: [any Feature] = Catalogue.all.filter {
    ["log_return_1", "day_of_week", "minute_of_day", "volume_ratio_20"].contains($0.about.name)
  }

  private static func window(past: Int = 3, ahead: Int = 2) throws -> ForecastWindow {
    try ForecastWindow(past: past, ahead: ahead, features: features, calendar: .nyse)
  }

  @Test("the past is that of the features, and ahead stand the calendar's next bars alone")
  func values() throws {
    let frame = try Self.bars("daily", "NVDA")
    let window = try Self.window()
    #expect(window.knownAhead.map(\.about.name) == ["day_of_week", "minute_of_day"])
    // Row 3 is Thursday, 2000-01-06.
    let shown = try #require(try window.values(over: frame, rows: [3])[0])
    let place = try #require(window.features.firstIndex { $0.about.name == "day_of_week" })
    #expect(shown.past[place] == [1, 2, 3])
    #expect(shown.ahead == [[4, 0], [960, 960]])
    #expect(try window.values(over: frame, rows: [1, 2]).map { $0 == nil } == [true, false])
  }

  @Test("at the end of the file the next bars are there too, over weekends and holidays")
  func endOfFile() throws {
    let frame = try Self.bars("hourly", "SPY")
    let last = try Self.window(past: 1, ahead: 9).values(over: frame, rows: [299])[0]
    #expect(last?.ahead.allSatisfy { $0.count == 9 && $0.allSatisfy { !$0.isNaN } } == true)
  }

  @Test("nothing shown moves with the future", arguments: ["daily", "hourly"])
  func proof(folder: String) throws {
    let frame = try Self.bars(folder, "SPY")
    let rows = [0, 5, 20, 21, 22, 100, 250, 299]
    let world = World([frame])
    let verdict = try LookAheadProof.run(
      Computation.windows(Self.window(), rows: rows), on: world,
      cuts: rows.dropLast().map { frame.knownAt[$0] })
    #expect(verdict.isClean, "\(verdict.sentence)")
  }

  @Test("windows without a bar, and of weeks, are refused")
  func refusals() throws {
    #expect(throws: WindowError.notPositive("past", 0)) { try Self.window(past: 0) }
    #expect(throws: WindowError.notPositive("ahead", -1)) { try Self.window(ahead: -1) }
    let weeks = try Self.bars("daily", "SPY").resampled(to: .week, calendar: .nyse)
    #expect(throws: WindowError.interval(.week)) {
      try Self.window().values(over: weeks, rows: [10])
    }
  }
}
