import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Aggregation from store to store") struct SeriesAggregationTests {
  private let folder = try? TestKit.TemporaryFolder()

  private func store() throws -> any BarStore {
    try StoreAddress(parsing: "sqlite:\(#require(folder).path("bars.db"))").open()
  }

  private func kept(_ store: any BarStore, interval: String) throws -> SeriesSummary {
    let days = try CivilDate(parsing: "2024-11-25")...CivilDate(parsing: "2024-12-06")
    let series = try SyntheticSource(SyntheticSettings(seed: 3, days: days)).series(
      Symbol(parsing: "AAA"), interval: BarInterval(parsing: interval))
    try store.keep(series, recordedAt: Timestamp(seconds: 1_733_600_000))
    return try #require(try store.series().first)
  }

  @Test("coarse bars are stored under the same source, and again they change nothing")
  func run() throws {
    let store = try store()
    let fine = try kept(store, interval: "1min")
    let aggregation = SeriesAggregation(to: try BarInterval(parsing: "5min"))
    let now = Timestamp(seconds: 1_733_700_000)
    let outcome = try aggregation.run(fine, from: store, to: store, recordedAt: now)
    // Eight whole sessions and a half day.
    #expect(outcome.fineBars == 8 * 390 + 210 && outcome.coarseBars == 8 * 78 + 42)
    #expect(outcome.counts.added == outcome.coarseBars && outcome.unfinished == 0)
    #expect(outcome.to.source == "synthetic" && outcome.declaration.zone == "America/New_York")
    let frame = try store.read(BarQuery(outcome.to))
    let direct = try SyntheticSource(
      SyntheticSettings(
        seed: 3,
        days: CivilDate(parsing: "2024-11-25")...CivilDate(parsing: "2024-12-06"))
    ).frame(BarRequest(symbol: outcome.to.symbol, interval: outcome.to.interval))
    for name in BarRow.plainColumns { #expect(frame[name] == direct[name], "\(name)") }
    #expect(frame.knownAt == direct.end)
    let again = try aggregation.run(fine, from: store, to: store, recordedAt: now)
    #expect(again.counts.unchanged == outcome.coarseBars && again.counts.added == 0)
  }

  @Test("weeks of days end on Fridays, one that is not over is left out, and days are chosen")
  func weeks() throws {
    let store = try store()
    let fine = try kept(store, interval: "1d")
    let now = Timestamp(seconds: 1_733_700_000)
    let cut = try TimeRange(parsing: "20241125-20241204")
    let outcome = try SeriesAggregation(to: .week, days: cut).run(
      fine, from: store, to: store, recordedAt: now)
    #expect(outcome.coarseBars == 1 && outcome.unfinished == 3)
    let frame = try store.read(BarQuery(outcome.to))
    #expect(frame.bar(0).end.description == "2024-11-29T18:00:00Z")
    let nothing = try TimeRange(parsing: "20300101-")
    #expect(throws: DataError.self) {
      try SeriesAggregation(to: .week, days: nothing).run(
        fine, from: store, to: store, recordedAt: now)
    }
  }
}
