import Runtime
import Synchronization

/// What a fit works with besides its lesson: chance, cores, a place for checkpoints, and those who
/// watch it.
///
/// Safe to share because what changes lies behind a lock.
package final class FitSession: Sendable {
  package let seed: UInt64
  package let cores: Int
  /// Where what is needed to go on after an interruption may lie; nil where nothing is kept.
  package let checkpoints: String?
  package let budget: FitBudget
  /// A lesson of the ladder of sanity: it ends by its budget of steps or by itself, however few epochs the
  /// settings ask for.
  package let isRehearsal: Bool
  private let callbacks: [any FitCallback]
  private let time: any TimeSource
  private let startedAt: Int64
  private let state = Mutex(State())

  private struct State {
    var curve: [FitMoment] = []
    var stop: String?
    var spent: [String: Double] = [:]
  }

  package init(
    seed: UInt64, cores: Int = 1, checkpoints: String? = nil, budget: FitBudget = FitBudget(),
    isRehearsal: Bool = false, callbacks: [any FitCallback] = [],
    time: any TimeSource = SystemTime()
  ) {
    self.seed = seed
    self.cores = max(1, cores)
    self.checkpoints = checkpoints
    self.budget = budget
    self.isRehearsal = isRehearsal
    self.callbacks = callbacks
    self.time = time
    startedAt = time.monotonicNanoseconds
  }

  package var elapsed: Double { Double(time.monotonicNanoseconds - startedAt) / 1e9 }

  /// Tells how far the fit has come; a reason where it should stop now and keep what it has.
  ///
  /// Of the moments told, those with a validation loss become the curve of the run.
  package func report(_ moment: FitMoment) -> String? {
    var reason: String?
    if let steps = budget.steps, moment.step >= steps {
      reason = "the budget of \(steps) steps is used up"
    }
    if let seconds = budget.seconds, elapsed >= seconds {
      reason = "the budget of \(NumberText.count(Int(seconds))) seconds is used up"
    }
    for callback in callbacks { reason = callback.reached(moment) ?? reason }
    state.withLock { state in
      if moment.validationLoss != nil { state.curve.append(moment) }
      if let reason { state.stop = reason }
    }
    return reason
  }

  /// Losses as they were told, the first to the last.
  package var curve: [FitMoment] { state.withLock(\.curve) }
  /// Why the fit ended before its time; nil where it did not.
  package var stopReason: String? { state.withLock(\.stop) }

  /// Says why a fit stopped by itself, as early stopping does.
  package func note(stop reason: String) { state.withLock { $0.stop = reason } }

  /// Adds to the seconds that a part of the fit took: `input`, `validation`.
  package func spend(_ seconds: Double, on part: String) {
    state.withLock { $0.spent[part, default: 0] += seconds }
  }

  /// Seconds by part of the fit.
  package var spent: [String: Double] { state.withLock(\.spent) }

  /// Takes over what a fit had told before it was interrupted.
  package func restore(_ curve: [FitMoment]) { state.withLock { $0.curve = curve } }
}

/// How much a fit may take.
package struct FitBudget: Sendable, Equatable {
  package var steps: Int?
  package var seconds: Double?

  package init(steps: Int? = nil, seconds: Double? = nil) {
    self.steps = steps
    self.seconds = seconds
  }
}

/// How far a fit has come: after a step, a round of boosting or an epoch.
package struct FitMoment: Sendable, Equatable {
  package var step: Int
  /// How many steps there will be at most.
  package var steps: Int
  package var loss: Double
  package var validationLoss: Double?
  package var rate: Double?

  package init(
    step: Int, of steps: Int, loss: Double, validationLoss: Double? = nil, rate: Double? = nil
  ) {
    self.step = step
    self.steps = steps
    self.loss = loss
    self.validationLoss = validationLoss
    self.rate = rate
  }
}

/// Watches a fit, and may end it.
package protocol FitCallback: Sendable {
  /// A reason to stop, or nil.
  func reached(_ moment: FitMoment) -> String?
}
