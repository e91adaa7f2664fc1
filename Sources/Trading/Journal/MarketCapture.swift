import Glibc
import Runtime
import Synchronization

/// Market data in the order it came, in a journal of its own that a thread of its own writes: the loop
/// that trades never waits for its disk, unless the disk falls far behind.
///
/// After a crash its last moments may be missing; what was decided in them is in the journal of orders.
///
/// Why it is safe to share: both sides meet under the lock only, and the journal is touched by the writing
/// thread alone until that has ended.
public final class MarketCapture: @unchecked Sendable {
  private struct State {
    /// Events one after another, and where each ends.
    var events: [MarketEvent] = []
    var failure: JournalError?
    var isClosing = false
    var written: UInt64 = 0
  }

  private let state: Mutex<State>
  private let journal: Journal
  private let eventsMost: Int
  private let pause: UInt32
  private var thread = pthread_t()

  /// - Parameters:
  ///   - disk: of the market's journal alone.
  ///   - eventsMost: that wait to be written; who captures more has to wait, too.
  ///   - pause: milliseconds between two writes, each followed by a sync.
  public init(
    _ disk: any JournalDisk, identity: UInt64, eventsMost: Int = 1 << 20, pause: Int = 50
  ) throws(JournalError) {
    journal = try Journal(disk, identity: identity)
    self.eventsMost = eventsMost
    self.pause = UInt32(clamping: pause * 1000)
    state = Mutex(State())
    state.withLock { $0.written = journal.next }
    // Unretained: `stop` waits for the thread before the capture can go away.
    let target = Unmanaged.passUnretained(self).toOpaque()
    guard pthread_create(&thread, nil, captureMain, target) == 0 else {
      state.withLock { $0.isClosing = true }
      throw .stopped("the system gives no thread")
    }
  }

  deinit { stop() }

  /// Takes an event; says so where an earlier one could not be written.
  public func add(_ event: MarketEvent) throws(JournalError) {
    while true {
      let (failure, isTaken) = state.withLock { state -> (JournalError?, Bool) in
        if let failure = state.failure { return (failure, false) }
        guard state.events.count < eventsMost else { return (nil, false) }
        state.events.append(event)
        return (nil, true)
      }
      if let failure { throw failure }
      if isTaken { return }
      usleep(1000)
    }
  }

  /// How many events are on the disk.
  public var written: UInt64 { state.withLock(\.written) }

  /// Writes what is left, and ends the thread.
  public func close() throws(JournalError) {
    stop()
    if let failure = state.withLock(\.failure) { throw failure }
    try journal.close()
  }

  private func stop() {
    let wasClosing = state.withLock { state in
      defer { state.isClosing = true }
      return state.isClosing
    }
    if !wasClosing { pthread_join(thread, nil) }
  }

  // From here on: the thread.

  fileprivate func serve() {
    while true {
      let (events, isClosing) = state.withLock { state -> ([MarketEvent], Bool) in
        let events = state.events
        state.events = []
        return (events, state.isClosing)
      }
      do throws(JournalError) {
        for event in events { try journal.append(event) }
        try journal.commit()
        state.withLock { $0.written = journal.durable }
      } catch {
        let failure = error
        state.withLock { $0.failure = failure }
        return
      }
      if isClosing && events.isEmpty { return }
      if !isClosing { usleep(pause) }
    }
  }
}

private func captureMain(_ target: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let target {
    Unmanaged<MarketCapture>.fromOpaque(target).takeUnretainedValue().serve()
  }
  return nil
}
