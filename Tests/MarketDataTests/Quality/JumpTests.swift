import Foundation
import Market
import MarketData
import Runtime
import Testing

@Suite("Jumps: splits, crashes, and how they are told apart")
struct JumpTests {
  private let none = BarDeclaration.Adjustment.none

  private func draft(seed: UInt64 = 1) throws -> DraftBars {
    try DraftBars.clean(from: "2015-01-02", to: "2016-06-30", seed: seed)
  }

  private func split(
    _ ratio: Double, _ draft: DraftBars, row: Int
  ) throws -> CorporateAction {
    CorporateAction(
      symbol: draft.symbol, date: Zone.newYork.date(at: draft.rows[row].start),
      knownAt: draft.rows[row].start, kind: .split(ratio: ratio))
  }

  @Test("a split that is known explains the jump; prices that are adjusted must not have it")
  func known() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 1.0 / 7)
    let actions = [try split(7, draft, row: 200)]
    func found(_ adjustment: BarDeclaration.Adjustment?) -> [String: Int] {
      counts(
        Quality.check(
          draft.batch,
          in: QualityContext(calendar: .nyse, adjustment: adjustment, actions: actions)),
        from: .note
      ).filter { $0.key.contains("split") }
    }
    #expect(found(none) == ["explained_split": 1])
    #expect(found(nil) == ["explained_split": 1])
    #expect(found(.splits) == ["split_not_applied": 1])
    #expect(found(.splitsAndDividends) == ["split_not_applied": 1])
  }

  @Test("a known split that traded prices do not show is a warning; adjusted ones need not")
  func notShown() throws {
    let draft = try draft()
    let actions = [try split(4, draft, row: 200)]
    func found(_ adjustment: BarDeclaration.Adjustment?) -> [String: Int] {
      counts(
        Quality.check(
          draft.batch,
          in: QualityContext(calendar: .nyse, adjustment: adjustment, actions: actions)))
    }
    #expect(found(none) == ["split_not_in_prices": 1])
    #expect(found(.splits) == [:])
    #expect(found(nil) == [:])
  }

  @Test("a fall to a split's ratio on many times the money is a crash, and is left alone")
  func crash() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 0.5)
    draft.rows[200].volume *= 10
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(counts(found) == [:])
    #expect(counts(found, from: .note)["large_move"] == 1)
  }

  @Test("a crash of all is none of one's own errors, however little is traded")
  func peers() throws {
    func crashed(_ name: String, seed: UInt64) throws -> DraftBars {
      var draft = try draft(seed: seed)
      draft.symbol = try Symbol(parsing: name)
      draft.scale(200..<draft.rows.count, by: 0.42)
      for row in 200..<draft.rows.count { draft.rows[row].volume *= 0.42 * 0.42 }
      return draft
    }
    let all = try ["A", "B", "C", "D"].enumerated().map { try crashed($1, seed: UInt64($0)) }
    let alone = QualityContext(calendar: .nyse)
    #expect(counts(Quality.check(all[0].batch, in: alone)) == ["unconfirmed_move": 1])
    let peers = PeerMoves(all.map(\.batch), calendar: .nyse, zone: .newYork)
    let together = QualityContext(calendar: .nyse, peers: peers)
    let found = Quality.check(all[0].batch, in: together)
    #expect(counts(found) == [:])
    #expect(found.contains { $0.code == "large_move" && $0.found.contains("its peers moved") })
    // Two others are no market.
    let few = PeerMoves(all.prefix(3).map(\.batch), calendar: .nyse, zone: .newYork)
    let doubtful = QualityContext(calendar: .nyse, peers: few)
    #expect(counts(Quality.check(all[0].batch, in: doubtful)) == ["unconfirmed_move": 1])
  }

  @Test("a spike that volume or peers explain is an event, below doubling")
  func spikeOrEvent() throws {
    var draft = try draft()
    draft.rows[200].close *= 1.45
    draft.rows[200].high = max(draft.rows[200].high, draft.rows[200].close)
    let quiet = QualityContext(calendar: .nyse)
    #expect(counts(Quality.check(draft.batch, in: quiet)) == ["price_spike": 1])
    var traded = draft
    traded.rows[200].volume *= 8
    #expect(counts(Quality.check(traded.batch, in: quiet)) == [:])
    let others = try (0..<4).map { index in
      var other = try self.draft(seed: UInt64(index + 10))
      other.symbol = try Symbol(parsing: "P\(index)")
      other.rows[200].close *= 1.2
      other.rows[200].high = max(other.rows[200].high, other.rows[200].close)
      return other.batch
    }
    let peers = PeerMoves(others, calendar: .nyse, zone: .newYork)
    let together = QualityContext(calendar: .nyse, peers: peers)
    #expect(counts(Quality.check(draft.batch, in: together)) == [:])
  }

  @Test("without volume a gap must be far beyond the usual to be taken for a split")
  func withoutVolume() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 0.2)
    for row in draft.rows.indices { draft.rows[row].volume = .nan }
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(counts(found) == ["unexplained_split": 1])
    #expect(found.contains { $0.found.contains("there is no volume to judge by") })
    #expect(counts(found, from: .note)["no_volume"] == draft.rows.count)
  }

  @Test("a move that was traded through within the day, however large, needs no witness")
  func tradedThrough() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 1.8)
    draft.rows[200].open /= 1.8
    draft.rows[200].low = min(draft.rows[200].low, draft.rows[200].open)
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(counts(found) == [:])
    #expect(counts(found, from: .note)["large_move"] == 1)
  }

  @Test("a fall by a third through a wide day is no split of three for two")
  func wideDay() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 1 / 1.5)
    var wild = draft
    wild.rows[200].high *= 1.2
    #expect(
      counts(Quality.check(draft.batch, in: QualityContext(calendar: .nyse))) == [
        "unexplained_split": 1
      ])
    #expect(counts(Quality.check(wild.batch, in: QualityContext(calendar: .nyse))) == [:])
  }

  @Test("a move across a hole of weeks is no move of one day")
  func acrossHole() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 0.5)
    draft.rows.removeSubrange(180..<200)
    let found = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    #expect(Set(found.filter { $0.severity > .note }.map(\.code)) == ["missing_bars"])
  }

  @Test("in minutes a split shows between sessions, and is judged with few of them")
  func minutes() throws {
    var draft = try DraftBars.clean(.minute, from: "2014-06-05", to: "2014-06-10", seed: 2)
    draft.scale(390 * 2..<draft.rows.count, by: 1.0 / 7)
    let actions = [try split(7, draft, row: 390 * 2)]
    let context = QualityContext(calendar: .nyse, adjustment: none, actions: actions)
    #expect(counts(Quality.check(draft.batch, in: context)) == [:])
    let unknown = QualityContext(calendar: .nyse, adjustment: none)
    #expect(counts(Quality.check(draft.batch, in: unknown)) == ["unexplained_split": 1])
  }

  @Test("ratios are written as new shares for old ones")
  func words() throws {
    for (ratio, words) in [
      (7.0, "7:1"), (1.5, "3:2"), (0.125, "1:8"), (1.0 / 3, "1:3"), (1.0713, "1.0713:1"),
    ] {
      var draft = try draft()
      draft.scale(200..<draft.rows.count, by: 1 / ratio)
      let context = QualityContext(
        calendar: .nyse, adjustment: none, actions: [try split(ratio, draft, row: 200)])
      let found = Quality.check(draft.batch, in: context)
      #expect(found.contains { $0.found.contains("a split of \(words) is known") }, "\(words)")
    }
  }

  @Test("an unconfirmed move is a warning for training and an error live")
  func unconfirmed() throws {
    var draft = try draft()
    draft.scale(200..<draft.rows.count, by: 1.7)
    let training = Quality.check(draft.batch, in: QualityContext(calendar: .nyse))
    let live = Quality.check(
      draft.batch, in: QualityContext(calendar: .nyse, thresholds: .live))
    #expect(training.first { $0.code == "unconfirmed_move" }?.severity == .warning)
    #expect(live.first { $0.code == "unconfirmed_move" }?.severity == .error)
    #expect(!Quality.hasErrors(training) && Quality.hasErrors(live))
  }
}

@Suite("Dividends beside prices that contain them")
struct DividendTests {
  private func draft(
    adjusted: Bool, splitAt: Int? = nil
  ) throws -> BarBatch {
    var draft = try DraftBars.clean(from: "2015-01-02", to: "2015-12-31", seed: 3)
    for row in draft.rows.indices {
      draft.rows[row].close = (draft.rows[row].close * 100).rounded() / 100
      if adjusted { draft.rows[row].close *= 0.9871 }
    }
    let batch = draft.batch
    let dividends = batch.start.indices.map { $0 % 60 == 59 ? 0.25 : 0 }
    let splits = batch.start.indices.map { $0 == splitAt ? 2.0 : 0 }
    return BarBatch(
      symbol: batch.symbol, interval: .day, start: batch.start, end: batch.end,
      knownAt: batch.knownAt,
      columns: batch.columns + [
        ("dividends", Column(dividends)), ("stock_splits", Column(splits)),
      ])
  }

  private func found(
    _ batch: BarBatch, _ adjustment: BarDeclaration.Adjustment?, actions: [CorporateAction] = []
  ) -> [MarketData.Finding] {
    Quality.check(
      batch, in: QualityContext(calendar: .nyse, adjustment: adjustment, actions: actions)
    ).filter { $0.code == "dividends_beside_adjusted" }
  }

  @Test("are told where prices are declared as adjusted, or are ones that nobody could trade at")
  func told() throws {
    let adjusted = try draft(adjusted: true)
    #expect(found(adjusted, .splitsAndDividends).map(\.count) == [4])
    #expect(found(adjusted, nil).map(\.count) == [4])
    #expect(found(adjusted, nil).first?.action == "dividends must not be applied again")
    #expect(found(adjusted, .splits).isEmpty)
    #expect(found(try draft(adjusted: false), nil).isEmpty)
    // Too few days between the split and the last dividend to tell.
    #expect(found(try draft(adjusted: true, splitAt: 230), nil).isEmpty)
  }

  @Test("are found among what is known of the company too")
  func ofActions() throws {
    let draft = try DraftBars.clean(from: "2015-01-02", to: "2015-12-31", seed: 3)
    let dividend = CorporateAction(
      symbol: draft.symbol, date: try CivilDate(parsing: "2015-06-10"),
      knownAt: draft.rows[0].start, kind: .dividend(amount: 0.5))
    #expect(found(draft.batch, .splitsAndDividends, actions: [dividend]).map(\.count) == [1])
    #expect(found(draft.batch, BarDeclaration.Adjustment.none, actions: [dividend]).isEmpty)
    #expect(found(draft.batch, .splitsAndDividends).isEmpty)
  }
}
