/// How many cores this process may keep busy, and who said so.
///
/// The thread pool, OpenBLAS and OpenMP libraries all obey this one number, so that together they
/// never run more threads than there are cores.
public struct CoreBudget: Equatable, Sendable {
  /// Who set the count.
  public enum Origin: String, Sendable, Codable {
    /// As many as the machine has and this process may be scheduled on.
    case hardware
    /// The quota of the control group (a container's limit), rounded down.
    case quota
    /// `MARTINET_THREADS`.
    case environment
    /// The key `threads` of the configuration.
    case configuration
  }

  public let count: Int
  public let origin: Origin

  public init(count: Int, origin: Origin) {
    precondition(count >= 1, "a budget has at least one core")
    self.count = count
    self.origin = origin
  }

  /// The name of the variable that overrides what was found.
  public static let variable = "MARTINET_THREADS"
  /// More than any machine this is for; a larger number is a typing error.
  public static let maximum = 1024

  /// The budget of a machine: the variable if set, or else what the scheduler and the quota allow.
  public static func found(
    schedulable: Int, quota: Double?, variable text: String?
  ) throws(CoreBudgetError) -> CoreBudget {
    if let text, !text.isEmpty {
      guard let count = Int(text), (1...maximum).contains(count) else {
        throw .notACount(text, place: variable)
      }
      return CoreBudget(count: count, origin: .environment)
    }
    // Rounded down: threads beyond the quota are throttled in the middle of a job.
    if let quota, quota < Double(schedulable) {
      return CoreBudget(count: max(1, Int(quota)), origin: .quota)
    }
    return CoreBudget(count: max(1, schedulable), origin: .hardware)
  }
}

public enum CoreBudgetError: Error, Equatable, Sendable {
  case notACount(String, place: String)
  /// Threads already run under another budget.
  case alreadySettled(CoreBudget, wanted: Int)
}

extension CoreBudgetError: DiagnosedError {
  public var diagnosis: Diagnosis {
    switch self {
    case .notACount(let text, let place):
      Diagnosis(
        place: place, finding: "'\(text)' is not a number of threads",
        remedy: "give a whole number from 1 to \(CoreBudget.maximum), or leave it out",
        exitCode: .wrongUsage)
    case .alreadySettled(let budget, let wanted):
      Diagnosis(
        place: "threads",
        finding: "\(wanted) threads were asked for after work had begun on \(budget.count)",
        remedy: "set the number before anything is computed, or with \(CoreBudget.variable)",
        exitCode: .wrongUsage)
    }
  }
}
