import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Series at the edge: nothing, one bar, no numbers, constants, a million rows")
struct ExtremeSeriesTests {
  private let context = QualityContext(
    calendar: .nyse, now: Timestamp(seconds: 1_600_000_000), thresholds: .live)

  private func draft(_ count: Int) throws -> DraftBars {
    var draft = try DraftBars.clean(from: "2015-01-02", to: "2015-12-31", seed: 1)
    draft.rows.removeSubrange(count...)
    return draft
  }

  @Test("no bar is an error of its own, and the only one")
  func empty() throws {
    let found = Quality.check(try draft(0).batch, in: context)
    #expect(found.map(\.code) == ["empty_series"])
    #expect(found.first?.timestamp == nil)
  }

  @Test("one bar, two bars")
  func few() throws {
    for count in 1...2 {
      let found = Quality.check(
        try draft(count).batch, in: QualityContext(calendar: .nyse))
      #expect(counts(found) == [:])
    }
    let frame = try draft(50).batch.frame()
    #expect(counts(Quality.check(frame, in: QualityContext(calendar: .nyse))) == [:])
    #expect(QualityContext(calendar: nil).zone == .utc)
  }

  @Test("a batch without its columns says which are missing")
  func columns() throws {
    let whole = try draft(5).batch
    let batch = BarBatch(
      symbol: whole.symbol, interval: .day, start: whole.start, end: whole.end,
      knownAt: whole.knownAt, columns: whole.columns.filter { $0.name == "open" })
    let found = Quality.check(batch, in: QualityContext(calendar: .nyse))
    #expect(found.filter { $0.code == "missing_column" }.count == 3)
    #expect(found.first?.found == "no column \"high\" (found: open)")
  }

  @Test("nothing but NaN is one finding of all bars")
  func nothingButNaN() throws {
    var draft = try draft(200)
    for row in draft.rows.indices {
      draft.rows[row].open = .nan
      draft.rows[row].high = .nan
      draft.rows[row].low = .nan
      draft.rows[row].close = .nan
      draft.rows[row].volume = .nan
    }
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(found.map(\.code) == ["no_volume", "missing_price"])
    #expect(found.map(\.count) == [200, 200])
  }

  @Test("constants are no error; a jump out of them is no number of deviations")
  func constants() throws {
    var draft = try draft(200)
    for row in draft.rows.indices {
      let level = row == 150 ? 5.2 : 5.0
      (draft.rows[row].open, draft.rows[row].high) = (level, level)
      (draft.rows[row].low, draft.rows[row].close) = (level, level)
      draft.rows[row].volume = 100
    }
    #expect(
      counts(Quality.check(draft.batch, in: QualityContext(calendar: .nyse)), from: .note) == [:])
  }

  @Test("many equal findings become one with a count and the first place")
  func collapsed() throws {
    var draft = try draft(200)
    for row in stride(from: 10, to: 200, by: 3) { draft.rows[row].volume = 0 }
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
      .filter { $0.code == "zero_volume" }
    #expect(found.map(\.count) == [64])
    #expect(found.first?.timestamp == draft.rows[10].start)
    #expect(found.first?.found.hasPrefix("64 of 200 bars from 2015-01-16") == true)
  }

  @Test("times at the ends of what a timestamp holds are refused by nothing and end")
  func endsOfTime() throws {
    for nanoseconds in [Int64.min, Int64.max - 10] {
      let start = Timestamp(nanoseconds: nanoseconds)
      let end = Timestamp(nanoseconds: nanoseconds + 1)
      let draft = DraftBars(
        symbol: try Symbol(parsing: "X"), interval: .minute,
        rows: [
          .init(start: start, end: end, knownAt: end, open: 1, high: 1, low: 1, close: 1, volume: 1)
        ])
      #expect(!Quality.check(draft.batch, in: QualityContext(calendar: .nyse)).isEmpty)
    }
  }

  // PEERS 32 of symbols, here where findings name them.
  @Test(
    "symbols that look like something else stay symbols in findings",
    arguments: ["NA", "NAN", "1E5"])
  func symbols(name: String) throws {
    var draft = try draft(20)
    draft.symbol = try Symbol(parsing: name)
    draft.rows[10].high = .nan
    let found = try #require(
      Quality.check(draft.batch, in: QualityContext(calendar: .nyse)).first {
        $0.severity == .error
      })
    #expect(found.json.text().contains("\"symbol\":\"\(name)\""))
  }

  @Test("a million rows take well under a second a check", .timeLimit(.minutes(2)))
  func million() throws {
    var draft = try DraftBars.clean(.minute, from: "2005-01-03", to: "2015-03-01", seed: 2)
    draft.rows.removeLast(draft.rows.count - min(draft.rows.count, 1_000_000))
    #expect(draft.rows.count > 900_000)
    let batch = draft.batch
    let start = ContinuousClock.now
    let found = Quality.check(batch, in: QualityContext(calendar: .nyse))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(counts(found).keys.allSatisfy { $0 == "broken_off_day" }, "\(counts(found))")
    // Ten checks of two seconds in all on a calm machine; work that grows faster than the rows would
    // take hours.
    #expect(seconds < 60, "\(seconds) s")
    print("ten checks of \(batch.count) rows: \(seconds) s")
  }
}

@Suite("Rolling median and deviation")
struct RollingMedianTests {
  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }

  @Test("are those of the window, at every step, ties and repetitions included", arguments: 0..<20)
  func reference(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let window = Int.random(in: 1...40, using: &random)
    var rolling = RollingMedian(window: window)
    #expect(rolling.median.isNaN && rolling.deviation.isNaN)
    var seen: [Double] = []
    for _ in 0..<300 {
      // Few different values, so that many are equal.
      let value = Double(Int.random(in: -9...9, using: &random)) / 4
      rolling.add(value)
      rolling.add(.nan)
      seen.append(value)
      let last = Array(seen.suffix(window))
      let middle = median(last)
      #expect(rolling.median == middle)
      #expect(abs(rolling.deviation - 1.4826 * median(last.map { abs($0 - middle) })) < 1e-12)
      #expect(rolling.count == last.count)
    }
  }
}

@Suite("The catalogue of findings")
struct CatalogueTests {
  @Test("every code has its words, and docs/DATA-CHECKS.md is what the catalogue says")
  func documentation() throws {
    for code in FindingCode.allCases {
      #expect(code.rawValue.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz_".utf8.contains($0) })
      #expect(
        !code.entry.title.isEmpty && code.entry.meaning.hasSuffix(".") && !code.entry.action.isEmpty
      )
    }
    let path = Package.path("docs/DATA-CHECKS.md")
    let written = try String(contentsOfFile: path, encoding: .utf8)
    // `MARTINET_WRITE_DOCS=1 swift test --filter CatalogueTests` writes it anew.
    if ProcessInfo.processInfo.environment["MARTINET_WRITE_DOCS"] == "1" {
      try Handbook.text.write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(written == Handbook.text)
    }
  }

  @Test("titles differ, and so do meanings")
  func different() {
    let entries = FindingCode.allCases.map(\.entry)
    #expect(Set(entries.map(\.meaning)).count == entries.count)
  }

  @Test("profiles differ where it matters, and every threshold is declared with words and bounds")
  func profiles() throws {
    let settings = QualitySettings()
    #expect(settings[.training] == QualityThresholds())
    #expect(settings[.live].checksStaleness)
    #expect(settings[.live].missingShareMax == 0)
    let loaded = try Configuration<QualityThresholds>.load(sets: ["spike_of_day=0.5", "window=21"])
    #expect(loaded.value.spikeOfDay == 0.5 && loaded.value.window == 21)
    #expect(throws: ConfigurationError.self) {
      try Configuration<QualityThresholds>.load(sets: ["window=1"])
    }
  }
}
