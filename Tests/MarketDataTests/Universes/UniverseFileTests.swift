import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Files of members and sectors") struct UniverseFileTests {
  private func write(_ text: String) throws -> (folder: TestKit.TemporaryFolder, path: String) {
    let folder = try TestKit.TemporaryFolder()
    try folder.write("members.csv", text)
    return (folder, folder.path("members.csv"))
  }

  @Test(
    "what is wrong with a file of members is said with its line",
    arguments: [
      ("ticker,start_date,end_date\nA,2020-01-02,\nB,2020-13-02,\n", "members.csv:3"),
      ("ticker,start_date,end_date\nA,2020-01-02\n", "members.csv:2:13"),
      ("ticker,start_date,end_date\nA B,2020-01-02,\n", "members.csv:2"),
      ("ticker,start_date,end_date\nA,2020-01-02,2020-01-01\n", "members.csv: test, A"),
      ("ticker,start_date,end_date\nA,2020-01-02,\nA,2021-01-02,\n", "members.csv: test, A"),
      ("ticker,from,to\nA,2020-01-02,\n", "members.csv:1"),
      ("", "members.csv"), ("{\"A\": 1}", "members.csv"),
      ("ticker,start_date,end_date\nA,2020-01-02,\n", "members.csv: test, 2020-01-02"),
    ])
  func refuses(text: String, place: String) throws {
    let (folder, path) = try write(text)
    let error = #expect(throws: DataError.self) {
      try Universe(path: path, name: "test", expected: 2...3)
    }
    #expect(error?.diagnosis.place.hasSuffix(place) == true, "\(String(describing: error))")
    withExtendedLifetime(folder) {}
  }

  @Test("tickers that look like numbers or missing values stay tickers")
  func oddTickers() throws {
    let lines = ["NA", "NAN", "TRUE", "INF", "1E5", "NULL"].map { "\($0),2020-01-02,\n" }
    let (folder, path) = try write("ticker,start_date,end_date\r\n" + lines.joined())
    let universe = try Universe(path: path, name: "odd")
    #expect(universe.symbols.map(\.text) == ["1E5", "INF", "NA", "NAN", "NULL", "TRUE"])
    withExtendedLifetime(folder) {}
  }

  @Test("changes that no membership says are listed")
  func changes() throws {
    let (folder, path) = try write("ticker,start_date,end_date\nA,2020-01-02,2020-02-03\n")
    try folder.write(
      "changes.csv",
      "date,add,remove\n2020-01-02,\"A\",\"\"\n2020-02-03,\"B\",\"A\"\n2020-03-02,,\"C, D\"\n")
    let universe = try Universe(path: path, name: "test")
    let changes = try UniverseChange.list(path: folder.path("changes.csv"))
    #expect(changes.map(\.removed.count) == [0, 1, 2])
    #expect(
      universe.disagreements(with: changes) == [
        "2020-02-03: B was added, which no membership says",
        "2020-03-02: C was removed, which no membership says",
        "2020-03-02: D was removed, which no membership says",
      ])
  }

  @Test("later changes are put behind the memberships, and one of a stranger is refused")
  func updated() throws {
    let (folder, path) = try write("ticker,start_date,end_date\nA,2020-01-02,\nB,2020-01-02,\n")
    let universe = try Universe(path: path, name: "test")
    try folder.write("changes.csv", "date,add,remove\n2020-01-02,B,Z\n2020-03-02,\"C,D\",A\n")
    let updated = try universe.updated(with: UniverseChange.list(path: folder.path("changes.csv")))
    #expect(updated.members(on: try CivilDate(parsing: "2020-03-01")).map(\.text) == ["A", "B"])
    #expect(
      updated.members(on: try CivilDate(parsing: "2020-03-02")).map(\.text) == ["B", "C", "D"])
    try folder.write("changes.csv", "date,add,remove\n2020-03-02,C,Z\n")
    let error = #expect(throws: UniverseError.self) {
      try universe.updated(with: UniverseChange.list(path: folder.path("changes.csv")))
    }
    #expect(error?.diagnosis.finding == "is removed on 2020-03-02, and is no member then")
  }

  @Test("a sector stands once a symbol")
  func sectors() throws {
    let head = "Symbol,Security,GICS Sector,GICS Sub-Industry\n"
    let (folder, path) = try write(head + "A,\"Agilent, Inc.\",Health Care,Life Sciences\n")
    let table = try SectorTable(path: path)
    #expect(table.sectors == ["Health Care"])
    #expect(table[try Symbol(parsing: "A")]?.subIndustry == "Life Sciences")
    try folder.write("members.csv", head + "A,x,y,z\nA,x,y,z\n")
    #expect(throws: DataError.self) { try SectorTable(path: path) }
  }
}

@Suite(
  "The real index, 1996 to now", .enabled(if: SharedData.has("sp500_panel"), "needs sp500_panel"))
struct RealUniverseTests {
  private func path(_ name: String) -> String { SharedData.path("sp500_panel/\(name).gz") }

  @Test("has 487 to 506 members on every day, agrees with the list of changes, and knows sectors")
  func members() throws {
    let universe = try Universe(
      path: path("sp500_membership_start_end.csv"), name: "S&P 500",
      expected: 480...510)
    #expect(universe.symbols.count == 1181)
    let counts = universe.counts.map(\.count)
    #expect(counts.min() == 487 && (counts.max() ?? 0) <= 507)
    let changes = try UniverseChange.list(
      path: path("sp500_changes_since_2019.csv"))
    #expect(changes.count == 106)
    // The memberships end in July 2025; two renamed symbols have other days in the list.
    let updated = try universe.updated(with: changes)
    #expect(universe.disagreements(with: changes).count == 24)
    #expect(
      updated.disagreements(with: changes) == [
        "2022-01-10: WTW was added, which no membership says",
        "2022-01-10: WLTW was removed, which no membership says",
        "2023-07-10: EG was added, which no membership says",
        "2023-07-10: RE was removed, which no membership says",
      ])
    let sectors = try SectorTable(path: path("sp500_sectors_2025-11.csv"))
    #expect(sectors.symbols.count == 503 && sectors.sectors.count == 11)
    let today = updated.members(on: try CivilDate(parsing: "2025-11-14"))
    #expect(today.count { sectors[$0] == nil } == 0)
  }

  @Test("86 of 639 members of 2018 to 2024 have no prices in the panel, which is said")
  func survivorship() throws {
    let universe = try Universe(
      path: path("sp500_membership_start_end.csv"), name: "S&P 500")
    let panel = path("sp500_daily_2018-01_2024-03.csv")
    let frames = try CSVFile(path: panel).frames(
      symbol: Symbol(parsing: "X"),
      options: ReadingOptions(
        declaration: BarDeclaration(
          stamp: .session, zone: "America/New_York", adjustment: .splits)))
    #expect(frames.reduce(0) { $0 + $1.count } == 850_118)
    let calendar = TradingCalendar.nyse
    var bars: [Symbol: Set<CivilDate>] = [:]
    for frame in frames {
      bars[frame.symbol] = Set(
        frame.start.map { calendar.zone.date(at: Timestamp(nanoseconds: $0)) })
    }
    let days = try CivilDate(parsing: "2018-01-02")...CivilDate(parsing: "2024-03-08")
    let coverage = try UniverseCoverage(of: universe, bars: bars, calendar: calendar, days: days)
    #expect(coverage.members.count == 639)
    #expect(coverage.members(.missing).count == 86)
    #expect(coverage.verdict.hasPrefix("86 of 639 members of S&P 500 have no bars at all"))
    #expect(coverage.strangers == [])
    #expect(coverage.years.map(\.year) == Array(2018...2024))
    #expect(coverage.share.map { ($0 * 1000).rounded() } == 924)
    #expect(coverage.members(.startsLate).count == 3)
  }
}
