import CThreads
import Glibc
import Synchronization

/// A counter that threads can sleep on.
///
/// It lies on cache lines of its own: workers read it in a loop while they wait.
struct FutexWord: ~Copyable, Sendable {
  // Allocated here, freed in deinit, reached only through the atomic: safe to share.
  private nonisolated(unsafe) let word: UnsafeMutablePointer<Atomic<UInt32>>
  private static let byteCount = 128

  init() {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Self.byteCount, alignment: Self.byteCount)
    word = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    word.initialize(to: Atomic(0))
  }

  deinit {
    word.deinitialize(count: 1)
    UnsafeMutableRawPointer(word).deallocate()
  }

  var value: UInt32 { word.pointee.load(ordering: .sequentiallyConsistent) }

  func store(_ value: UInt32) {
    word.pointee.store(value, ordering: .sequentiallyConsistent)
  }

  func increment() {
    word.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
  }

  /// What is left after taking one away.
  func decremented() -> UInt32 {
    word.pointee.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
  }

  /// Watches the word for a short while; whether it left the value.
  ///
  /// The whole watch is about 50 microseconds: longer than the gap between two kernels of one
  /// computation, and short enough to leave the core to others in a real pause. Every few of them it
  /// offers the core to whoever waits for it, who may well be the thread that is watched for.
  func hasLeft(_ value: UInt32) -> Bool {
    for _ in 0..<24 {
      for _ in 0..<64 {
        if word.pointee.load(ordering: .acquiring) != value { return true }
        martinet_pause()
      }
      sched_yield()
    }
    return false
  }

  /// Sleeps unless the word has already left the value; may return early.
  func sleep(while value: UInt32) { martinet_futex_wait(word, value) }

  func wake(_ count: Int) { martinet_futex_wake(word, Int32(clamping: count)) }
}
