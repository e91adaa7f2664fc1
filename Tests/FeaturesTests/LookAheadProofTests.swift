import Features
import Foundation
import Market
import Runtime
import Testing

@Suite("Look-ahead proof") struct LookAheadProofTests {
  @Test(
    "None of the shipped features is alarmed, whatever the seed",
    arguments: 1...4 as ClosedRange<UInt64>)
  func shippedFeaturesPass(seed: UInt64) throws {
    let frame = try Synthetic.frame(bars: 300, seed: seed)
    let verdict = try LookAheadProof.run(
      features: Catalogue.starter, frame: frame,
      cuts: LookAheadProof.cuts(bars: 300, random: 16, seed: seed), seed: seed)
    #expect(verdict.isClean, "\(verdict.sentence)")
    #expect(verdict.json["verdict"] == "clean")
  }

  @Test("Every planted leak is caught, and its cause is named", arguments: Planted.leaks)
  func plantedLeaksAreCaught(leak: Planted) throws {
    let frame = try Synthetic.frame(bars: 200)
    let verdict = try LookAheadProof.run(
      features: [leak, Planted.honest], frame: frame,
      cuts: LookAheadProof.cuts(bars: 200, random: 8))
    #expect(verdict.findings.map(\.column) == [leak.about.name])
    #expect(verdict.findings.first?.cause == .future || leak.about.name == "random")
    #expect(verdict.json["verdict"] == "leak")
  }

  @Test("A leak of one bar is found by changing that bar alone")
  func oneBarLeak() throws {
    let frame = try Synthetic.frame(bars: 50)
    let verdict = try LookAheadProof.run(
      features: [Planted.shift], frame: frame, cuts: [20])
    let finding = try #require(verdict.findings.first)
    #expect(finding.row == 20 && finding.cut == 20)
  }

  @Test("Values before the declared look-back are a finding of their own")
  func warmUp() throws {
    let early = Planted("early", lookBack: 5) { closes, row in closes[row] }
    let verdict = try LookAheadProof.run(
      features: [early], frame: Synthetic.frame(bars: 50), cuts: [10])
    #expect(verdict.findings.first?.cause == .warmUp)
    #expect(verdict.findings.first?.row == 0)
  }

  @Test("A feature that differs from run to run is told apart from one that looks ahead")
  func nondeterminism() throws {
    let verdict = try LookAheadProof.run(
      features: [Planted.random], frame: Synthetic.frame(bars: 50), cuts: [10])
    #expect(verdict.findings.first?.cause == .nondeterminism)
  }

  @Test("The certificate names the data: one changed bit gives another hash")
  func dataHash() throws {
    let rows = try BarColumns(Synthetic.frame(bars: 50))
    var changed = (0..<50).map { rows[$0] }
    let same = try Synthetic.frame(changed)
    changed[49].volume = changed[49].volume.nextUp
    func hash(_ frame: Frame) throws -> JSON? {
      try LookAheadProof.run(features: [Planted.honest], frame: frame, cuts: [20])
        .json["data_sha256"]
    }
    let first = try hash(same)
    let again = try hash(Synthetic.frame(bars: 50))
    let other = try hash(Synthetic.frame(changed))
    #expect(first != nil)
    #expect(first == again)
    #expect(first != other)
  }

  @Test("A frame without a future is refused")
  func tooShort() throws {
    let frame = try Synthetic.frame(bars: 1)
    #expect(throws: FeatureError.tooFewBars(symbol: frame.symbol, bars: 1, needed: 2)) {
      try LookAheadProof.run(features: Catalogue.starter, frame: frame, cuts: [0])
    }
  }
}

/// A feature that cheats in its batch form; its stream repeats the batch, as a cheat's would.
struct Planted: Feature, CustomTestStringConvertible {
  let about: FeatureDescription
  let value: @Sendable (Column<Double>, Int) -> Double

  init(
    _ name: String, lookBack: Int = 0,
    value: @escaping @Sendable (Column<Double>, Int) -> Double
  ) {
    about = FeatureDescription(
      name: name, formula: name, lookBack: lookBack, family: .trend, unit: .price,
      documentation: "A planted leak.")
    self.value = value
  }

  var testDescription: String { about.name }

  struct Stream: FeatureStream {
    func update(_ bar: BarValues) -> Double { bar.close }
  }
  func stream() -> Stream { Stream() }
  func column(over bars: BarColumns) -> Column<Double> {
    Column((0..<bars.count).map { value(bars.close, $0) })
  }

  static let honest = Catalogue.starter[2]

  static let shift = Planted("shift") { closes, row in
    row + 1 < closes.count ? closes[row + 1] : .nan
  }
  static let random = Planted("random") { _, _ in Double.random(in: 0...1) }
  static let leaks: [Planted] = [
    shift, random,
    Planted("centred average") { closes, row in
      let window = max(0, row - 2)...min(closes.count - 1, row + 2)
      return window.map { closes[$0] }.reduce(0, +) / Double(window.count)
    },
    Planted("whole-column score") { closes, row in
      let mean = closes.reduce(0, +) / Double(closes.count)
      let squares = closes.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
      return (closes[row] - mean) / (squares / Double(closes.count)).squareRoot()
    },
    Planted("reversed running sum") { closes, row in
      (row..<closes.count).map { closes[$0] }.reduce(0, +)
    },
    Planted("share of the maximum") { closes, row in closes[row] / (closes.max() ?? 1) },
    Planted("position in the file") { closes, row in Double(row) / Double(closes.count) },
    Planted("filled backwards") { closes, row in
      closes[row / 5 * 5 + 4 < closes.count ? row / 5 * 5 + 4 : row]
    },
  ]
}
