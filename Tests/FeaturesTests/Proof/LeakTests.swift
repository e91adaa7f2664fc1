import Features
import Market
import Runtime
import Testing

@Suite("Planted leaks") struct LeakTests {
  private static let leaks = Leak.ofColumns + Leak.ofPipelines

  @Test("every planted leak is caught, and its class of cause is named", arguments: leaks)
  func caught(leak: Leak) throws {
    let world = try leak.world.make()
    let verdict = try LookAheadProof.run(leak.subject, on: world, cuts: world.instants.dropLast())
    #expect(verdict.findings.first?.cause == leak.cause, "\(verdict.sentence)")
    #expect(verdict.json["verdict"] == "leak")
  }

  @Test("there are at least sixty in twelve classes, and each thread of users' leaks is among them")
  func corpus() {
    #expect(Self.leaks.count >= 60, "\(Self.leaks.count)")
    #expect(Set(Self.leaks.map(\.kind)) == Set(Leak.Kind.allCases))
    #expect(Leak.Kind.allCases.count >= 12)
    #expect(Set(Self.leaks.compactMap(\.thread)) == Set(1...10))
    #expect(Set(Self.leaks.map(\.name)).count == Self.leaks.count)
  }

  @Test("the same devices used honestly raise no alarm", arguments: Leak.honest)
  func honest(subject: Leak) throws {
    let world = try subject.world.make()
    let verdict = try LookAheadProof.run(
      subject.subject, on: world, cuts: world.instants.dropLast())
    #expect(verdict.isClean, "\(verdict.sentence)")
  }

  @Test("labels, weights, scalers, splits, joins and flags as shipped raise no alarm")
  func pipeline() throws {
    let frames = [
      try Synthetic.frame(bars: 260, seed: 1, symbol: "A"),
      try Synthetic.frame(bars: 200, seed: 2, symbol: "B"),
    ]
    let parts = try PipelineProof.run(frames: frames, calendar: nil, cuts: 4)
    #expect(parts.count >= 18)
    for part in parts { #expect(part.verdict.isClean, "\(part.name): \(part.verdict.sentence)") }
    for kind in ["train", "purged test 2", "combinatorial test 1+3"] {
      #expect(parts.contains { $0.name.contains("training \(kind)") || $0.name.contains(kind) })
    }
  }

  @Test("folds that train on both sides of a test are clean, and caught with one row put back")
  func purged() throws {
    let frame = try Synthetic.frame(bars: 240, seed: 3)
    let label = try ForwardReturn(horizon: 5)
    let times = SampleTimes(frame, try label.column(over: frame))
    let folds =
      try PurgedKFold(folds: 4).folds(of: times)
      + CombinatorialPurged(groups: 4, testGroups: 2).folds(of: times)
    var caught = 0
    for fold in folds {
      func verdict(_ fold: Fold) throws -> LookAheadVerdict {
        let part = TrainingPart(fold, of: frame, label: label)
        return try LookAheadProof.run(
          Computation.training(Catalogue.starter, part), on: World([frame]), cuts: part.cuts)
      }
      let clean = try verdict(fold)
      #expect(clean.isClean, "\(fold.name): \(clean.sentence)")
      // The last row before the first test, whose label is settled inside of it.
      guard let first = fold.test.first, first > 0 else { continue }
      var leaky = fold
      leaky.train = (fold.train + [first - 1]).sorted()
      #expect(try verdict(leaky).findings.first?.column == label.name, "\(fold.name)")
      caught += 1
    }
    #expect(caught >= 5)
  }
}

extension Leak {
  /// What a careful person writes where the others cheat.
  static let honest: [Leak] = [
    Leak("mean of the last ten", .centred, lookBack: 9) {
      $1 < 9 ? .nan : mean($0.around($1, 9, 0))
    },
    Leak("score by bars so far", .wholeColumn) { bars, row in
      bars.at(row) - mean(Array(bars.close[...row]))
    },
    Leak("exponential mean", .backwards) { bars, row in
      bars.close[...row].reduce(bars.at(0)) { $0 + 0.2 * ($1 - $0) }
    },
    Leak(
      "label used when it is settled", .label,
      used: { $1 + 5 < $0.count ? Bars.known($0, $1 + 5) : .max }
    ) {
      $0.at($1 + 5) / $0.at($1) - 1
    },
    Leak("yesterday's change, for an order at the open", .tradability, used: Bars.begun) {
      abs($0.change($1 - 1)) < 0.015 ? 1 : 0
    },
    Leak("known ahead: the weekday of the next session's bar", .exogenous) { bars, row in
      Double((bars.weekday(row) + 1) % 7)
    },
    Leak("known hour", .timeframe, on: .minutes, .joined(to: .hour, calendar: .nyse)),
    Leak(
      "tradable as of the day", .tradability, on: .universe, .tradability(symbols: honestSymbols)),
    Leak("panel", .crossSection, on: .symbols, .panel(symbols: honestSymbols)),
  ]

  private static let honestSymbols = ["A", "B", "C"].compactMap { Symbol($0) }
}
