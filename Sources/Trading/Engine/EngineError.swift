import Features
import Market
import Numerics
import Runtime

/// Why a run stops.
public enum EngineError: DiagnosedError, Equatable {
  case amount(FixedPointError)
  case ledger(LedgerError)
  case journal(JournalError)

  public var diagnosis: Diagnosis {
    switch self {
    case .amount(let error): error.diagnosis
    case .ledger(let error): error.diagnosis
    case .journal(let error): error.diagnosis
    }
  }
}
