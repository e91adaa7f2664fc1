import Features
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Look-ahead proof") struct LookAheadProofTests {
  @Test(
    "None of the shipped features is alarmed on made-up bars, whatever the seed",
    arguments: 1...(FuzzBudget.isNightly ? 40 : 2) as ClosedRange<UInt64>)
  func syntheticPasses(seed: UInt64) throws {
    let frames = [
      try Synthetic.frame(bars: 300, seed: seed, symbol: "A"),
      try Synthetic.frame(bars: 90, seed: seed + 100, symbol: "B"),
    ]
    let verdict = try LookAheadProof.run(
      features: Catalogue.all, frames: frames, cuts: 4, seed: seed)
    #expect(verdict.isClean, "\(verdict.sentence)")
    #expect(verdict.json["verdict"] == "clean")
  }

  @Test("None is alarmed on the last years of Samples, every set and several symbols together")
  func samplesPass() throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let days = FuzzBudget.isNightly ? TimeRange.all : try TimeRange(parsing: "20220601-")
    let symbols = try ["NVDA", "ARM", "MSFT"].map { try Symbol(parsing: $0) }
    let verdict = try LookAheadProof.run(
      features: Catalogue.all, frames: folder.load(symbols: symbols, days: days), cuts: 4)
    #expect(verdict.isClean, "\(verdict.sentence)")
  }

  @Test(
    "None is alarmed on minutes of 2018",
    .enabled(if: SharedData.has("us_1min_2018"), "needs ../shared/data/us_1min_2018"))
  func minutesPass() throws {
    let folder = try DataFolder(path: SharedData.path("us_1min_2018"))
    let declaration = BarDeclaration(stamp: .end, zone: "America/New_York")
    let symbols = FuzzBudget.isNightly ? folder.symbols : Array(folder.symbols.prefix(2))
    let frames = try folder.load(
      symbols: symbols, options: ReadingOptions(declaration: declaration))
    let bars = FuzzBudget.inputs(usual: 500, nightly: .max)
    let verdict = try LookAheadProof.run(
      features: Catalogue.all, frames: frames.map { $0.slice(0..<min(bars, $0.count)) }, cuts: 3)
    #expect(verdict.isClean, "\(verdict.sentence)")
  }

  @Test("A leak of one bar is found by changing that bar alone, at that very row")
  func oneBarLeak() throws {
    let frame = try Synthetic.frame(bars: 50)
    let verdict = try LookAheadProof.run(
      FeatureComputation([Planted.shift]), on: World([frame]), cuts: [frame.knownAt[20]])
    let finding = try #require(verdict.findings.first)
    #expect(finding.row == 20 && finding.cut?.nanoseconds == frame.knownAt[20])
    #expect(finding.expected != finding.was)
    #expect(finding.cause == .future && finding.table == "TEST")
  }

  @Test("Values before the declared look-back are a finding of their own")
  func warmUp() throws {
    let early = Planted("early", lookBack: 5) { closes, row in closes[row] }
    let verdict = try LookAheadProof.run(features: [early], frames: [Synthetic.frame(bars: 50)])
    #expect(verdict.findings.map(\.cause) == [.warmUp])
    #expect(verdict.findings.first?.row == 0)
  }

  @Test("A feature that differs from run to run is told apart from one that looks ahead")
  func nondeterminism() throws {
    let verdict = try LookAheadProof.run(
      features: [Planted.random], frames: [Synthetic.frame(bars: 50)])
    #expect(verdict.findings.first?.cause == .nondeterminism)
  }

  @Test("A stream that gives other values than the batch is found, though neither looks ahead")
  func streams() throws {
    let lagging = Planted("lagging") { closes, row in row > 0 ? closes[row - 1] : .nan }
    let verdict = try LookAheadProof.run(features: [lagging], frames: [Synthetic.frame(bars: 50)])
    #expect(verdict.findings.map(\.cause) == [.streamDiffers])
  }

  @Test("A table that vanishes when the future is cut off is found")
  func vanishing() throws {
    let subject = Computation([ProvenColumn("close")]) { world in
      world.frames.filter { $0.count > 40 }.map {
        ProvenTable(
          name: "A", usedAt: $0.knownAt, values: [$0["close"] ?? $0.start.map { _ in 0 }.column])
      }
    }
    let frame = try Synthetic.frame(bars: 50)
    let verdict = try LookAheadProof.run(subject, on: World([frame]), cuts: [frame.knownAt[20]])
    #expect(verdict.findings.map(\.alteration) == [.removed])
  }

  @Test("A frame without a future is refused")
  func tooShort() throws {
    let frame = try Synthetic.frame(bars: 1)
    #expect(throws: FeatureError.tooFewBars(symbol: frame.symbol, bars: 1, needed: 2)) {
      try LookAheadProof.run(features: Catalogue.starter, frames: [frame])
    }
  }

  @Test("Cuts are drawn from all instants but the last, each once, the same for the same seed")
  func cuts() throws {
    let world = World([try Synthetic.frame(bars: 30), try Synthetic.frame(bars: 20, seed: 2)])
    let drawn = LookAheadProof.drawnCuts(in: world, count: 500, seed: 1)
    #expect(drawn == Array(world.instants.dropLast()))
    let few = LookAheadProof.drawnCuts(in: world, count: 5, seed: 7)
    #expect(few == LookAheadProof.drawnCuts(in: world, count: 5, seed: 7))
    #expect(few != LookAheadProof.drawnCuts(in: world, count: 5, seed: 8))
  }
}

extension [Double] {
  fileprivate var column: Column<Double> { Column(self) }
}
