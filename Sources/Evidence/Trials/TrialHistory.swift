import Foundation
import Runtime

/// What was tried so far, and what it takes off a Sharpe ratio.
public struct TrialHistory: Sendable {
  public private(set) var trials: [Trial] = []
  /// The hash of the last line.
  public private(set) var head = TrialLedger.origin
  /// How much of the file was read.
  private(set) var offset = 0
  private var known: Set<Identity> = []
  /// Trials that say something new, by the data they were made on.
  private var groups: [TrialData: Group] = [:]

  private struct Identity: Hashable {
    let data: String
    let configuration: String
  }

  public init() {}

  public var count: Int { trials.count }

  mutating func add(_ trial: Trial, hash: String, bytes: Int) {
    trials.append(trial)
    head = hash
    offset += bytes
    // The same again is no further trial.
    let identity = Identity(data: trial.data.hash, configuration: trial.configuration)
    guard known.insert(identity).inserted else { return }
    groups[trial.data, default: Group()].add(trial)
  }

  /// The sums of some trials.
  public struct Group: Hashable, Sendable {
    public private(set) var entries = 0
    public private(set) var settings = 0
    /// Independent trials, as many as there can be: entries are taken for unrelated.
    public private(set) var effective = 0.0
    private var sum = 0.0
    private var squares = 0.0

    init() {}

    mutating func add(_ trial: Trial) {
      entries += 1
      settings += trial.settings
      effective += trial.effective
      let count = Double(trial.settings)
      sum += count * trial.sharpeMean
      squares += count * trial.sharpeMean * trial.sharpeMean
      squares += max(0, count - 1) * trial.sharpeDeviation * trial.sharpeDeviation
    }

    mutating func merge(_ other: Group) {
      entries += other.entries
      settings += other.settings
      effective += other.effective
      sum += other.sum
      squares += other.squares
    }

    /// The deviation of all settings' Sharpe ratios of one bar; 0 of one.
    public var sharpeDeviation: Double {
      guard settings > 1 else { return 0 }
      let count = Double(settings)
      return (max(0, squares - sum * sum / count) / (count - 1)).squareRoot()
    }
  }

  /// All trials on bars that overlap with these.
  public func group(on data: TrialData) -> Group {
    groups.reduce(into: Group()) { group, entry in
      if entry.key.overlaps(data) { group.merge(entry.value) }
    }
  }

  /// The data sets and what was tried on each, those with most trials first.
  public var byData: [(data: TrialData, group: Group)] {
    groups.map { ($0.key, $0.value) }.sorted {
      ($1.1.effective, $0.0.hash) < ($0.1.effective, $1.0.hash)
    }
  }

  /// What is left of a Sharpe ratio after all that was tried on these bars, itself included once: a trial
  /// that is recorded is in the history already.
  public func deflation(
    of estimate: SharpeEstimate, on data: TrialData, barsPerYear: Double
  ) -> Deflation {
    let group = group(on: data)
    return Deflation(
      estimate, trials: max(1, group.effective), deviation: group.sharpeDeviation,
      barsPerYear: barsPerYear)
  }
}
