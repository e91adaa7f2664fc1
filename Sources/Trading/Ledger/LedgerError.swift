import Market
import Numerics
import Runtime

/// What the books refuse.
public enum LedgerError: DiagnosedError, Equatable {
  case noCapital(Cash)
  /// In steps of cash.
  case unbalanced(steps: Int128)
  case notTheFills
  case amount(FixedPointError)

  public var diagnosis: Diagnosis {
    switch self {
    case .noCapital(let cash):
      Diagnosis(
        place: "initial_cash", finding: "\(cash) is nothing to trade with",
        remedy: "give an amount above zero", exitCode: .wrongUsage)
    case .unbalanced(let steps):
      refusal(
        "debits and credits differ by \(steps) steps", "this is a fault of the program: report it")
    case .notTheFills:
      refusal(
        "positions or fees differ from the fills", "this is a fault of the program: report it")
    case .amount(let error): error.diagnosis
    }
  }

  private func refusal(_ finding: String, _ remedy: String) -> Diagnosis {
    Diagnosis(place: "ledger", finding: finding, remedy: remedy, exitCode: .refused)
  }
}
