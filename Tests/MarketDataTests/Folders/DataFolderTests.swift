import Market
import MarketData
import Runtime
import Testing

@Suite("A folder of bars") struct DataFolderTests {
  private static let daily =
    "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,1,1,9\n"
    + "2024-01-03,1,2,1,2,2,9\n2024-01-04,2,3,2,3,3,9\n"

  private func refusal(_ body: () throws(DataError) -> Void) -> Diagnosis? {
    do {
      try body()
      return nil
    } catch {
      return error.diagnosis
    }
  }

  @Test("files are known by their symbol, whatever interval their name adds") func names() throws {
    let folder = try TemporaryFolder()
    for name in [
      "NVDA.csv", "SPY_5min.csv", "BRK_B.csv", ".hidden.csv", "notes.txt", "a b.csv",
    ] {
      _ = try folder.write(Self.daily, to: name)
    }
    let data = try DataFolder(path: folder.path)
    #expect(data.symbols.map(\.text) == ["BRK_B", "NVDA", "SPY"])
    let spy = try #require(Symbol("SPY"))
    let frame = try data.load(spy)
    #expect(frame.symbol == spy && frame.count == 3)
  }

  @Test("its source.yaml is read for every file, and flags lie over it") func declared() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "timestamp,open,high,low,close\n2024-01-02 09:31,1,1,1,1\n2024-01-02 09:32,1,1,1,1\n",
      to: "NVDA.csv")
    _ = try folder.write("stamp: end\nzone: America/New_York\n", to: "source.yaml")
    let data = try DataFolder(path: folder.path)
    let symbol = try #require(Symbol("NVDA"))
    let atEnd = try data.load(symbol)
    #expect(atEnd.end[0] == 1_704_205_860_000_000_000)
    let atStart = try data.load(
      symbol, options: ReadingOptions(declaration: BarDeclaration(stamp: .start)))
    #expect(atStart.start[0] == atEnd.end[0])
  }

  @Test("days are those of the exchange, and days without bars are refused with those there are")
  func days() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.daily, to: "NVDA.csv")
    let data = try DataFolder(path: folder.path)
    let symbol = try #require(Symbol("NVDA"))
    let third = try CivilDate(parsing: "2024-01-03")
    let day = try TimeRange(first: third, last: third)
    #expect(try data.load(symbols: [symbol], days: day)[0]["close"].map(Array.init) == [2])
    let later = try TimeRange(first: CivilDate(parsing: "2030-01-01"), last: nil)
    let none = refusal { () throws(DataError) in
      _ = try data.load(symbols: [symbol], days: later)
    }
    #expect(none?.place == folder.path + "/NVDA.csv")
    #expect(none.map { "\($0.finding) \($0.remedy)" }?.contains("2024-01-02 to 2024-01-04") == true)
    let weekly = refusal { () throws(DataError) in
      _ = try data.load(symbols: [symbol], interval: .minute)
    }
    #expect(weekly?.finding == "has bars of 1d, not of 1min")
    _ = try folder.write("zone: Mars/Olympus\n", to: "source.yaml")
    let elsewhere = try DataFolder(path: folder.path)
    let lost = refusal { () throws(DataError) in
      _ = try elsewhere.load(symbols: [symbol], days: day)
    }
    #expect(lost?.finding.contains("Mars/Olympus") == true, "\(String(describing: lost))")
  }

  @Test("two files of one symbol, an unknown symbol and a folder that is none are refused")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none"
    let absent = refusal { () throws(DataError) in _ = try DataFolder(path: missing) }
    #expect(absent?.place == missing && absent?.finding.contains("no such folder") == true)
    let file = try folder.write(Self.daily, to: "NVDA.csv")
    let notAFolder = refusal { () throws(DataError) in _ = try DataFolder(path: file) }
    #expect(notAFolder?.finding.contains("not a folder") == true)

    let data = try DataFolder(path: folder.path)
    let typo = try #require(Symbol("NVDAA"))
    let unknown = refusal { () throws(DataError) in _ = try data.load(typo) }
    #expect(unknown?.remedy.contains("NVDA") == true)

    _ = try folder.write(Self.daily, to: "NVDA_1d.csv")
    let twice = refusal { () throws(DataError) in _ = try DataFolder(path: folder.path) }
    #expect(twice?.finding == "more than one file holds bars of NVDA")
  }

  @Test("a source.yaml that cannot be read is refused by its own name") func damaged() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.daily, to: "NVDA.csv")
    let path = try folder.write(String(repeating: "# x\n", count: 20_000), to: "source.yaml")
    let large = refusal { () throws(DataError) in _ = try DataFolder(path: folder.path) }
    #expect(large?.place == path)
    _ = try folder.write("stamp: sometimes\n", to: "source.yaml")
    let wrong = refusal { () throws(DataError) in _ = try DataFolder(path: folder.path) }
    #expect(wrong?.place == path + ":1:8")
  }
}

@Suite("Stamps and declarations that do not go together") struct BarTimesTests {
  private func finding(
    _ text: String, _ declaration: BarDeclaration
  ) throws -> (finding: String, remedy: String)? {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "NVDA.csv")
    let symbol = try #require(Symbol("NVDA"))
    do {
      _ = try CSVFile(path: path).frames(
        symbol: symbol, options: ReadingOptions(declaration: declaration))
      return nil
    } catch {
      return (error.diagnosis.finding, error.diagnosis.remedy)
    }
  }

  private static let header = "timestamp,open,high,low,close\n"
  private static let dates = header + "2024-01-02,1,1,1,1\n2024-01-03,1,1,1,1\n"
  private static let minutes =
    header + "2024-01-02T14:31:00Z,1,1,1,1\n2024-01-02T14:32:00Z,1,1,1,1\n"

  @Test("dates cannot name bars of minutes, nor weeks be read as they are") func dates() throws {
    let zone = "America/New_York"
    #expect(
      try finding(Self.dates, BarDeclaration())?.remedy.hasPrefix("add --zone America/New_York")
        == true, "whose days they are is not guessed")
    let minute = try finding(
      Self.dates, BarDeclaration(interval: .minute, stamp: .end, zone: zone))
    #expect(minute?.finding == "stamps of this kind cannot name bars of 1min")
    let week = BarDeclaration(interval: BarInterval(count: 1, unit: .week), zone: zone)
    #expect(try finding(Self.dates, week)?.finding.contains("1w") == true)
  }

  @Test("days need an exchange whose sessions are known") func zones() throws {
    let utc = try finding(Self.dates, BarDeclaration(zone: "UTC"))
    #expect(utc?.finding == "no exchange's sessions are known in UTC")
    #expect(try finding(Self.dates, BarDeclaration(zone: "Europe/Pariss")) != nil)
  }

  @Test("a stamp with a time of day names no session, and its meaning is never guessed")
  func meanings() throws {
    let session = try finding(Self.minutes, BarDeclaration(stamp: .session))
    #expect(session?.finding == "stamps with a time of day cannot name a session")
    #expect(try finding(Self.minutes, BarDeclaration())?.remedy.contains("--stamp") == true)
    #expect(try finding(Self.minutes, BarDeclaration(stamp: .end)) == nil)
  }

  @Test("bars of no usual length need it declared") func lengths() throws {
    let uneven = Self.header + "1704205860000000001,1,1,1,1\n1704205860000000003,1,1,1,1\n"
    #expect(try finding(uneven, BarDeclaration(stamp: .end))?.remedy.contains("--interval") == true)
  }

  @Test("the VIX is known when it is computed last, a quarter past four, and shares at four")
  func volatilityIndex() throws {
    let folder = try TemporaryFolder()
    for name in ["VIX.csv", "NVDA.csv", "OTHER.csv"] { _ = try folder.write(Self.dates, to: name) }
    let zone = "zone: America/New_York\n"
    _ = try folder.write(zone, to: "source.yaml")
    func known(_ name: String) throws -> [String] {
      let (bars, declaration) = try DataFolder(path: folder.path).unchecked(
        try Symbol(parsing: name))
      #expect(declaration.calendar == (name == "VIX" ? "CBOE" : nil))
      let frame = try DataFolder(path: folder.path).load(try Symbol(parsing: name))
      #expect(frame.knownAt == bars.knownAt)
      return bars.knownAt.map { Timestamp(nanoseconds: $0).description }
    }
    #expect(try known("VIX") == ["2024-01-02T21:15:00Z", "2024-01-03T21:15:00Z"])
    #expect(try known("NVDA") == ["2024-01-02T21:00:00Z", "2024-01-03T21:00:00Z"])
    _ = try folder.write("calendar: CBOE\n", to: "source.yaml")
    let other = try DataFolder(path: folder.path).load(try Symbol(parsing: "OTHER"))
    #expect(other.knownAt[0] == 1_704_230_100_000_000_000, "2024-01-02T21:15:00Z")
  }
}
