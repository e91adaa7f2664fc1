import Market
import MarketData
import Runtime
import Testing

@Suite("What a folder declares about its bars") struct BarDeclarationTests {
  private func declaration(_ text: String) throws(DataError) -> BarDeclaration {
    try BarDeclaration(yaml: Array(text.utf8), file: "source.yaml")
  }

  private func refusal(_ text: String) -> Diagnosis? {
    do {
      _ = try declaration(text)
      return nil
    } catch {
      return error.diagnosis
    }
  }

  @Test("every key is read") func everyKey() throws {
    let read = try declaration(
      """
      source: Yahoo
      interval: 5min
      stamp: end
      zone: Asia/Kolkata
      calendar: NSE
      adjustment: splits_and_dividends
      """)
    #expect(
      read
        == BarDeclaration(
          source: "Yahoo", interval: BarInterval(count: 5, unit: .minute), stamp: .end,
          zone: "Asia/Kolkata", calendar: "NSE", adjustment: .splitsAndDividends))
  }

  @Test("a calendar has its zone") func calendar() throws {
    let read = try declaration("calendar: CBOE")
    #expect(read.zone == "America/New_York" && read.sessions?.name == "CBOE")
    #expect(try declaration("zone: America/New_York").sessions?.name == "NYSE")
    #expect(try declaration("zone: UTC").sessions == nil)
  }

  @Test("what is said later lies over what was said before, key by key") func overlay() {
    let folder = BarDeclaration(source: "a", stamp: .start, zone: "UTC")
    let person = BarDeclaration(interval: .minute, stamp: .end)
    #expect(
      folder.overlaid(with: person)
        == BarDeclaration(source: "a", interval: .minute, stamp: .end, zone: "UTC"))
  }

  @Test(
    "what it does not know is refused with line, column and the nearest word",
    arguments: [
      ("source: a\nstmp: end", "source.yaml:2:1", "unknown key \"stmp\"", "did you mean stamp?"),
      ("stamp: ends", "source.yaml:1:8", "unknown stamp \"ends\"", "did you mean end?"),
      ("interval: 7x", "source.yaml:1:11", "unknown interval \"7x\"", ""),
      ("adjustment: spilts", "source.yaml:1:13", "unknown adjustment \"spilts\"", "splits"),
      ("adjustment: quarterly", "source.yaml:1:13", "unknown adjustment", "choose one of: none,"),
      ("calendar: CBOT", "source.yaml:1:11", "unknown calendar \"CBOT\"", "did you mean CBOE?"),
      (
        "zone: Asia/Kolkata\ncalendar: CBOE", "source.yaml",
        "the calendar CBOE belongs to America/New_York", "leave the zone out"
      ),
      ("zone: [UTC]", "source.yaml:1:7", "\"zone\" is not one word", "write one value"),
      ("just words", "source.yaml", "holds no keys", "stamp: end"),
      ("stamp: end\nstamp: end", "source.yaml:2:1", "", ""),
    ])
  func refusals(text: String, place: String, finding: String, remedy: String) throws {
    let diagnosis = try #require(refusal(text))
    #expect(diagnosis.place == place)
    #expect(finding.isEmpty || diagnosis.finding.hasPrefix(finding), "\(diagnosis.finding)")
    #expect(remedy.isEmpty || diagnosis.remedy.contains(remedy), "\(diagnosis.remedy)")
    #expect(!diagnosis.remedy.isEmpty && diagnosis.exitCode != .done)
  }
}
