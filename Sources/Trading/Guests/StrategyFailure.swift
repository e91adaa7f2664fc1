import Runtime

/// Why a strategy cannot go on: one that is not part of the program, or one whose model fails. The run stops with it, before anything
/// that it asked for in that moment leaves.
public struct StrategyFailure: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  public init(_ place: String, _ finding: String, _ remedy: String, exitCode: ExitCode = .failed) {
    diagnosis = Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: exitCode)
  }
}
