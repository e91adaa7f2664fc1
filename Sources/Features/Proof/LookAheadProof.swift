import Market
import Numerics
import Runtime

/// Changes the future and looks whether anything before it moves, bit for bit.
public enum LookAheadProof {
  /// Every row up to 64 and as many random ones, in order; never the last, which has no future.
  public static func cuts(bars: Int, random: Int = 64, seed: UInt64 = 1) -> [Int] {
    guard bars > 1 else { return [] }
    var stream = RandomStream(seed: seed, purpose: "cuts")
    let early = 0..<min(64, bars - 1)
    let drawn = (0..<random).map { _ in stream.index(below: bars - 1) }
    return Set(early).union(drawn).sorted()
  }

  /// Tries `features` on `frame` at each cut with each alteration.
  public static func run(
    features: [any Feature], frame: Frame, cuts: [Int], seed: UInt64 = 1
  ) throws(FeatureError) -> LookAheadVerdict {
    let bars = try BarColumns(frame)
    let cuts = cuts.filter { (0..<frame.count - 1).contains($0) }
    guard !cuts.isEmpty else {
      throw .tooFewBars(symbol: frame.symbol, bars: frame.count, needed: 2)
    }
    var trials = features.map { Trial($0, bars) }
    for cut in cuts {
      for alteration in Alteration.allCases {
        let altered = alteration.applied(to: frame, after: cut, seed: seed &+ UInt64(cut))
        let alteredBars = try BarColumns(altered)
        for index in trials.indices where trials[index].finding == nil {
          trials[index].compare(with: alteredBars, cut: cut, alteration)
        }
      }
    }
    for index in trials.indices where trials[index].finding == nil {
      trials[index].compareStream(over: bars)
    }
    return LookAheadVerdict(
      features: features.map(\.about), symbol: frame.symbol, bars: frame.count,
      dataHash: frame.hash, cuts: cuts,
      seed: seed, findings: trials.compactMap(\.finding))
  }
}

/// One feature under trial: what it gave for the true bars, and what was found so far.
private struct Trial {
  let feature: any Feature
  let truth: Column<Double>
  var finding: LookAheadFinding?

  /// Computes the feature twice and looks at its warm-up.
  init(_ feature: any Feature, _ bars: BarColumns) {
    self.feature = feature
    truth = feature.column(over: bars)
    let lookBack = min(feature.about.lookBack, bars.count)
    if let row = (0..<lookBack).first(where: { !truth[$0].isNaN }) {
      finding = found(.warmUp, row: row, expected: .nan, was: truth[row])
    } else if let (row, value) = difference(feature.column(over: bars), upTo: bars.count - 1) {
      finding = found(.nondeterminism, row: row, expected: truth[row], was: value)
    }
  }

  mutating func compareStream(over bars: BarColumns) {
    guard let (row, value) = difference(feature.streamed(over: bars), upTo: bars.count - 1) else {
      return
    }
    finding = found(.streamDiffers, row: row, expected: truth[row], was: value)
  }

  mutating func compare(with bars: BarColumns, cut: Int, _ alteration: Alteration) {
    let changed = feature.column(over: bars)
    guard let (row, value) = difference(changed, upTo: cut) else { return }
    finding = found(.future, row: row, expected: truth[row], was: value)
    finding?.cut = cut
    finding?.alteration = alteration
  }

  private func difference(_ other: Column<Double>, upTo last: Int) -> (Int, Double)? {
    guard other.count > last else { return (other.count, .nan) }
    return (0...last).first { truth[$0].bitPattern != other[$0].bitPattern }.map { ($0, other[$0]) }
  }

  private func found(
    _ cause: LookAheadFinding.Cause, row: Int, expected: Double, was: Double
  ) -> LookAheadFinding {
    LookAheadFinding(
      column: feature.about.name, row: row, expected: expected, was: was, cause: cause)
  }
}

extension Feature {
  /// What the incremental form gives for each bar.
  public func streamed(over bars: BarColumns) -> Column<Double> {
    var stream = stream()
    return Column((0..<bars.count).map { stream.update(bars[$0]) })
  }
}

extension Frame {
  /// The SHA-256 of its symbol, interval, times and numbers.
  fileprivate var hash: SHA256Digest {
    var hash = SHA256()
    hash.update("\(symbol) \(interval) \(count)\n")
    for times in [start, end, knownAt] {
      times.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
    }
    for name in names {
      guard let column = self[name] else { continue }
      hash.update(name + "\n")
      column.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.finish()
  }
}
