import Market
import Runtime
import TestKit
import Testing

@Suite("Universe as of a date") struct UniverseTests {
  private static func span(_ symbol: String, _ first: String, _ end: String?) throws
    -> Universe.Span
  {
    Universe.Span(
      symbol: try Symbol(parsing: symbol), first: try CivilDate(parsing: first),
      end: try end.map { try CivilDate(parsing: $0) })
  }

  private static func universe() throws -> Universe {
    try Universe(
      name: "test",
      spans: [
        span("A", "2020-01-02", nil), span("B", "2020-01-02", "2020-06-01"),
        span("C", "2020-06-01", "2020-09-01"), span("C", "2021-01-04", nil),
      ])
  }

  private func members(_ date: String) throws -> [String] {
    try Self.universe().members(on: CivilDate(parsing: date)).map(\.text)
  }

  @Test("members are those of the day: the day of removal no longer counts")
  func members() throws {
    #expect(try members("2020-01-01") == [])
    #expect(try members("2020-05-31") == ["A", "B"])
    #expect(try members("2020-06-01") == ["A", "C"])
    #expect(try members("2020-12-31") == ["A"])
    #expect(try members("2025-01-01") == ["A", "C"])
    let universe = try Self.universe()
    #expect(universe.symbols.map(\.text) == ["A", "B", "C"])
    #expect(universe.counts.map(\.count) == [2, 2, 1, 2])
    let days = try CivilDate(parsing: "2020-07-01")...CivilDate(parsing: "2020-07-31")
    #expect(universe.members(in: days).map(\.text) == ["A", "C"])
  }

  @Test("overlapping and reversed memberships are refused, with symbol and days")
  func refuses() throws {
    let a = try Self.span("A", "2020-01-02", "2020-03-02")
    let overlap = #expect(throws: UniverseError.self) {
      try Universe(name: "u", spans: [Self.span("A", "2020-03-01", nil), a])
    }
    #expect(
      overlap?.diagnosis.finding == "is a member twice from 2020-03-01 on: since 2020-01-02 too")
    #expect(throws: UniverseError.self) {
      try Universe(
        name: "u", spans: [Self.span("A", "2020-01-01", nil), Self.span("A", "2021-01-01", nil)])
    }
    for end in ["2020-01-02", "2020-01-01"] {
      let reversed = #expect(throws: UniverseError.self) {
        try Universe(name: "u", spans: [Self.span("A", "2020-01-02", end)])
      }
      #expect(reversed?.diagnosis.place == "u, A")
    }
    // One ends on the day the next begins: no day is shared.
    #expect(
      try Universe(name: "u", spans: [a, Self.span("A", "2020-03-02", nil)]).symbols.count == 1)
  }

  @Test("a day with too many or too few members is found and named")
  func counts() throws {
    let universe = try Self.universe()
    let days = try CivilDate(parsing: "2020-01-02")...CivilDate(parsing: "2020-08-31")
    try universe.checkCounts(in: days, expected: 2...2)
    let longer = try CivilDate(parsing: "2020-01-02")...CivilDate(parsing: "2020-12-31")
    let error = #expect(throws: UniverseError.self) {
      try universe.checkCounts(in: longer, expected: 2...2)
    }
    #expect(error?.diagnosis.place == "test, 2020-09-01")
    #expect(error?.diagnosis.finding == "has 1 members, expected 2 to 2")
    let early = try CivilDate(parsing: "2019-12-31")...CivilDate(parsing: "2020-12-31")
    #expect(throws: UniverseError.self) { try universe.checkCounts(in: early, expected: 1...2) }
  }

  @Test("the number of members by changes is the number found by asking each day")
  func countsAgree() throws {
    var generator = SeededGenerator(seed: 7)
    let start = try CivilDate(parsing: "2000-01-01")
    let spans = try (0..<200).map { index -> Universe.Span in
      let first = start.advanced(by: .random(in: 0..<2000, using: &generator))
      let length = Int.random(in: 1..<2000, using: &generator)
      return Universe.Span(
        symbol: try Symbol(parsing: "S\(index)"), first: first,
        end: length > 1500 ? nil : first.advanced(by: length))
    }
    let universe = try Universe(name: "random", spans: spans)
    let counts = universe.counts
    for day in stride(from: 0, to: 4000, by: 13) {
      let date = start.advanced(by: day)
      #expect(
        universe.members(on: date).count == counts.last { $0.from <= date }?.count ?? 0)
    }
  }

  @Test("coverage tells members without bars, those that start late or stop, and strangers")
  func coverage() throws {
    let calendar = TradingCalendar.nyse
    let days = try CivilDate(parsing: "2020-01-02")...CivilDate(parsing: "2020-12-31")
    let sessions = Array(try calendar.sessionDays(in: days))
    let universe = try Universe(
      name: "test",
      spans: ["WHOLE", "MISSING", "LATE", "STOPS", "HOLES"].map {
        try Self.span($0, "2020-01-02", nil)
      } + [Self.span("GONE", "2020-01-02", "2020-02-03"), Self.span("NEVER", "2021-01-04", nil)])
    let bars: [String: [CivilDate]] = [
      "WHOLE": sessions, "LATE": Array(sessions.dropFirst(5)), "STOPS": Array(sessions.dropLast(9)),
      "HOLES": sessions.filter { $0 != sessions[100] },
      "GONE": sessions, "STRANGER": sessions, "NEVER": sessions,
    ]
    let coverage = try UniverseCoverage(
      of: universe,
      bars: Dictionary(
        uniqueKeysWithValues: bars.map { (try Symbol(parsing: $0.key), Set($0.value)) }),
      calendar: calendar, days: days)
    func symbols(_ state: UniverseCoverage.State) -> [String] {
      coverage.members(state).map(\.symbol.text)
    }
    #expect(symbols(.complete) == ["GONE", "WHOLE"])
    #expect(symbols(.missing) == ["MISSING"])
    #expect(symbols(.startsLate) == ["LATE"])
    #expect(symbols(.stopsEarly) == ["STOPS"])
    #expect(symbols(.gaps) == ["HOLES"])
    #expect(coverage.strangers.map(\.text) == ["NEVER", "STRANGER"])
    let whole = sessions.count
    let gone = coverage.members.first { $0.symbol.text == "GONE" }?.sessions ?? 0
    #expect(gone == 21)
    let expected = Double(4 * whole - 5 - 9 - 1 + gone) / Double(5 * whole + gone)
    #expect(coverage.share == expected)
    #expect(coverage.verdict.hasPrefix("1 of 6 members of test have no bars at all"))
    #expect(coverage.years.map(\.sessions) == [253])
    #expect(coverage.table.text(for: .piped).split(separator: "\n").count == 2)
  }

  @Test("a place can be traded only while its symbol is a member and has a new bar")
  func tradable() throws {
    let sessions = try TradingCalendar.nyse.sessions(
      in: CivilDate(parsing: "2020-05-27")...CivilDate(parsing: "2020-06-03"))
    func frame(_ name: String, without: Set<Int> = []) throws -> Frame {
      let kept = sessions.indices.filter { !without.contains($0) }.map { sessions[$0] }
      return try Frame(
        kept.map {
          BarRow(start: $0.open, end: $0.close, knownAt: $0.close, values: [1, 1, 1, 1, 1])
        }, symbol: Symbol(parsing: name), interval: .day, columns: BarRow.plainColumns)
    }
    let frames = try [frame("A", without: [2]), frame("B"), frame("C")]
    let panel = try Panel(asOf: frames, columns: ["close"])
    let mask = panel.tradable(in: try Self.universe(), zone: .newYork)
    // Sessions: 27, 28, 29 May, 1, 2, 3 June; C comes for B on the first of June.
    func place(_ index: Int) -> [Bool] { (0..<panel.count).map { mask[$0 * 3 + index] } }
    #expect(place(0) == [true, true, false, true, true, true])
    #expect(place(1) == [true, true, true, false, false, false])
    #expect(place(2) == [false, false, false, true, true, true])
  }
}
