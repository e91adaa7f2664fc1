import Evidence
import Market
import Numerics
import Runtime

/// A sweep that is over: what came of each setting, and what the best of them is worth.
public struct SweepResult: Sendable {
  public let grid: SweepGrid
  public let outcomes: [SweepOutcome]
  public let bars: Int
  public let annualisation: Annualisation
  public let benchmark: Performance
  /// The setting with the highest Sharpe ratio; of equals the first.
  public let best: Int
  /// How sure the best one's ratio is; `nil` where no setting ever moved.
  public let estimate: SharpeEstimate?
  /// Independent settings that all of them amount to.
  public let effective: Double
  /// How often the best half of the time was no better than the median in the other; `nil` of one setting
  /// or of too few bars.
  public let overfitting: Overfitting?

  init(
    _ runner: SweepRunner, outcomes: [SweepOutcome], effective: Double, _ blocks: BlockSums?
  ) throws(BacktestError) {
    grid = runner.grid
    self.outcomes = outcomes
    self.effective = effective
    bars = runner.bars
    annualisation = runner.annualisation
    benchmark = runner.benchmark
    let ratios = outcomes.map { $0.sharpe ?? -.infinity }
    let best = ratios.indices.reduce(0) { ratios[$1] > ratios[$0] ? $1 : $0 }
    self.best = best
    estimate = SharpeEstimate(returns: try runner.run(grid.settings[best]).returns)
    do throws(EvidenceError) {
      overfitting =
        if let blocks, outcomes.count > 1 { try Overfitting(blocks) } else { nil }
    } catch { throw .evidence(error) }
  }

  /// The line of the ledger that stands for all of the settings.
  public func trial(_ data: TrialData, configuration: String) -> Trial {
    let year = annualisation.barsPerYear.squareRoot()
    var trial = Trial(
      kind: .sweep, data: data, configuration: configuration,
      sharpes: outcomes.map { ($0.sharpe ?? 0) / year }, effective: effective, bars: bars)
    trial.overfitting = overfitting?.probability
    return trial
  }

  /// A setting in words: `fast 12, slow 60`.
  public func words(_ setting: Int) -> String {
    grid.searched.words(grid.settings[setting], of: grid.axes)
  }

  /// One setting's parameters.
  public func parameters(_ setting: Int) -> JSON {
    grid.searched.json(grid.settings[setting])
  }
}
