import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Sidecars undo a cleaning bit for bit")
struct SidecarTests {
  private let later = Timestamp(seconds: 2_000_000_000)

  private func bits(_ batch: BarBatch) -> [[UInt64]] {
    [batch.start, batch.end, batch.knownAt].map { $0.map(UInt64.init(bitPattern:)) }
      + batch.columns.map { $0.values.map(\.bitPattern) }
  }

  /// A series with some of everything wrong in it.
  private func spoiled(_ seed: UInt64) throws -> DraftBars {
    var random = SeededGenerator(seed: seed)
    var draft = try DraftBars.clean(from: "2014-01-02", to: "2016-12-30", seed: seed)
    let all = Defect.ofFigures.prefix(7) + Defect.ofPrices + Defect.ofDays.prefix(1)
    for _ in 0..<12 {
      let row = Int.random(in: 80..<draft.rows.count - 40, using: &random)
      _ = random.element(Array(all)).plant(&draft, row, &random)
    }
    for _ in 0..<4 { draft.rows.remove(at: Int.random(in: 80..<600, using: &random)) }
    return draft
  }

  private func cleaned(_ draft: DraftBars, _ steps: [CleaningStep]) throws -> Cleaner.Cleaned {
    let actions = [
      CorporateAction(
        symbol: draft.symbol, date: try CivilDate(parsing: "2015-06-01"), knownAt: later,
        kind: .split(ratio: 3))
    ]
    let context = QualityContext(
      calendar: .nyse, adjustment: BarDeclaration.Adjustment.none, actions: actions)
    return try Cleaner(steps, in: context).clean(draft.batch)
  }

  private func sidecar(_ cleaned: Cleaner.Cleaned, _ raw: BarBatch) -> Sidecar {
    Sidecar(
      of: cleaned, raw: raw, source: "raw", cleanedSource: "raw_clean",
      declaration: BarDeclaration(
        source: "raw", interval: .day, stamp: .session, zone: "America/New_York",
        adjustment: BarDeclaration.Adjustment.none), madeAt: later)
  }

  @Test("through their text and back, for every step and all of them together", arguments: 0..<30)
  func undone(seed: UInt64) throws {
    let draft = try spoiled(seed)
    let all: [CleaningStep] = [
      .drop, .fill(limit: 2), .winsorise(deviations: 5), .adjust(dividends: true, asOf: later),
    ]
    for steps in all.map({ [$0] }) + [all] {
      let cleaned = try cleaned(draft, steps)
      let written = try sidecar(cleaned, draft.batch).json()
      let read = try Sidecar(written, path: "x.json")
      #expect(read.changes == cleaned.changes)
      #expect(bits(try read.undo(cleaned.bars, path: "x.json")) == bits(draft.batch))
      #expect(read.declaration.stamp == .session && read.source == "raw")
      #expect(read.steps.map(\.words) == steps.map(\.description))
    }
  }

  @Test("of other bars than those they were written for nothing is undone")
  func otherBars() throws {
    let draft = try spoiled(1)
    let cleaned = try cleaned(draft, [.drop])
    let sidecar = sidecar(cleaned, draft.batch)
    #expect(throws: CleaningError.otherBars(sidecar: "x", symbol: draft.symbol)) {
      try sidecar.undo(draft.batch, path: "x")
    }
  }

  @Test("damaged ones are refused, with what is wrong, and never trap")
  func damaged() throws {
    let draft = try spoiled(2)
    let cleaned = try cleaned(draft, [.drop, .fill(limit: 1)])
    let whole = try sidecar(cleaned, draft.batch).json()
    let text = String(decoding: whole, as: UTF8.self)
    let changes: [(String, String)] = [
      ("\"format\" : 1", "\"format\" : 9"), ("\"symbol\" : \"TEST\"", "\"symbol\" : \"..\""),
      ("\"removed_times\" : \"", "\"removed_times\" : \"!"),
      ("\"count_before\" : ", "\"count_before\" : 9"),
      ("\"interval\" : \"1d\"", "\"interval\" : \"1M\""),
    ]
    for (old, new) in changes {
      #expect(text.contains(old), "\(old)")
      let bytes = Array(text.replacing(old, with: new).utf8)
      #expect(throws: CleaningError.self, "\(new)") {
        try Sidecar(bytes, path: "x").undo(cleaned.bars, path: "x")
      }
    }
    let inputs = FuzzBudget.inputs(usual: 300, nightly: 100_000)
    for bytes in mutations(of: [whole], count: inputs, seed: 7, longest: whole.count + 64) {
      do {
        let raw = try Sidecar(bytes, path: "x").undo(cleaned.bars, path: "x")
        // Damage in words that undo nothing; what is undone is right or refused.
        #expect(raw.fingerprint == draft.batch.fingerprint)
      } catch {
        #expect(!error.diagnosis.finding.isEmpty && !error.diagnosis.remedy.isEmpty)
      }
    }
  }

  @Test("a fingerprint does not depend on the order of columns, nor on ones without a value")
  func fingerprint() throws {
    let batch = try spoiled(3).batch
    let missing = Column<Double>(repeating: .nan, count: batch.count)
    let other = BarBatch(
      symbol: batch.symbol, interval: batch.interval, start: batch.start, end: batch.end,
      knownAt: batch.knownAt, columns: [("vwap", missing)] + batch.columns.reversed())
    #expect(other.fingerprint == batch.fingerprint)
    var draft = try spoiled(3)
    draft.rows[0].volume += 1
    #expect(draft.batch.fingerprint != batch.fingerprint)
  }
}
