import Runtime
import Synchronization
import Testing

@Suite("TimeSource") struct TimeSourceTests {
  @Test("the simulated clock stands still, moves forward and never back") func monotone() throws {
    let time = SimulatedTime(Timestamp(seconds: 100))
    #expect(time.now == Timestamp(seconds: 100))
    try time.advance(by: .seconds(5))
    time.advance(to: Timestamp(seconds: 50))
    try time.advance(by: .seconds(-5))
    #expect(time.now == Timestamp(seconds: 105))
    #expect(time.monotonicNanoseconds == 5_000_000_000)
    #expect(throws: TimeError.self) { try time.advance(by: .seconds(Int64.max)) }
  }

  @Test("timers fire in the order of their instants, then in the order they were set")
  func timers() {
    let time = SimulatedTime()
    let fired = Mutex<[String]>([])
    func set(_ name: String, at second: Int64) {
      time.schedule(at: Timestamp(seconds: second)) { now in
        fired.withLock { $0.append("\(name)@\(now.nanoseconds / 1_000_000_000)") }
      }
    }
    set("late", at: 30)
    set("first", at: 10)
    set("second", at: 10)
    time.schedule(at: Timestamp(seconds: 20)) { now in
      // Set while firing: one due at once, one after the move.
      time.schedule(at: now) { at in
        fired.withLock { $0.append("chained@\(at.nanoseconds / 1_000_000_000)") }
      }
      time.schedule(at: Timestamp(seconds: 99)) { _ in fired.withLock { $0.append("never") } }
    }
    time.advance(to: Timestamp(seconds: 40))
    #expect(fired.withLock { $0 } == ["first@10", "second@10", "chained@20", "late@30"])
    #expect(time.pendingTimers == 1)
    #expect(time.now == Timestamp(seconds: 40))
  }

  @Test("a timer set in the past fires at the next move, at the time it is then") func past() {
    let time = SimulatedTime(Timestamp(seconds: 100))
    let fired = Mutex<Timestamp?>(nil)
    time.schedule(at: Timestamp(seconds: 50)) { now in fired.withLock { $0 = now } }
    time.advance(to: Timestamp(seconds: 101))
    #expect(fired.withLock { $0 } == Timestamp(seconds: 100))
  }

  @Test("the system's clocks run") func system() {
    let time = SystemTime()
    let before = time.monotonicNanoseconds
    #expect(time.monotonicNanoseconds >= before)
    #expect(time.now > Timestamp(seconds: 1_700_000_000))
  }
}
