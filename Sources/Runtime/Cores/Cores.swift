import Foundation
import Synchronization

/// The process's one budget of cores.
public enum Cores {
  private struct State {
    var settled: CoreBudget?
    var configured: Int?
  }
  private static let state = Mutex(State())

  /// The budget, settled by whoever asks first and the same ever after.
  ///
  /// A `MARTINET_THREADS` that is no number counts as absent here; `check()` is where it is refused,
  /// at the start of the program, with its remedy.
  public static var budget: CoreBudget {
    let (budget, isNew) = state.withLock { state -> (CoreBudget, Bool) in
      if let settled = state.settled { return (settled, false) }
      let budget = found(configured: state.configured)
      state.settled = budget
      return (budget, true)
    }
    if isNew { tellOpenMP(budget) }
    return budget
  }

  /// Sets the count that the configuration names; the environment wins over it.
  public static func configure(count: Int) throws(CoreBudgetError) {
    guard (1...CoreBudget.maximum).contains(count) else {
      throw .notACount(String(count), place: "threads")
    }
    let refused = state.withLock { state -> CoreBudget? in
      guard let settled = state.settled else {
        state.configured = count
        return nil
      }
      return settled.count == count || settled.origin == .environment ? nil : settled
    }
    if let refused { throw .alreadySettled(refused, wanted: count) }
  }

  /// Refuses a `MARTINET_THREADS` that is not a number of threads.
  public static func check() throws(CoreBudgetError) {
    _ = try CoreBudget.found(schedulable: 1, quota: nil, variable: environment(CoreBudget.variable))
  }

  private static func found(configured: Int?) -> CoreBudget {
    // Those the scheduler may put this process on, not those the machine has.
    let schedulable = ProcessInfo.processInfo.activeProcessorCount
    let machine: CoreBudget
    do {
      machine = try CoreBudget.found(
        schedulable: schedulable, quota: ControlGroup.current().quota(),
        variable: environment(CoreBudget.variable))
    } catch {
      return CoreBudget(count: configured ?? schedulable, origin: .hardware)
    }
    guard machine.origin != .environment, let configured else { return machine }
    return CoreBudget(count: configured, origin: .configuration)
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// OpenMP libraries read the variable when they are loaded, and offer a function once they are.
  private static func tellOpenMP(_ budget: CoreBudget) {
    setenv("OMP_NUM_THREADS", String(budget.count), 1)
    // Its threads wait for each other by spinning for milliseconds, and where other programs want the
    // same cores a fit of half a second takes ten. So they soon sleep, unless told otherwise.
    if getenv("OMP_WAIT_POLICY") == nil { setenv("GOMP_SPINCOUNT", "1000", 0) }
    typealias SetThreads = @convention(c) (Int32) -> Void
    if let symbol = dlsym(nil, "omp_set_num_threads") {
      unsafeBitCast(symbol, to: SetThreads.self)(Int32(budget.count))
    }
  }
}
