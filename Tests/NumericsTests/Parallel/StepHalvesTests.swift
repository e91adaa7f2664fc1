import Foundation
import Numerics
import Synchronization
import Testing

@Suite("Halves of steps") struct StepHalvesTests {
  /// Counts, in plain memory, how often each half of each step was done, and how often a step began
  /// before both halves of the one before were done.
  private func walk(_ pool: Pool, steps: Int) -> (isEachOnce: Bool, tooEarly: Int) {
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 2 * steps + 1)
    counts.initialize(repeating: 0, count: 2 * steps + 1)
    defer { counts.deallocate() }
    let early = Atomic<Int>(0)
    pool.forEachHalf(ofSteps: steps) { step, half in
      if step > 0, counts[2 * step - 2] != 1 || counts[2 * step - 1] != 1 {
        early.wrappingAdd(1, ordering: .relaxed)
      }
      counts[2 * step + half] += 1
    }
    let isEachOnce = (0..<2 * steps).allSatisfy { counts[$0] == 1 }
    return (isEachOnce, early.load(ordering: .relaxed))
  }

  @Test("each half is done once, and a step only after the one before", arguments: [1, 2, 3])
  func order(threads: Int) {
    let pool = Pool(threads: threads)
    for round in 0..<300 {
      let (isEachOnce, tooEarly) = walk(pool, steps: [0, 1, 2, 61, 200][round % 5])
      #expect(isEachOnce && tooEarly == 0)
    }
  }

  @Test("inside a job, and from many threads at once, the steps are done all the same")
  func nested() {
    let pool = Pool(threads: 2)
    final class Faults: Sendable { let count = Atomic<Int>(0) }
    let faults = Faults()
    @Sendable func check() {
      let (isEachOnce, tooEarly) = walk(pool, steps: 20)
      if !isEachOnce || tooEarly > 0 { faults.count.wrappingAdd(1, ordering: .relaxed) }
    }
    pool.forEachChunk(of: 8) { for _ in $0 { check() } }
    let done = DispatchGroup()
    for _ in 0..<4 {
      done.enter()
      Thread {
        for _ in 0..<200 { check() }
        done.leave()
      }.start()
    }
    done.wait()
    #expect(faults.count.load(ordering: .relaxed) == 0)
  }
}
