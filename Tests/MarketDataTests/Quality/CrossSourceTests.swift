import Foundation
import Market
import MarketData
import Runtime
import Testing

@Suite("Two sources against each other")
struct CrossSourceTests {
  private let context = QualityContext(calendar: .nyse)

  private func compare(_ ours: DraftBars, _ other: DraftBars) -> [MarketData.Finding] {
    CrossSource.findings(of: ours.batch, against: other.batch, named: "other", in: context)
  }

  private func draft() throws -> DraftBars {
    try DraftBars.clean(from: "2015-01-02", to: "2016-06-30", seed: 1)
  }

  @Test("equal ones give nothing, and so does rounding")
  func equal() throws {
    let ours = try draft()
    #expect(compare(ours, ours).isEmpty)
    var rounded = ours
    for row in rounded.rows.indices {
      rounded.rows[row].close = (rounded.rows[row].close * 100).rounded() / 100
    }
    #expect(compare(ours, rounded).isEmpty)
  }

  @Test(
    "a constant factor that is a split's is a split, with dividends or without",
    arguments: [(10.0, "10:1"), (10.25, "10:1"), (10.0056, "10:1"), (1.5, "3:2"), (0.125, "1:8")])
  func split(factor: Double, words: String) throws {
    let other = try draft()
    var ours = other
    ours.scale(0..<ours.rows.count, by: factor)
    let found = compare(ours, other)
    #expect(found.map(\.code) == ["sources_differ_by_split"])
    #expect(found.first?.count == ours.rows.count)
    #expect(found.first?.found.contains("a split of \(words)") == true, "\(found)")
    #expect(found.first?.severity == .warning)
  }

  @Test("another constant factor is a note")
  func factor() throws {
    let other = try draft()
    var ours = other
    ours.scale(0..<ours.rows.count, by: 1.04)
    #expect(compare(ours, other).map(\.code) == ["sources_differ_by_factor"])
    #expect(compare(ours, other).map(\.severity) == [.note])
  }

  @Test("a factor that wanders, as after dividends of one of them, is told as such")
  func wandering() throws {
    let other = try draft()
    var ours = other
    for row in ours.rows.indices {
      ours.scale(row..<row + 1, by: 1.08 - 0.02 * Double(row / 63) / 2)
    }
    let found = compare(ours, other)
    #expect(found.first?.code == "sources_differ_by_factor")
    #expect(found.first?.found.contains("wandering") == true)
  }

  @Test("a split that one source applied to what lies before it gives two factors")
  func step() throws {
    let other = try draft()
    var ours = other
    ours.scale(0..<200, by: 4)
    let found = compare(ours, other)
    #expect(found.map(\.code) == ["sources_differ_by_split"])
    #expect(found.map(\.count) == [200])
  }

  @Test("single bars that disagree are listed, beside a factor as well")
  func single() throws {
    let other = try draft()
    var ours = other
    ours.scale(0..<ours.rows.count, by: 10)
    for row in [50, 51, 300] { ours.rows[row].close *= 1.03 }
    let found = compare(ours, other)
    #expect(counts(found) == ["sources_differ_by_split": ours.rows.count, "sources_disagree": 3])
    let places = found.filter { $0.code == "sources_disagree" }.map(\.timestamp)
    #expect(places == [ours.rows[50].start, ours.rows[300].start])
    #expect(found.contains { $0.found.contains("+3.0% beside their ratio") })
    // A bar of twice the price is no split.
    ours.rows[120].close *= 2
    #expect(counts(compare(ours, other))["sources_disagree"] == 4)
  }

  @Test("bars that only one of them has are counted within the time both cover")
  func coverage() throws {
    let other = try draft()
    var ours = other
    ours.rows.removeSubrange(0..<20)
    ours.rows.removeSubrange(100..<103)
    let found = compare(ours, other)
    #expect(found.map(\.code) == ["sources_cover_differently"])
    #expect(found.first?.count == 3)
    #expect(compare(other, ours).first?.found.contains("3 only here") == true)
  }

  @Test("the columns that agree best are compared: an adjusted close with an adjusted one")
  func bestColumns() throws {
    let other = try draft()
    let batch = other.batch
    let adjusted = BarBatch(
      symbol: batch.symbol, interval: .day, start: batch.start, end: batch.end,
      knownAt: batch.knownAt,
      columns: [
        ("open", batch["open"] ?? Column([])), ("high", batch["high"] ?? Column([])),
        ("low", batch["low"] ?? Column([])),
        (
          "close",
          Column(
            (batch["close"] ?? Column([])).enumerated().map { $1 * (1.3 - Double($0) * 0.0007) })
        ), ("adj_close", batch["close"] ?? Column([])),
      ])
    let found = CrossSource.findings(of: adjusted, against: batch, named: "other", in: context)
    #expect(found.isEmpty, "\(found)")
  }

  @Test("too few bars in both, and none at all, say nothing of prices")
  func few() throws {
    let other = try draft()
    var ours = other
    ours.rows.removeSubrange(5...)
    ours.scale(0..<5, by: 3)
    #expect(compare(ours, other).isEmpty)
    ours.rows = []
    #expect(compare(ours, other).isEmpty)
  }
}
