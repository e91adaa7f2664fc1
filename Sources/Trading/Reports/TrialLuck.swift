import Evidence
import Runtime

/// What the ledger of trials says of a run that is recorded in it.
public struct TrialLuck: Sendable {
  /// Its own line.
  public let number: Int
  /// The head of the chain once it was written.
  public let hash: String
  /// Evaluations on these bars, this one included, and the settings that they tried.
  public let evaluations, settings: Int
  /// `nil` where the account never moved.
  public let deflation: Deflation?
  /// How often choosing the best of its line's settings meant nothing, where it was one of many.
  public let overfitting: Double?

  public init(
    _ place: TrialLedger.Place, _ history: TrialHistory, _ data: TrialData,
    of estimate: SharpeEstimate?, barsPerYear: Double
  ) {
    let group = history.group(on: data)
    number = place.number
    hash = place.hash
    (evaluations, settings) = (group.entries, group.settings)
    overfitting =
      history.trials.indices.contains(number - 1) ? history.trials[number - 1].overfitting : nil
    deflation = estimate.map { history.deflation(of: $0, on: data, barsPerYear: barsPerYear) }
  }

  /// Choosing by the past did worse than choosing blindly: whatever was chosen so says nothing of what
  /// comes.
  public var isOverfit: Bool { overfitting.map { $0 > 0.5 } ?? false }

  /// Above what luck gives the best of all trials, and chosen by something that lasts; `nil` where the
  /// account never moved.
  public var isMoreThanLuck: Bool? { deflation.map { $0.isSignificant && !isOverfit } }

  /// What stands beside the Sharpe ratio.
  var warning: String? {
    switch deflation?.isSignificant {
    case false?: "cannot be told from luck"
    case true? where isOverfit: "chosen by overfitting"
    default: nil
    }
  }

  /// What a choice that means nothing has against it: of the splits of the time.
  static func words(overfitting: Double) -> String {
    "in \(NumberText.percent(overfitting)) of the splits of the time, the setting that was best in "
      + "one half was no better than the median in the other"
  }
}
