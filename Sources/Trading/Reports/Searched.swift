import Evidence
import Market
import Runtime

/// What was tried to choose what a run traded: trials of their own, all of them.
public struct Searched: Hashable, Sendable {
  /// Of one bar, one a setting; what never moved has 0.
  public let sharpes: [Double]
  /// Independent settings that they amount to.
  public let effective: Double
  /// The first day that any of them saw.
  public let first: CivilDate

  public init(sharpes: [Double], effective: Double, first: CivilDate) {
    self.sharpes = sharpes
    self.effective = effective
    self.first = first
  }
}

extension Appraisal {
  /// The line of the ledger that stands for the run, and for every setting that was tried on the way to it.
  public func trial(_ kind: Trial.Kind, of frames: [Frame], configuration: String) -> Trial {
    let data = TrialData(
      frames: frames, first: searched?.first ?? result.day(result.start),
      last: result.day(result.end))
    let own = SharpeEstimate(returns: performance.returns)?.sharpe ?? 0
    guard let searched else {
      return Trial(
        kind: kind, data: data, configuration: configuration, sharpe: own, bars: result.bars)
    }
    return Trial(
      kind: kind, data: data, configuration: configuration, sharpes: searched.sharpes + [own],
      effective: searched.effective + 1, bars: result.bars)
  }
}
