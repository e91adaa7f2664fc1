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
    let suite = FeatureSuite(features)
    let truth = try suite.columns(over: [bars])[0]
    let again = try suite.columns(over: [bars])[0]
    var trials = features.indices.map { Trial(features[$0].about, truth[$0], again: again[$0]) }
    for cut in cuts {
      var altered: [BarColumns] = []
      for alteration in Alteration.allCases {
        let frame = alteration.applied(to: frame, after: cut, seed: seed &+ UInt64(cut))
        altered.append(try BarColumns(frame))
      }
      // The altered futures stand side by side, as symbols do.
      let values = try suite.columns(over: altered)
      for (number, alteration) in Alteration.allCases.enumerated() {
        for index in trials.indices where trials[index].finding == nil {
          trials[index].compare(with: values[number][index], cut: cut, alteration)
        }
      }
    }
    let streamed = try suite.streamed(over: bars)
    for index in trials.indices where trials[index].finding == nil {
      trials[index].compareStream(streamed[index])
    }
    return LookAheadVerdict(
      features: features.map(\.about), symbol: frame.symbol, bars: frame.count,
      dataHash: frame.hash, cuts: cuts, seed: seed, findings: trials.compactMap(\.finding))
  }
}

/// One feature under trial: what it gave for the true bars, and what was found so far.
private struct Trial {
  let about: FeatureDescription
  let truth: Column<Double>
  var finding: LookAheadFinding?

  /// Looks at the warm-up and at a second run.
  init(_ about: FeatureDescription, _ truth: Column<Double>, again: Column<Double>) {
    self.about = about
    self.truth = truth
    let lookBack = min(about.lookBack, truth.count)
    if let row = (0..<lookBack).first(where: { !truth[$0].isNaN }) {
      finding = found(.warmUp, row: row, expected: .nan, was: truth[row])
    } else if let (row, value) = difference(again, upTo: truth.count - 1) {
      finding = found(.nondeterminism, row: row, expected: truth[row], was: value)
    }
  }

  mutating func compareStream(_ streamed: Column<Double>) {
    guard let (row, value) = difference(streamed, upTo: truth.count - 1) else { return }
    finding = found(.streamDiffers, row: row, expected: truth[row], was: value)
  }

  mutating func compare(with changed: Column<Double>, cut: Int, _ alteration: Alteration) {
    guard let (row, value) = difference(changed, upTo: cut) else { return }
    finding = found(.future, row: row, expected: truth[row], was: value)
    finding?.cut = cut
    finding?.alteration = alteration
  }

  private func difference(_ other: Column<Double>, upTo last: Int) -> (Int, Double)? {
    guard other.count > last else { return (other.count, .nan) }
    let row = truth.withUnsafeValues { truth in
      other.withUnsafeValues { other in
        (0...last).first { truth[$0].bitPattern != other[$0].bitPattern }
      }
    }
    return row.map { ($0, other[$0]) }
  }

  private func found(
    _ cause: LookAheadFinding.Cause, row: Int, expected: Double, was: Double
  ) -> LookAheadFinding {
    LookAheadFinding(
      column: about.name, row: row, expected: expected, was: was, cause: cause)
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
