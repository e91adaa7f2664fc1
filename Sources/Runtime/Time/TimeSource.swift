import Glibc
import Synchronization

/// Where the time comes from: the system's clock, or a simulated one in tests and back-tests.
///
/// Whatever asks for the time takes one of these; nothing else reads a clock.
public protocol TimeSource: Sendable {
  /// The instant now, in UTC. It may be set back when the system's clock is.
  var now: Timestamp { get }
  /// Nanoseconds since some fixed moment: never goes back, for measuring how long something takes.
  var monotonicNanoseconds: Int64 { get }
}

/// The clock of the machine.
public struct SystemTime: TimeSource {
  public init() {}

  public var now: Timestamp { Timestamp(nanoseconds: Self.read(CLOCK_REALTIME)) }
  public var monotonicNanoseconds: Int64 { Self.read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * Timestamp.nanosecondsPerSecond + Int64(time.tv_nsec)
  }
}

/// A clock that stands still until it is moved, and never goes back.
///
/// Timers fire while it moves: in the order of their instants, and those of one instant in the order
/// they were set. While a timer runs, the clock shows that timer's instant.
public final class SimulatedTime: TimeSource {
  private struct Timer {
    var at: Timestamp
    var number: Int
    var action: @Sendable (Timestamp) -> Void
  }

  private struct State {
    var now: Timestamp
    var nextNumber = 0
    /// Latest first, so that the next to fire is the last.
    var timers: [Timer] = []
  }

  private let start: Timestamp
  private let state: Mutex<State>

  public init(_ start: Timestamp = Timestamp(nanoseconds: 0)) {
    self.start = start
    state = Mutex(State(now: start))
  }

  public var now: Timestamp { state.withLock { $0.now } }
  public var monotonicNanoseconds: Int64 { now.nanoseconds &- start.nanoseconds }

  /// How many timers have not fired.
  public var pendingTimers: Int { state.withLock { $0.timers.count } }

  /// Calls `action` when the clock reaches `instant`; one in the past fires at the next move.
  public func schedule(at instant: Timestamp, _ action: @escaping @Sendable (Timestamp) -> Void) {
    state.withLock { state in
      let timer = Timer(at: instant, number: state.nextNumber, action: action)
      state.nextNumber += 1
      let place = state.timers.firstIndex { $0.at <= instant } ?? state.timers.count
      state.timers.insert(timer, at: place)
    }
  }

  /// Moves to `instant`, firing the timers due until then; an instant in the past moves nothing.
  public func advance(to instant: Timestamp) {
    while let timer = nextDue(by: instant) { timer.action(now) }
    state.withLock { $0.now = max($0.now, instant) }
  }

  public func advance(by duration: Duration) throws(TimeError) {
    advance(to: try now.adding(duration))
  }

  /// Takes the timer out before it runs, because it may set others.
  private func nextDue(by instant: Timestamp) -> Timer? {
    state.withLock { state in
      guard let next = state.timers.last, next.at <= instant else { return nil }
      state.timers.removeLast()
      state.now = max(state.now, next.at)
      return next
    }
  }
}
