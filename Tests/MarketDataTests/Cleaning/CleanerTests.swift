import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

private let none = BarDeclaration.Adjustment.none

@Suite("The cleaner does what it is told, and no more")
struct CleanerTests {
  private let context = QualityContext(calendar: .nyse, adjustment: none)

  private func clean(
    _ draft: DraftBars, _ steps: [CleaningStep], _ context: QualityContext? = nil
  ) throws -> Cleaner.Cleaned {
    try Cleaner(steps, in: context ?? self.context).clean(draft.batch)
  }

  private func draft(_ interval: BarInterval = .day) throws -> DraftBars {
    interval == .day
      ? try DraftBars.clean(from: "2015-01-02", to: "2015-12-31", seed: 1)
      : try DraftBars.clean(interval, from: "2018-11-15", to: "2018-11-30", seed: 1)
  }

  @Test("without a step, and where nothing is wrong, every bit stays")
  func nothing() throws {
    let draft = try draft()
    for steps in [[], [.drop, .fill(limit: 3), .winsorise(deviations: 5), .regularHours]]
      as [[CleaningStep]]
    {
      let cleaned = try clean(draft, steps)
      #expect(cleaned.changes.isNothing)
      #expect(cleaned.bars.fingerprint == draft.batch.fingerprint)
      #expect(cleaned.counts.allSatisfy { $0.isNothing })
    }
  }

  @Test("drop leaves out what has no usable price, contradicts itself or lies on a closed day")
  func drop() throws {
    var draft = try draft()
    draft.rows[10].high = .nan
    draft.rows[20].low = 0
    draft.rows[30].open = draft.rows[30].high * 2
    draft.rows[40].volume = -1
    (draft.rows[50].high, draft.rows[50].low) = (1, 2)
    let cleaned = try clean(draft, [.drop])
    #expect(cleaned.counts.map(\.dropped) == [5])
    #expect(cleaned.bars.count == draft.rows.count - 5)
    let found = Quality.check(cleaned.bars, in: context)
    #expect(Set(found.filter { $0.severity > .note }.map(\.code)) == ["missing_bars"])
  }

  @Test("fill carries the last close, up to its limit; the rest of a longer hole stays one")
  func fill() throws {
    var draft = try draft()
    let whole = draft
    draft.rows.removeSubrange(100..<105)
    draft.rows.remove(at: 50)
    let cleaned = try clean(draft, [.fill(limit: 2)])
    #expect(cleaned.counts.map(\.inserted) == [3])
    let bars = cleaned.bars
    let row = try #require(bars.start.firstIndex(of: whole.rows[50].start.nanoseconds))
    for name in ["open", "high", "low", "close"] {
      #expect(bars[name]?[row] == whole.rows[49].close)
    }
    #expect(bars["volume"]?[row] == 0)
    #expect(bars.end[row] == whole.rows[50].end.nanoseconds)
    #expect(bars.knownAt[row] == bars.end[row])
    #expect(bars.start.contains(whole.rows[101].start.nanoseconds))
    #expect(!bars.start.contains(whole.rows[102].start.nanoseconds))
  }

  @Test("fill puts the last close into bars without a price too, and nothing before the first")
  func fillPrices() throws {
    var draft = try draft()
    for row in [0, 60, 61, 62] { draft.rows[row].close = .nan }
    let cleaned = try clean(draft, [.fill(limit: 2)])
    #expect(cleaned.counts.map(\.changed) == [2])
    #expect(cleaned.bars["close"]?[61] == draft.rows[59].close)
    #expect(cleaned.bars["close"]?[62].isNaN == true)
    #expect(cleaned.bars["close"]?[0].isNaN == true)
  }

  @Test("fill knows half days, and leaves alone the end of a day that breaks off")
  func fillMinutes() throws {
    var draft = try draft(.minute)
    let whole = draft.rows.count
    draft.rows.removeLast(100)
    draft.rows.remove(at: 700)
    let cleaned = try clean(draft, [.fill(limit: 500)])
    #expect(cleaned.counts.map(\.inserted) == [1])
    #expect(cleaned.bars.count == whole - 100)
    // Without a calendar there are no holes to know of.
    let blind = try clean(draft, [.fill(limit: 5)], QualityContext(calendar: nil, zone: .newYork))
    #expect(blind.changes.isNothing)
  }

  @Test("winsorise brings back prices nobody else saw, whole bars too, and leaves real moves")
  func winsorise() throws {
    var draft = try draft()
    draft.rows[100].close *= 5
    draft.rows[100].high = draft.rows[100].close
    draft.scale(150..<151, by: 10)
    draft.scale(200..<draft.rows.count, by: 0.6)
    draft.rows[200].volume *= 9
    let cleaned = try clean(draft, [.winsorise(deviations: 4)])
    #expect(cleaned.counts.map(\.changed) == [2])
    #expect(counts(Quality.check(cleaned.bars, in: context)) == [:])
    for row in [100, 150] {
      let close = try #require(cleaned.bars["close"]?[row])
      #expect(abs(close / draft.rows[row - 1].close - 1) < 0.1)
    }
    #expect(cleaned.bars["close"]?[210] == draft.rows[210].close)
  }

  @Test("regular hours leaves out everything else, auction included")
  func regularHours() throws {
    var draft = try draft(.minute)
    let whole = draft.rows.count
    let first = draft.rows[0]
    for minutes in [-30, -1, 390, 500] {
      var bar = first
      bar.start.nanoseconds += Int64(minutes) * 60_000_000_000
      bar.end.nanoseconds += Int64(minutes) * 60_000_000_000
      bar.knownAt = bar.end
      draft.rows.append(bar)
    }
    draft.rows.sort { $0.start < $1.start }
    let cleaned = try clean(draft, [.regularHours])
    #expect(cleaned.counts.map(\.dropped) == [4])
    #expect(cleaned.bars.count == whole)
    // Daily bars have no hours.
    #expect(try clean(try self.draft(), [.regularHours]).changes.isNothing)
  }

  @Test("bars that do not follow each other are refused, with their row")
  func disorder() throws {
    var draft = try draft()
    draft.rows.swapAt(3, 4)
    #expect(throws: CleaningError.disorder(symbol: draft.symbol, row: 4)) {
      try clean(draft, [.drop])
    }
    #expect(CleaningError.disorder(symbol: draft.symbol, row: 4).diagnosis.place == "TEST, row 5")
  }
}

@Suite("Adjustment for splits and dividends, both ways")
struct AdjustmentTests {
  private let later = Timestamp(seconds: 2_000_000_000)

  private func action(
    _ date: String, _ kind: CorporateAction.Kind, knownAt: String? = nil
  ) throws -> CorporateAction {
    CorporateAction(
      symbol: try Symbol(parsing: "TEST"), date: try CivilDate(parsing: date),
      knownAt: try Timestamp(parsing: "\(knownAt ?? date)T13:00:00Z"), kind: kind)
  }

  private func draft() throws -> DraftBars {
    try DraftBars.clean(from: "2015-01-02", to: "2015-12-31", seed: 1)
  }

  private func close(_ batch: BarBatch, on date: String) throws -> Double {
    let date = try CivilDate(parsing: date)
    let row = try #require(
      batch.start.firstIndex {
        Zone.newYork.date(at: Timestamp(nanoseconds: $0)) == date
      })
    return try #require(batch["close"]?[row])
  }

  @Test("by hand: a split of two to one and a dividend of one, before and after")
  func byHand() throws {
    let draft = try draft()
    let actions = [
      try action("2015-06-01", .split(ratio: 2)), try action("2015-09-01", .dividend(amount: 1)),
    ]
    let context = QualityContext(calendar: .nyse, adjustment: none, actions: actions)
    let cleaned = try Cleaner([.adjust(dividends: true, asOf: later)], in: context).clean(
      draft.batch)
    let before = try close(draft.batch, on: "2015-08-31")
    let dividend = 1 - 1 / before
    #expect(cleaned.adjustment == .splitsAndDividends)
    for (date, factor) in [
      ("2015-05-29", dividend / 2), ("2015-06-01", dividend), ("2015-09-01", 1),
    ] {
      let (new, old) = (try close(cleaned.bars, on: date), try close(draft.batch, on: date))
      #expect(abs(new / old / factor - 1) < 1e-14, "\(date)")
    }
    #expect(abs((cleaned.bars["volume"]?[0] ?? 0) / draft.rows[0].volume - 2) < 1e-14)
    let splits = try Cleaner([.adjust(dividends: false, asOf: later)], in: context).clean(
      draft.batch)
    #expect(try close(splits.bars, on: "2015-06-01") == close(draft.batch, on: "2015-06-01"))
    #expect(splits.adjustment == .splits)
  }

  @Test("raw to adjusted to raw comes back to a part in 10¹², for random events", arguments: 0..<20)
  func roundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var draft = try DraftBars.clean(from: "2012-01-03", to: "2016-12-30", seed: seed)
    var actions: [CorporateAction] = []
    for row in stride(from: 40, to: draft.rows.count, by: 61) {
      let date = Zone.newYork.date(at: draft.rows[row].start)
      let kind: CorporateAction.Kind
      if Int.random(in: 0..<4, using: &random) == 0 {
        let ratio = random.element([2, 3, 1.5, 0.1])
        draft.scale(row..<draft.rows.count, by: 1 / ratio)
        kind = .split(ratio: ratio)
      } else {
        kind = .dividend(amount: draft.rows[row - 1].close * 0.008)
      }
      actions.append(
        CorporateAction(
          symbol: draft.symbol, date: date, knownAt: draft.rows[row].start, kind: kind))
    }
    for dividends in [false, true] {
      let context = QualityContext(calendar: .nyse, adjustment: none, actions: actions)
      let there = try Cleaner([.adjust(dividends: dividends, asOf: later)], in: context)
        .clean(draft.batch)
      var back = context
      back.adjustment = there.adjustment
      let raw = try Cleaner([.unadjust(dividends: dividends, asOf: later)], in: back)
        .clean(there.bars)
      #expect(raw.adjustment == none)
      for name in ["open", "high", "low", "close", "volume"] {
        let (old, new) = (try #require(draft.batch[name]), try #require(raw.bars[name]))
        let worst = zip(old, new).map { abs($1 / $0 - 1) }.max() ?? 1
        #expect(worst < 1e-12, "\(name): \(worst)")
      }
      // Adjusted for splits, nothing jumps any more.
      let found = Quality.check(
        there.bars, in: QualityContext(calendar: .nyse, adjustment: there.adjustment))
      #expect(counts(found) == [:])
    }
  }

  // PEERS 35: factor files of different dates mixed.
  @Test("thread 35: factors come from events by what was known, so those of two days never mix")
  func thread35() throws {
    let draft = try draft()
    let actions = [
      try action("2015-03-02", .split(ratio: 2)),
      try action("2015-09-01", .split(ratio: 5), knownAt: "2015-07-01"),
    ]
    let context = QualityContext(calendar: .nyse, adjustment: none, actions: actions)
    func first(asOf: String) throws -> Double {
      let step = CleaningStep.adjust(
        dividends: false, asOf: try Timestamp(parsing: "\(asOf)T23:00:00Z"))
      let bars = try Cleaner([step], in: context).clean(draft.batch).bars
      return try #require(bars["close"]?[0]) / draft.rows[0].close
    }
    #expect(try first(asOf: "2015-01-31") == 1)
    #expect(try first(asOf: "2015-06-30") == 0.5)
    #expect(abs(try first(asOf: "2015-07-02") - 0.1) < 1e-15)
    // Whoever asks again as of the old day gets the old factors, whatever is known since.
    #expect(try first(asOf: "2015-06-30") == 0.5)
  }

  @Test("prices that contain splits are adjusted for dividends at their own level")
  func fromSplits() throws {
    var raw = try draft()
    raw.scale(200..<raw.rows.count, by: 0.25)
    let actions = [
      try action("2015-05-01", .dividend(amount: 1)),
      CorporateAction(
        symbol: raw.symbol, date: Zone.newYork.date(at: raw.rows[200].start),
        knownAt: raw.rows[200].start, kind: .split(ratio: 4)),
    ]
    let traded = QualityContext(calendar: .nyse, adjustment: none, actions: actions)
    let whole = try Cleaner([.adjust(dividends: true, asOf: later)], in: traded).clean(raw.batch)
    let splits = try Cleaner([.adjust(dividends: false, asOf: later)], in: traded).clean(raw.batch)
    var context = traded
    context.adjustment = .splits
    let then = try Cleaner([.adjust(dividends: true, asOf: later)], in: context).clean(splits.bars)
    #expect(then.adjustment == .splitsAndDividends)
    for (a, b) in zip(whole.bars["close"] ?? Column([]), then.bars["close"] ?? Column([])) {
      #expect(abs(a / b - 1) < 1e-13)
    }
  }

  @Test("adjusting twice, or what nobody declared, is refused")
  func refused() throws {
    let draft = try draft()
    let steps: [(CleaningStep, BarDeclaration.Adjustment?)] = [
      (.adjust(dividends: false, asOf: later), .splits),
      (.adjust(dividends: true, asOf: later), .splitsAndDividends),
      (.adjust(dividends: true, asOf: later), nil),
      (.unadjust(dividends: false, asOf: later), none),
      (.unadjust(dividends: true, asOf: later), .splits),
    ]
    for (step, adjustment) in steps {
      let context = QualityContext(calendar: .nyse, adjustment: adjustment)
      let error = #expect(throws: CleaningError.self) {
        try Cleaner([step], in: context).clean(draft.batch)
      }
      #expect(error?.diagnosis.exitCode == .wrongUsage)
    }
  }
}

@Suite("LEAN's factor files")
struct FactorFileTests {
  private func actions(_ text: String) throws -> [CorporateAction] {
    let folder = try TemporaryFolder()
    let file = try FactorFile(path: folder.write(text, to: "x.csv"))
    return try file.actions(of: try Symbol(parsing: "X"), calendar: .nyse)
  }

  @Test("give the events behind the factors, at the next session's open")
  func events() throws {
    let found = try actions(
      """
      20140507,0.8961764,0.0357143,592.33
      20140606,0.9011818,0.0357143,645.57
      20140806,0.9011818,0.25,94.97
      20501231,1,1,0
      """)
    #expect(found.count == 4)
    #expect(found[0].date == (try CivilDate(parsing: "2014-05-08")))
    guard case .dividend(let amount) = found[0].kind else { throw CancellationError() }
    #expect(abs(amount - 592.33 * (1 - 0.8961764 / 0.9011818)) < 1e-9)
    #expect(found[1].date == (try CivilDate(parsing: "2014-06-09")))
    #expect(found[1].kind == .split(ratio: 7))
    #expect(found[1].knownAt == (try TradingCalendar.nyse.session(on: found[1].date)?.open))
    #expect(found[2].kind == .split(ratio: 4))
  }

  @Test("the titles of our samples are passed over")
  func samples() throws {
    let file = try FactorFile(path: Package.path("Samples/factors/AAPL.csv"))
    let splits = try file.actions(of: try Symbol(parsing: "AAPL"), calendar: .nyse).filter {
      if case .split = $0.kind { true } else { false }
    }
    #expect(splits.map(\.kind) == [2, 2, 7, 4].map { .split(ratio: $0) })
  }

  @Test(
    "what is wrong is told with its line",
    arguments: [
      ("20140507,0.9", ":1:13"), ("20140507,0.9,0.5\n20149999,1,1", ":2"), ("20140507,x,1", ":1"),
      ("20140507,0,1", ":1"), ("20140507,1,-1", ":1"), ("", ""), ("no rows at all", ""),
    ])
  func damaged(text: String, place: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "x.csv")
    let error = #expect(throws: DataError.self) { try FactorFile(path: path) }
    #expect(error?.diagnosis.place == path + place)
    #expect(throws: FileError.self) { try FactorFile(path: folder.path + "/none.csv") }
  }
}
