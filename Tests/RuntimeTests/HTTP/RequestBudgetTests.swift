import Foundation
import Runtime
import TestKit
import Testing

@Suite("The request budget", .timeLimit(.minutes(2))) struct RequestBudgetTests {
  private let second = Timestamp.nanosecondsPerSecond
  private let start = Timestamp(seconds: 1_700_000_000)

  private func at(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: start.nanoseconds + Int64(seconds * 1e9))
  }

  private func budget(_ folder: ScratchFolder, perHour: Int = 2000, burst: Int = 20)
    -> RequestBudget
  {
    RequestBudget(path: folder.path("budget"), limit: perHour, burst: burst)
  }

  /// Sends as much as it may for two hours of simulated time.
  private func greedyTimes(_ budget: RequestBudget, seconds: Double) throws -> [Double] {
    var now = 0.0
    var taken: [Double] = []
    while now < seconds {
      switch try budget.take(at: at(now)) {
      case .granted: taken.append(now)
      case .wait(let pause):
        #expect(pause > .zero)
        now += pause / .seconds(1)
      }
    }
    return taken
  }

  @Test("whoever asks as fast as possible gets the burst at once, and never more than the hour's")
  func hourly() throws {
    let folder = try ScratchFolder("budget")
    let taken = try greedyTimes(budget(folder), seconds: 7200)
    #expect(taken.prefix { $0 == 0 }.count == 20)
    for (index, time) in taken.enumerated() {
      let inHour = taken[index...].prefix { $0 < time + 3600 }.count
      #expect(inHour <= 2000)
    }
    #expect(taken.count > 3900)
  }

  @Test("several threads and openers never take more than there is") func threads() throws {
    let folder = try ScratchFolder("budget")
    let budget = budget(folder, perHour: 100, burst: 40)
    let granted = Counter()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        if case .granted? = try? budget.take(at: start) { granted.increment() }
      }
    }
    #expect(granted.value == 40)
    #expect(try budget.left(at: start) == 0)
  }

  @Test("a damaged file counts as a spent budget and mends itself") func damage() throws {
    let folder = try ScratchFolder("budget")
    let budget = budget(folder)
    var generator = SeededGenerator(seed: 4)
    for text in ["x", "martinet budget 1 ", "martinet budget 1 99999999999999999999\n"] {
      try text.write(toFile: budget.path, atomically: true, encoding: .utf8)
      guard case .wait(let pause) = try budget.take(at: start) else {
        Issue.record("\(text) was taken for a budget")
        continue
      }
      #expect(pause <= .seconds(2))
      #expect(try budget.take(at: at(60)) == .granted(left: 19))
    }
    for _ in 0..<200 {
      let noise = (0..<Int(generator.next() % 60)).map { _ in
        UInt8(truncatingIfNeeded: generator.next())
      }
      try Data(noise).write(to: URL(fileURLWithPath: budget.path))
      _ = try budget.take(at: at(0))
      #expect(try budget.left(at: at(3600)) <= 20)
    }
  }

  @Test("a clock that goes back neither blocks for long nor gives away more") func clock() throws {
    let folder = try ScratchFolder("budget")
    let budget = budget(folder)
    for _ in 0..<20 { _ = try budget.take(at: at(86_400)) }
    // A day back: the file's instant cannot be, and counts as a bucket that is empty now.
    guard case .wait(let pause) = try budget.take(at: at(0)) else {
      Issue.record("granted")
      return
    }
    #expect(pause <= .seconds(2))
    let taken = try greedyTimes(budget, seconds: 3600)
    #expect(taken.count > 1900 && taken.count <= 2000)
  }

  @Test("processes that are killed while they take leave a budget that holds") func killed() throws
  {
    let folder = try ScratchFolder("budget")
    let budget = budget(folder, perHour: 3600, burst: 1000)
    _ = try budget.left(at: start)
    // The lock of a process that was killed goes away with it: flock(1) holds the same lock.
    let holder = try Command.run(
      "bash",
      [
        "-c", "flock '\(budget.path)' sleep 30 & sleep 0.2; kill -9 $!; pkill -9 -P $! sleep; true",
      ],
      limit: 10)
    #expect(holder.status == 0 || holder.status == 137)
    guard case .granted = try budget.take(at: start) else {
      Issue.record("not granted after its holder was killed")
      return
    }
  }

  @Test("a folder that is not there is an error") func missingFolder() throws {
    let budget = RequestBudget(path: "/proc/none/budget", limit: 10, burst: 1)
    #expect(throws: FileError.self) { try budget.take(at: start) }
  }
}

// Safe to share: every access holds the lock.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0
  func increment() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
