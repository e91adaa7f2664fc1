import CThreads
import Glibc
import Synchronization

/// Swift passes a closure as two words; the C side stores them for as long as the job lasts.
@_silgen_name("martinet_lend_closure")
private func lend(
  _ body: (Int, Int) -> Void, _ lent: UnsafeMutablePointer<martinet_closure>)

/// The workers of a pool and the one job they have in hand.
///
/// Why it is safe to share: `body` is written by the thread that holds `isHeld` before the ticket of
/// a new job is published, and read only by threads that took a part from that ticket; the job is
/// not over, and `body` not written again, before every part taken is finished. `callersCore` is
/// touched only by the thread that holds `isHeld`.
final class Crew: @unchecked Sendable {
  /// What the ticket has room for.
  static let mostParts = 0xFFFF

  private var body = martinet_closure()
  /// The job's number (32 bits), its parts (16) and the next part to take (16), so that a worker that
  /// comes late can never take a part of a job other than the one it saw.
  private let ticket = Atomic<UInt64>(0)
  private let isHeld = Atomic<Bool>(false)
  private let jobs = FutexWord()
  private let sleepers = Atomic<Int>(0)
  private let unfinished = FutexWord()
  private let callerSleeps = Atomic<Bool>(false)
  private let isDismissed = Atomic<Bool>(false)
  private var workers: [pthread_t] = []
  /// Those the thread that made the crew may use.
  private let cores = martinet_own_cores()
  /// That of the thread which ran the latest job; written by the thread that holds `isHeld`.
  private var callersCore: Int32 = -1

  /// Starts the workers. Where the system refuses a thread, the others do its share.
  init(workers count: Int) {
    // Signals are for the threads that ask for them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    for _ in 0..<count {
      var thread = pthread_t()
      let crew = Unmanaged.passRetained(self)
      let status = pthread_create(&thread, nil, workerMain, crew.toOpaque())
      guard status == 0 else {
        crew.release()
        return
      }
      workers.append(thread)
    }
  }

  /// Ends the workers and waits for them.
  func dismiss() {
    isDismissed.store(true, ordering: .sequentiallyConsistent)
    jobs.increment()
    jobs.wake(.max)
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Takes the crew for one job, if no other thread has it.
  func isTaken() -> Bool {
    isHeld.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  /// Runs the parts `0..<parts` of a job on the workers and the calling thread, then gives the crew
  /// back. Only for the thread that has taken it.
  func run(parts: Int, _ work: (Int, Int) -> Void) {
    keepOffCallersCore()
    lend(work, &body)
    unfinished.store(UInt32(parts))
    let number = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(number << 32 | UInt64(parts) << 16, ordering: .releasing)
    jobs.increment()
    let asleep = sleepers.load(ordering: .sequentiallyConsistent)
    if asleep > 0 { jobs.wake(min(asleep, parts - 1)) }
    takeParts()
    awaitEnd()
    isHeld.store(false, ordering: .releasing)
  }

  /// Sends the workers to other cores than the caller's.
  ///
  /// Linux likes to wake a thread where its waker runs, and where it knows of no cache that cores
  /// share, as in many virtual machines, it leaves both there for tens of milliseconds beside an idle
  /// core. Callers seldom change cores, so this seldom does anything.
  private func keepOffCallersCore() {
    let core = martinet_current_core()
    guard core != callersCore else { return }
    callersCore = core
    for worker in workers { martinet_keep_off(worker, cores, core) }
  }

  private func awaitEnd() {
    while true {
      let left = unfinished.value
      if left == 0 { return }
      if unfinished.hasLeft(left) { continue }
      callerSleeps.store(true, ordering: .sequentiallyConsistent)
      unfinished.sleep(while: left)
      callerSleeps.store(false, ordering: .sequentiallyConsistent)
    }
  }

  /// Takes parts of the job in hand until none is left.
  private func takeParts() {
    var seen = ticket.load(ordering: .acquiring)
    while seen & 0xFFFF < seen >> 16 & 0xFFFF {
      let (isMine, now) = ticket.compareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      guard isMine else {
        seen = now
        continue
      }
      martinet_call_closure(body, Int(seen & 0xFFFF), 0)
      if unfinished.decremented() == 0,
        callerSleeps.load(ordering: .sequentiallyConsistent)
      {
        unfinished.wake(1)
      }
      seen = ticket.load(ordering: .acquiring)
    }
  }

  /// The life of a worker.
  fileprivate func serve() {
    martinet_name_thread("martinet-pool")
    martinet_set_in_parallel_job(1)
    var seen: UInt32 = 0
    while true {
      while !jobs.hasLeft(seen) {
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        jobs.sleep(while: seen)
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      }
      seen = jobs.value
      if isDismissed.load(ordering: .sequentiallyConsistent) { return }
      takeParts()
    }
  }
}

private func workerMain(_ crew: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let crew else { return nil }
  Unmanaged<Crew>.fromOpaque(crew).takeRetainedValue().serve()
  return nil
}
