import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Stores")
struct StoreTests {
  @Test(
    "any sequence of writes reads back as a simple model does, as of any instant",
    arguments: StoreStand.present)
  func model(kind: StoreAddress.Kind) throws {
    let stand = try StoreStand(kind)
    let rounds = FuzzBudget.inputs(usual: kind == .sqlite ? 30 : 6, nightly: 200)
    for round in 0..<rounds {
      var random = SeededGenerator(seed: UInt64(round))
      let store = try stand.address("\(round)").open()
      let key = try StoreSamples.key("S\(round)")
      try store.declare(key, as: StoreSamples.declaration)
      var model = StoreModel()
      for write in 0..<8 {
        let rows = (0..<Int.random(in: 1...12, using: &random)).map { _ in
          (
            place: Int.random(in: 0..<14, using: &random),
            value: [1, 2, 3.5, -0.0, .nan].randomElement(using: &random) ?? 1
          )
        }
        // Clocks may go back.
        let instant = StoreSamples.instant(write * 10 - Int.random(in: 0...15, using: &random))
        _ = try store.write(StoreSamples.batch(key, rows), to: key, recordedAt: instant)
        model.write(rows, at: instant)
      }
      try compare(store, model, key, &random)
    }
  }

  private func compare(
    _ store: any BarStore, _ model: StoreModel, _ key: SeriesKey,
    _ random: inout SeededGenerator
  ) throws {
    #expect(try zeros(store.bars(BarQuery(key)).lines) == zeros(model.read(.latest)))
    #expect(try zeros(store.history(of: key, starts: nil).lines) == zeros(model.history))
    for number in stride(from: -20, to: 90, by: 5) {
      let low = Int.random(in: 0..<14, using: &random)
      let starts =
        Timestamp(
          nanoseconds: StoreSamples.start(low))..<Timestamp(
          nanoseconds: StoreSamples.start(low + 5))
      let knowledge = Knowledge.asOf(StoreSamples.instant(number))
      let read = try store.bars(BarQuery(key, starts: starts, knowledge: knowledge))
      #expect(zeros(read.lines) == zeros(model.read(knowledge, starts: starts)))
    }
    let summary = try #require(try store.series().first { $0.key == key })
    #expect(summary.barCount == model.bars.count)
    #expect(summary.revisedCount == model.history.count - model.bars.count)
  }

  /// SQLite keeps no sign of a zero, and no store need.
  private func zeros(_ lines: [String]) -> [String] {
    lines.map { $0.replacingOccurrences(of: " -0.0 ", with: " 0.0 ") }
  }

  @Test("what is written is counted as added, revised or unchanged", arguments: StoreStand.present)
  func counts(kind: StoreAddress.Kind) throws {
    let stand = try StoreStand(kind)
    let store = try stand.address().open()
    let key = try StoreSamples.key()
    let first = StoreSamples.batch(key, [(2, 1), (0, 1), (1, 1)])
    #expect(throws: StoreError.self) {
      try store.write(first, to: key, recordedAt: StoreSamples.instant(1))
    }
    try store.declare(key, as: StoreSamples.declaration)
    #expect(
      try store.write(first, to: key, recordedAt: StoreSamples.instant(1))
        == WriteCounts(added: 3))
    let second = StoreSamples.batch(key, [(1, 1), (2, 9), (3, 1)])
    #expect(
      try store.write(second, to: key, recordedAt: StoreSamples.instant(2))
        == WriteCounts(added: 1, revised: 1, unchanged: 1))
    let frame = try store.read(BarQuery(key))
    #expect(frame.count == 4)
    let revised = try #require(frame.column("revised_at", of: Int64.self))
    #expect(Array(revised) == [0, 0, StoreSamples.instant(2).nanoseconds, 0])
    #expect(try store.read(BarQuery(key, knowledge: .asOf(StoreSamples.instant(1)))).count == 3)
    let all = StoreSamples.instant(0)..<StoreSamples.instant(9)
    #expect(try store.versions(of: key, recordedIn: all).map { $0.map(\.bar.open) } == [[1, 9]])
  }

  @Test("a series declared otherwise is refused", arguments: StoreStand.present)
  func declared(kind: StoreAddress.Kind) throws {
    let stand = try StoreStand(kind)
    let store = try stand.address().open()
    let key = try StoreSamples.key("BTC/USD")
    try store.declare(key, as: BarDeclaration(stamp: .start))
    try store.declare(key, as: StoreSamples.declaration)
    #expect(throws: StoreError.self) { try store.declare(key, as: BarDeclaration(stamp: .end)) }
    let summary = try #require(try store.series().first)
    #expect(summary.key == key)
    #expect(summary.declaration.zone == "America/New_York")
    #expect(summary.span == nil)
    #expect(throws: StoreError.self) { try store.read(BarQuery(try StoreSamples.key("NONE"))) }
  }

  @Test("actions and imports are remembered, once", arguments: StoreStand.present)
  func records(kind: StoreAddress.Kind) throws {
    let stand = try StoreStand(kind)
    let store = try stand.address().open()
    let symbol = try Symbol(parsing: "NVDA")
    func split(_ ratio: Double) throws -> CorporateAction {
      CorporateAction(
        symbol: symbol, date: try CivilDate(parsing: "2024-06-10"),
        knownAt: StoreSamples.instant(0), kind: .split(ratio: ratio))
    }
    try store.write([try split(10)], source: "a", recordedAt: StoreSamples.instant(1))
    try store.write([try split(10)], source: "a", recordedAt: StoreSamples.instant(2))
    try store.write([try split(10)], source: "b", recordedAt: StoreSamples.instant(2))
    #expect(try store.recordedActions(of: nil).count == 2)
    #expect(try store.actions(of: symbol) == [try split(10)])
    try store.write([try split(4)], source: "a", recordedAt: StoreSamples.instant(3))
    #expect(try store.actions(of: symbol, knowledge: .asOf(StoreSamples.instant(2))).count == 1)
    let record = ImportRecord(
      hash: SHA256.hash("x").description, path: "a, b\n.csv", rowCount: 7,
      recordedAt: StoreSamples.instant(1))
    try store.remember(record)
    try store.remember(record)
    #expect(try store.importRecord(hash: record.hash) == record)
    #expect(try store.importRecord(hash: "none") == nil)
  }

  @Test("two writers at once lose nothing and double nothing", arguments: StoreStand.present)
  func twoWriters(kind: StoreAddress.Kind) async throws {
    let stand = try StoreStand(kind)
    let address = stand.address()
    let key = try StoreSamples.key()
    try address.open().declare(key, as: StoreSamples.declaration)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          let store = try address.open()
          for round in 0..<10 {
            let rows = (0..<20).map { (place: round * 20 + $0, value: Double(writer)) }
            _ = try store.write(
              StoreSamples.batch(key, rows), to: key,
              recordedAt: StoreSamples.instant(round * 2 + writer))
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try address.open()
    #expect(try store.bars(BarQuery(key)).count == 200)
    #expect(try store.history(of: key, starts: nil).count == 400)
  }

  @Test("a copy has the same content and is resumed", arguments: StoreStand.present)
  func copies(kind: StoreAddress.Kind) throws {
    let origin = try StoreStand(.sqlite)
    let source = try origin.address().open()
    let key = try StoreSamples.key()
    try source.declare(key, as: StoreSamples.declaration)
    for round in 0..<4 {
      let rows = (0..<30).map { (place: $0 + round, value: Double($0 % (round + 1))) }
      _ = try source.write(
        StoreSamples.batch(key, rows), to: key, recordedAt: StoreSamples.instant(round))
    }
    let stand = try StoreStand(kind)
    let target = try stand.address("t").open()
    // As if broken off: some bars are there whole, some with their first version only.
    try target.declare(key, as: StoreSamples.declaration)
    let history = try source.history(of: key, starts: nil)
    _ = try target.write(
      StoreSamples.batch(key, (0..<9).map { ($0, 0) }), to: key,
      recordedAt: StoreSamples.instant(0))
    let copy = StoreCopy(from: source, to: target)
    let summary = try #require(try source.series().first)
    let report = try copy.copy(summary)
    #expect(report.content.versionCount == history.count)
    #expect(try copy.copy(summary).copied == 0)
    #expect(try target.history(of: key, starts: nil).lines == history.lines)
    _ = try target.write(
      StoreSamples.batch(key, [(5, 77)]), to: key, recordedAt: StoreSamples.instant(99))
    #expect(throws: CopyError.self) { try copy.copy(summary) }
  }

  @Test("a restated split and three bars: the old frame is the same, the diff lists just them")
  func restatement() throws {
    let stand = try StoreStand(.sqlite)
    let store = try stand.address().open()
    let key = try StoreSamples.key()
    try store.declare(key, as: StoreSamples.declaration)
    let rows = (0..<50).map { (place: $0, value: 100 + Double($0)) }
    _ = try store.write(
      StoreSamples.batch(key, rows, columns: []), to: key, recordedAt: StoreSamples.instant(1))
    func split(_ ratio: Double) throws -> [CorporateAction] {
      [
        CorporateAction(
          symbol: key.symbol, date: try CivilDate(parsing: "2024-06-10"),
          knownAt: StoreSamples.instant(0), kind: .split(ratio: ratio))
      ]
    }
    try store.write(try split(10), source: "test", recordedAt: StoreSamples.instant(1))
    let asOf = BarQuery(key, knowledge: .asOf(StoreSamples.instant(1)))
    let before = try store.bars(asOf)
    // One figure of three bars, and the split.
    let batch = StoreSamples.batch(key, rows, columns: [])
    let close = Column((0..<50).map { [7, 8, 30].contains($0) ? 1.0 : 103 + Double($0) })
    let restated = BarBatch(
      symbol: key.symbol, interval: key.interval, start: batch.start, end: batch.end,
      knownAt: batch.knownAt,
      columns: batch.columns.map { $0.name == "close" ? ("close", close) : $0 })
    _ = try store.write(restated, to: key, recordedAt: StoreSamples.instant(5))
    try store.write(try split(4), source: "test", recordedAt: StoreSamples.instant(5))
    let after = try store.bars(asOf)
    #expect(after.lines == before.lines)
    #expect(try store.content(of: key).versionCount == 53)
    let (one, two) = (StoreSamples.instant(1), StoreSamples.instant(9))
    let changed = try store.restatements(of: key, between: one, and: two)
    #expect(
      changed
        == [7, 8, 30].map { place in
          .figure(
            key, start: Timestamp(nanoseconds: StoreSamples.start(place)), column: "close",
            old: 103 + Double(place), new: 1)
        })
    #expect(
      try store.restatedActions(of: nil, between: one, and: two)
        == [.action(source: "test", old: try split(10)[0], new: try split(4)[0])])
    #expect(try store.restatements(of: key, between: two, and: two).isEmpty)
  }
}
