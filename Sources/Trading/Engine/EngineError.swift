import Features
import Market
import Numerics
import Runtime

/// Why a run stops.
public enum EngineError: DiagnosedError, Equatable {
  case amount(FixedPointError)
  case ledger(LedgerError)
  case journal(JournalError)
  case limits(RiskLimitsError)
  /// A strategy put another desk in the place of the engine's.
  case deskReplaced(strategy: String)
  case strategy(StrategyFailure)
  /// The journal has another posting than its own records lead to.
  case replayDiffers(expected: Posting, found: Posting)

  public var diagnosis: Diagnosis {
    switch self {
    case .amount(let error): error.diagnosis
    case .ledger(let error): error.diagnosis
    case .journal(let error): error.diagnosis
    case .limits(let error): error.diagnosis
    case .deskReplaced(let strategy):
      Diagnosis(
        place: strategy, finding: "it put another desk in the place of the one it was given",
        remedy: "change the desk only through what it offers: submit, replace, cancel, hold",
        exitCode: .refused)
    case .strategy(let error): error.diagnosis
    case .replayDiffers(let expected, let found):
      Diagnosis(
        place: "journal, posting of \(found.cause.text) at \(found.time)",
        finding:
          "replaying the records before it gives a posting of \(expected.cause.text) with other figures",
        remedy: "was it written by another version? replay it with that one", exitCode: .refused)
    }
  }
}
