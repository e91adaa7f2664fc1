import CThreads
import Runtime

/// Threads that share out loops.
///
/// A job is cut by a `Partition`, so the same call gives the same bytes on the same number of
/// threads, whoever runs which part. The caller works too, and takes what no worker has begun, so a
/// job never waits for a sleeping thread. Called from inside another job, or while another thread
/// holds the pool, the same parts run one after the other on the calling thread: nested use cannot
/// deadlock and concurrent use cannot run more threads than there are cores.
///
/// Bodies do not throw: they write what went wrong where their part writes its results.
public final class Pool: Sendable {
  /// The pool of the process, with as many threads as the budget of cores allows.
  public static let shared = Pool(threads: Cores.budget.count)

  /// How many threads work on a job, the caller among them.
  public let threads: Int
  private let crew: Crew
  /// Touched only by the job of the thread that holds the crew.
  private let halves = StepHalves()

  /// A pool of its own, for tests and measurements; everything else shares one.
  public init(threads: Int) {
    precondition(
      (1...CoreBudget.maximum).contains(threads), "a pool has 1 to \(CoreBudget.maximum) threads")
    self.threads = threads
    crew = Crew(workers: threads - 1)
  }

  deinit { crew.dismiss() }

  /// How this pool cuts a loop.
  public func partition(
    of count: Int, minimumChunk: Int = 1, alignedTo alignment: Int = 1
  ) -> Partition {
    Partition(count: count, threads: threads, minimumChunk: minimumChunk, alignedTo: alignment)
  }

  /// Calls the body once for every chunk of `0..<count`, on several threads, and returns when all
  /// are done. Allocates nothing.
  ///
  /// - Parameters:
  ///   - count: items to share out
  ///   - minimumChunk: so many items pay for the hand-over (about a microsecond)
  ///   - alignment: every chunk but the last ends on a multiple of this
  public func forEachChunk(
    of count: Int, minimumChunk: Int = 1, alignedTo alignment: Int = 1,
    _ body: (Range<Int>) -> Void
  ) {
    let partition = partition(of: count, minimumChunk: minimumChunk, alignedTo: alignment)
    forEachPart(of: partition) { _, range in body(range) }
  }

  /// Calls the body once for every part, with its number, for bodies that keep a result of each.
  public func forEachPart(of partition: Partition, _ body: (Int, Range<Int>) -> Void) {
    let parts = partition.parts
    precondition(parts <= Crew.mostParts, "a job has at most \(Crew.mostParts) parts")
    if parts > 1, martinet_in_parallel_job() == 0, crew.isTaken() {
      martinet_set_in_parallel_job(1)
      crew.run(parts: parts) { part, _ in body(part, partition[part]) }
      martinet_set_in_parallel_job(0)
      return
    }
    for part in 0..<parts { body(part, partition[part]) }
  }

  /// Calls the body for both halves of every step, each step only when both halves of the one before
  /// are done: for chains of steps of a microsecond, too short for a job each. Two threads at most.
  public func forEachHalf(ofSteps steps: Int, _ body: (_ step: Int, _ half: Int) -> Void) {
    if threads > 1, martinet_in_parallel_job() == 0, crew.isTaken() {
      martinet_set_in_parallel_job(1)
      halves.restart()
      crew.run(parts: 2) { part, _ in halves.walk(steps, own: part, body) }
      martinet_set_in_parallel_job(0)
      return
    }
    for step in 0..<steps {
      body(step, 0)
      body(step, 1)
    }
  }

  /// The sum of what the body counts in every chunk of `0..<count`, on several threads.
  public func total(
    of count: Int, minimumChunk: Int = 1, _ body: (Range<Int>) -> Int
  ) -> Int {
    let partition = partition(of: count, minimumChunk: minimumChunk)
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, partition.parts)) { found in
      forEachPart(of: partition) { part, range in
        found.initializeElement(at: part, to: body(range))
      }
      return found.prefix(partition.parts).reduce(0, &+)
    }
  }
}
