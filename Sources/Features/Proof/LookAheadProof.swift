import Market
import Numerics
import Runtime

/// Changes the future and looks whether anything used before it moves, bit for bit.
///
/// It knows nothing of how a subject works: it is asked for the true world, again for the true world,
/// and for worlds that went another way after a cut. So nothing is assumed that is to be proved.
public enum LookAheadProof {
  /// Bars of a symbol that are each tried as a cut.
  public static let earlyBars = 64

  public static func run(
    features: [any Feature], frames: [Frame], cuts: Int = 16, seed: UInt64 = 1
  ) throws(FeatureError) -> LookAheadVerdict {
    try run(FeatureComputation(features), frames: frames, cuts: cuts, seed: seed)
  }

  /// Tries features on bars of many symbols: each early bar of each symbol alone, and instants drawn at
  /// random for all of them together.
  ///
  /// - Parameter cuts: how many instants are drawn.
  public static func run(
    _ subject: FeatureComputation, frames: [Frame], cuts: Int = 16, seed: UInt64 = 1
  ) throws(FeatureError) -> LookAheadVerdict {
    for frame in frames where frame.count < 2 {
      throw .tooFewBars(symbol: frame.symbol, bars: frame.count, needed: 2)
    }
    let world = World(frames)
    var verdict = try run(
      subject, on: world, cuts: drawnCuts(in: world, count: cuts, seed: seed), seed: seed)
    for frame in frames {
      let beginning = frame.slice(
        0..<min(frame.count, earlyBars + AlteredFuture.replacedBars + 1))
      let early = beginning.knownAt.prefix(min(earlyBars, beginning.count - 1))
      verdict.add(try run(subject, on: World([beginning]), cuts: Array(early), seed: seed))
    }
    return verdict
  }

  /// Instants of a world drawn by chance, each once and in order; never the last, which has no future.
  public static func drawnCuts(in world: World, count: Int, seed: UInt64) -> [Int64] {
    let instants = world.instants
    guard instants.count > 1 else { return [] }
    var stream = RandomStream(seed: seed, purpose: "cuts")
    let drawn = (0..<count).map { _ in instants[stream.index(below: instants.count - 1)] }
    return Set(drawn).sorted()
  }

  /// Tries a subject on a world at each cut (UTC nanoseconds) with each alteration.
  public static func run<Subject: Provable>(
    _ subject: Subject, on world: World, cuts: [Int64], seed: UInt64 = 1
  ) throws(Subject.Failure) -> LookAheadVerdict {
    var trials = Trials(subject.columns)
    try subject.evaluate([world]) { trials.take($1) }
    var place = 0
    try subject.evaluate([world]) { _, table in
      trials.compare(table, place: place, cause: .nondeterminism)
      place += 1
    }
    for futures in batches(cuts, of: world, seed: seed) {
      var places = [Int](repeating: 0, count: futures.count)
      try subject.evaluate(futures.map { $0.world(of: world) }) { number, table in
        trials.compare(table, place: places[number], futures[number])
        places[number] += 1
      }
      for (number, future) in futures.enumerated() where places[number] < trials.tableCount {
        let nothing = ProvenTable(name: "", usedAt: Column(repeating: 0, count: 0), values: [])
        for place in places[number]..<trials.tableCount {
          trials.compare(nothing, place: place, future)
        }
      }
    }
    place = 0
    try subject.streamed(world) { table in
      trials.compare(table, place: place, cause: .streamDiffers)
      place += 1
    }
    return LookAheadVerdict(
      columns: subject.columns.map(\.name), symbols: world.frames.map(\.symbol.text),
      bars: world.frames.reduce(0) { $0 + $1.count }, cuts: cuts.count, seed: seed,
      compared: trials.compared, findings: trials.findings)
  }

  /// The futures of some cuts at a time: many where worlds are small, so that they fill the lanes of
  /// registers; few where they are large, so that they stay in memory.
  private static func batches(_ cuts: [Int64], of world: World, seed: UInt64) -> [[AlteredFuture]] {
    let rows = world.frames.map(\.count).max() ?? 0
    let size = max(2, min(8, 2048 / max(1, rows)))
    let instants = Column(world.instants)
    func until(_ cut: Int64) -> Int64 {
      let next = cut == .max ? instants.count : instants.firstRow(from: cut + 1)
      return next < instants.count ? instants[next] - 1 : .max
    }
    return stride(from: 0, to: cuts.count, by: size).map { first in
      cuts[first..<min(first + size, cuts.count)].enumerated().flatMap { index, cut in
        Alteration.allCases.map {
          AlteredFuture(
            cut: cut, until: until(cut), alteration: $0, seed: seed &+ UInt64(first + index))
        }
      }
    }
  }
}

extension Feature {
  /// What the incremental form gives for each bar.
  public func streamed(over bars: BarColumns) -> Column<Double> {
    var stream = stream()
    return Column((0..<bars.count).map { stream.update(bars[$0]) })
  }
}
