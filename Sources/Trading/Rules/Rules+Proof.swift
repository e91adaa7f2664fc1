import Features
import Market
import Runtime

extension Rules {
  private var features: [any Feature] {
    expressions.map { key, read in
      read.feature(named: key.rawValue, text: "\(name), \(key.rawValue)")
    }
  }

  /// Tries the rules on bars whose future was changed, as any feature.
  public func proof(
    over frames: [Frame], cuts: Int = 16, seed: UInt64 = 1
  ) throws(RuleError) -> LookAheadVerdict {
    do {
      return try LookAheadProof.run(features: features, frames: frames, cuts: cuts, seed: seed)
    } catch {
      throw .features(error)
    }
  }

  /// Proves that the rules see nothing later, and refuses those that cannot ever act on these bars.
  public func checked(
    over frames: [Frame], seed: UInt64 = 1
  ) throws(RuleError) -> LookAheadVerdict {
    let verdict = try proof(over: frames, seed: seed)
    guard verdict.isClean else { throw .leak(verdict.sentence, file: source.file) }
    try refuseContradiction(over: frames)
    return verdict
  }

  private func refuseContradiction(over frames: [Frame]) throws(RuleError) {
    var columns: [[Column<Double>]] = []
    do throws(FeatureError) {
      try FeatureComputation(features).evaluate([World(frames)]) { columns.append($1.values) }
    } catch {
      throw .features(error)
    }
    for (entry, exit) in [(RuleKey.entry, RuleKey.exit), (.shortEntry, .shortExit)] {
      guard let begins = output(entry), let ends = output(exit) else { continue }
      var (held, met) = (0, 0)
      for symbol in columns {
        for row in symbol[begins].indices where symbol[begins][row] == 1 {
          held += 1
          met += symbol[ends][row] == 1 ? 1 : 0
        }
      }
      if held > 0, held == met {
        throw .neverEnters(
          entry: entry.rawValue, exit: exit.rawValue, file: source.file, bars: held)
      }
    }
  }
}
