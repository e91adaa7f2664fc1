import Market
import MarketData
import Runtime
import Testing

@Suite("Staleness, asked for live only")
struct StalenessTests {
  private func findings(
    _ draft: DraftBars, now: String, thresholds: QualityThresholds = .live
  ) throws -> [MarketData.Finding] {
    let context = QualityContext(
      calendar: .nyse, now: try Timestamp(parsing: now), thresholds: thresholds)
    return Quality.check(draft.batch, in: context).filter { $0.code == "stale" }
  }

  /// Five-minute bars up to an instant on 2018-03-01, a Thursday; New York is five hours behind.
  private func bars(until end: String, _ interval: BarInterval) throws -> DraftBars {
    var draft = try DraftBars.clean(interval, from: "2018-02-27", to: "2018-03-01", seed: 1)
    let last = try Timestamp(parsing: end)
    draft.rows.removeAll { $0.end > last }
    return draft
  }

  @Test(
    "in session ten minutes are allowed, after it the last bar must end it",
    arguments: [
      ("2018-03-01T16:00:00Z", "2018-03-01T16:10:00Z", false),
      ("2018-03-01T16:00:00Z", "2018-03-01T16:10:01Z", true),
      ("2018-03-01T16:00:00Z", "2018-03-01T16:04:00Z", false),
      // The day before is enough in the first ten minutes.
      ("2018-02-28T21:00:00Z", "2018-03-01T14:39:00Z", false),
      ("2018-02-28T21:00:00Z", "2018-03-01T14:41:00Z", true),
      ("2018-03-01T20:50:00Z", "2018-03-01T21:30:00Z", true),
      ("2018-03-01T21:00:00Z", "2018-03-01T21:30:00Z", false),
      // Over the weekend Friday counts.
      ("2018-03-01T21:00:00Z", "2018-03-04T12:00:00Z", true),
      ("2018-02-28T21:00:00Z", "2018-03-01T12:00:00Z", false),
    ])
  func fiveMinutes(end: String, now: String, isStale: Bool) throws {
    let draft = try bars(until: end, BarInterval(count: 5, unit: .minute))
    #expect(try findings(draft, now: now).isEmpty == !isStale)
  }

  @Test("hours may be as old as they are long and five minutes more")
  func hours() throws {
    let draft = try bars(until: "2018-03-01T16:30:00Z", .hour)
    #expect(try findings(draft, now: "2018-03-01T17:34:00Z").isEmpty)
    #expect(try findings(draft, now: "2018-03-01T17:36:00Z").count == 1)
  }

  @Test("a daily bar is due when its session is over; the evidence says since when")
  func daily() throws {
    let draft = try bars(until: "2018-02-28T21:00:00Z", .day)
    #expect(try findings(draft, now: "2018-03-01T20:00:00Z").isEmpty)
    let found = try findings(draft, now: "2018-03-05T12:00:00Z")
    #expect(found.map(\.severity) == [.error])
    #expect(found.first?.found.contains("the session of 2018-03-02 is over") == true)
    #expect(found.first?.found.contains("4 days ago") == true)
  }

  @Test("for training, and on days beyond the calendar, nothing is stale")
  func never() throws {
    let draft = try bars(until: "2018-02-28T21:00:00Z", .day)
    #expect(try findings(draft, now: "2019-03-05T12:00:00Z", thresholds: .training).isEmpty)
    #expect(try findings(draft, now: "2040-03-05T12:00:00Z").isEmpty)
  }
}
