import CAllocations
import CThreads
import Foundation
import Numerics
import Runtime
import Synchronization
import Testing

@Suite("Pool", .serialized) struct PoolTests {
  @Test("every item is visited exactly once", arguments: [1, 2, 3, 8])
  func visitsOnce(threads: Int) {
    let pool = Pool(threads: threads)
    for count in [0, 1, 2, 7, 1_000, 65_537] {
      let visits = UnsafeMutableBufferPointer<Int32>.allocate(capacity: count)
      visits.initialize(repeating: 0)
      defer { visits.deallocate() }
      pool.forEachChunk(of: count) { range in for i in range { visits[i] += 1 } }
      #expect(visits.allSatisfy { $0 == 1 })
    }
  }

  @Test("what parts count is added up", arguments: [1, 2, 3, 8])
  func totals(threads: Int) {
    let pool = Pool(threads: threads)
    for count in [0, 1, 7, 65_537] {
      #expect(pool.total(of: count) { $0.count } == count)
      #expect(
        pool.total(of: count, minimumChunk: 1000) { $0.reduce(0, +) } == count * (count - 1) / 2)
    }
  }

  @Test("the same bytes at the same number of threads, job after job", arguments: [1, 2, 5])
  func isDeterministic(threads: Int) {
    let pool = Pool(threads: threads)
    let values = (0..<100_003).map { Float($0 % 977) * 0.37 + 1e-3 }
    func total() -> Float {
      let partition = pool.partition(of: values.count, minimumChunk: 64, alignedTo: 16)
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: partition.parts) { sums in
        pool.forEachPart(of: partition) { part, range in
          sums[part] = values[range].reduce(0, +)
        }
        return sums.reduce(0, +)
      }
    }
    let first = total()
    for _ in 0..<200 { #expect(total().bitPattern == first.bitPattern) }
  }

  @Test("a job inside a job runs and ends", arguments: [1, 2, 4])
  func nests(threads: Int) {
    let pool = Pool(threads: threads)
    let total = Atomic<Int>(0)
    for _ in 0..<100 {
      pool.forEachChunk(of: 8) { outer in
        for _ in outer {
          pool.forEachChunk(of: 100) { total.wrappingAdd($0.count, ordering: .relaxed) }
          Pool.shared.forEachChunk(of: 10) { total.wrappingAdd($0.count, ordering: .relaxed) }
        }
      }
    }
    #expect(total.load(ordering: .relaxed) == 100 * 8 * 110)
  }

  @Test("callers on many threads at once all get their own work done")
  func servesManyCallers() {
    let pool = Pool(threads: 3)
    let total = Atomic<Int>(0)
    let callers = (0..<6).map { _ in
      Thread {
        for _ in 0..<2_000 {
          pool.forEachChunk(of: 50) { total.wrappingAdd($0.count, ordering: .relaxed) }
        }
        total.wrappingAdd(1_000_000_000, ordering: .relaxed)
      }
    }
    for caller in callers { caller.start() }
    while total.load(ordering: .relaxed) < 6_000_000_000 { usleep(200) }
    #expect(total.load(ordering: .relaxed) == 6_000_000_000 + 6 * 2_000 * 50)
  }

  @Test("tasks of Swift's own concurrency may call it")
  func servesTasks() async {
    let total = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<64 {
        group.addTask {
          let sum = Atomic<Int>(0)
          Pool.shared.forEachChunk(of: 1_000) { sum.wrappingAdd($0.count, ordering: .relaxed) }
          return sum.load(ordering: .relaxed)
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == 64_000)
  }

  @Test("workers that went to sleep are woken again")
  func wakesSleepers() {
    let pool = Pool(threads: 4)
    for _ in 0..<20 {
      let total = Atomic<Int>(0)
      pool.forEachChunk(of: 400) { total.wrappingAdd($0.count, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == 400)
      usleep(2_000)
    }
  }

  @Test("more than one thread really works")
  func isParallel() {
    let pool = Pool(threads: 2)
    let arrived = Atomic<Int>(0)
    // Each of the two parts waits for the other: on one thread this would never end.
    pool.forEachChunk(of: 2) { _ in
      arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 2 { usleep(10) }
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }

  @Test(
    "workers keep off the core of whoever calls, wherever that is",
    .enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "there is one core"))
  func keepsOffCallersCore() {
    let pool = Pool(threads: 2)
    let cores = martinet_own_cores()
    let places = Mutex<[Int32]>([])
    let isDone = Atomic<Bool>(false)
    let caller = Thread {
      for round in 0..<50 {
        // Leaves the core it is on, so that where there are two it visits both in turn.
        martinet_keep_off(pthread_self(), cores, martinet_current_core())
        let arrived = Atomic<Int>(0)
        pool.forEachChunk(of: 2) { _ in
          arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
          while arrived.load(ordering: .sequentiallyConsistent) < 2 { usleep(10) }
          places.withLock { $0.append(martinet_current_core()) }
        }
        if round % 5 == 0 { usleep(1_000) }
      }
      isDone.store(true, ordering: .releasing)
    }
    caller.start()
    while !isDone.load(ordering: .acquiring) { usleep(200) }
    let pairs = places.withLock { $0 }
    #expect(pairs.count == 100)
    for i in stride(from: 0, to: pairs.count, by: 2) { #expect(pairs[i] != pairs[i + 1]) }
    #expect(Set(pairs).count > 1)
  }

  @Test("a pool that is no longer used ends its threads")
  func dismissesThreads() throws {
    // Its own threads by their numbers: other tests have pools too.
    let numbers = Mutex<Set<String>>([])
    do {
      let pool = Pool(threads: 9)
      let arrived = Atomic<Int>(0)
      pool.forEachChunk(of: 9) { _ in
        let task = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        numbers.withLock { _ = $0.insert(task.map { "/proc/\($0)" } ?? "unknown") }
        arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < 9 { usleep(10) }
      }
    }
    let own =
      try "/proc/" + FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
    let others = numbers.withLock { $0.subtracting([own]) }
    #expect(others.count == 8)
    // The kernel wakes who waits for a thread a moment before it strikes it from the list.
    for _ in 0..<1_000 where others.contains(where: FileManager.default.fileExists) {
      usleep(1_000)
    }
    #expect(others.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
  }

  @Test(
    "a job allocates nothing",
    .enabled(if: martinet_counts_allocations() == 1, "a sanitizer owns malloc"),
    arguments: [1, 2, 4])
  func allocatesNothing(threads: Int) {
    let pool = Pool(threads: threads)
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4_096)
    values.initialize(repeating: 1)
    defer { values.deallocate() }
    let scale = Float.random(in: 1...1.0001)
    func job() {
      pool.forEachChunk(of: values.count, minimumChunk: 16) { range in
        for i in range { values[i] *= scale }
      }
    }
    job()
    let before = martinet_thread_allocations()
    for _ in 0..<1_000 { job() }
    #expect(martinet_thread_allocations() - before == 0)
  }

  @Test("the shared pool has the budget's number of threads")
  func obeysBudget() { #expect(Pool.shared.threads == Cores.budget.count) }
}
