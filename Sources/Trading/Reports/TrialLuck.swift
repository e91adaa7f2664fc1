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

  public init(
    _ place: TrialLedger.Place, _ history: TrialHistory, _ data: TrialData,
    of estimate: SharpeEstimate?, barsPerYear: Double
  ) {
    let group = history.group(on: data)
    number = place.number
    hash = place.hash
    (evaluations, settings) = (group.entries, group.settings)
    deflation = estimate.map { history.deflation(of: $0, on: data, barsPerYear: barsPerYear) }
  }
}
