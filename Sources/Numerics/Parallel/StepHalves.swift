import CThreads
import Glibc
import Synchronization

/// How far two threads have come with the halves of many short steps.
///
/// A half's word is −1 at first, twice the step's number when a thread has begun it, and one more when
/// it is done. The words lie on cache lines of their own.
struct StepHalves: ~Copyable, Sendable {
  // Allocated here, freed in deinit, reached only through the atomics: safe to share.
  private nonisolated(unsafe) let words: UnsafeMutablePointer<Atomic<Int>>
  private static let apart = 16

  init() {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: 2 * Self.apart * MemoryLayout<Int>.stride, alignment: 128)
    words = memory.bindMemory(to: Atomic<Int>.self, capacity: 2 * Self.apart)
    for half in 0..<2 { (words + half * Self.apart).initialize(to: Atomic(-1)) }
  }

  deinit {
    for half in 0..<2 { (words + half * Self.apart).deinitialize(count: 1) }
    UnsafeMutableRawPointer(words).deallocate()
  }

  /// Before the first step; no thread may be walking.
  func restart() {
    for half in 0..<2 { words[half * Self.apart].store(-1, ordering: .releasing) }
  }

  /// Goes through all steps with the other thread, if there is one: its own half of each, and the
  /// other one where nobody has begun it by then. So a thread that comes late, or never, is not waited
  /// for.
  func walk(_ steps: Int, own: Int, _ body: (_ step: Int, _ half: Int) -> Void) {
    for step in 0..<steps {
      perform(step, own, body)
      perform(step, 1 - own, body)
      waitFor(step, own)
      waitFor(step, 1 - own)
    }
  }

  private func perform(_ step: Int, _ half: Int, _ body: (Int, Int) -> Void) {
    // Looked at first: an exchange, failed ones too, takes the line away from the thread that works.
    guard words[half * Self.apart].load(ordering: .relaxed) == 2 * step - 1 else { return }
    let (isMine, _) = words[half * Self.apart].compareExchange(
      expected: 2 * step - 1, desired: 2 * step, ordering: .acquiringAndReleasing)
    guard isMine else { return }
    body(step, half)
    words[half * Self.apart].store(2 * step + 1, ordering: .releasing)
  }

  private func waitFor(_ step: Int, _ half: Int) {
    var looks = 0
    while words[half * Self.apart].load(ordering: .acquiring) <= 2 * step {
      martinet_pause()
      looks += 1
      // Whoever has begun the half may be waiting for this core.
      if looks.isMultiple(of: 256) { sched_yield() }
    }
  }
}
