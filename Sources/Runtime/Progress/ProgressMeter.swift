import Glibc
import Synchronization

/// How progress is shown.
public enum ProgressStyle: Equatable, Sendable {
  /// One line that is drawn again and again.
  case terminal(width: Int, isUTF8: Bool)
  /// A line every ten seconds, for files and pipes.
  case plain
  /// Nothing, for `--json` and `--quiet`.
  case silent

  /// What suits the place progress is written to.
  public static func suited(to traits: TerminalTraits, isQuiet: Bool) -> ProgressStyle {
    if isQuiet { return .silent }
    // The last column stays free, because some terminals break the line when it is filled.
    return traits.isTerminal
      ? .terminal(width: traits.width - 1, isUTF8: traits.isUTF8) : .plain
  }
}

/// Shows how far long work has come, how fast it goes and when it will be done.
///
/// Any thread may report; a report that shows nothing costs a lock and a look at the clock.
public final class ProgressMeter: Sendable {
  private struct State {
    var label: String
    var total: Int?
    var done = 0
    var rate: Double?
    var rateDone = 0
    var rateAt: Int64
    var shownAt: Int64?
    var isFinished = false
  }

  private static let redrawEvery: Int64 = 100_000_000  // ns
  private static let plainLineEvery: Int64 = 10 * Timestamp.nanosecondsPerSecond
  private static let rateEvery: Int64 = 200_000_000  // ns
  /// Seconds after which an old rate has lost two thirds of its weight.
  private static let rateMemory = 5.0

  private let style: ProgressStyle
  private let time: any TimeSource
  private let outlet: Outlet
  private let startedAt: Int64
  private let state: Mutex<State>

  public init(
    _ label: String, total: Int? = nil, style: ProgressStyle, time: any TimeSource = SystemTime(),
    to outlet: Outlet
  ) {
    self.style = style
    self.time = time
    self.outlet = outlet
    startedAt = time.monotonicNanoseconds
    state = Mutex(State(label: Excerpt.bare(label), total: total, rateAt: startedAt))
  }

  /// Shown on the console's error stream, so that results stay clean.
  public convenience init(
    _ label: String, total: Int? = nil, on console: Console, isQuiet: Bool = false
  ) {
    self.init(
      label, total: total, style: .suited(to: console.errorTraits, isQuiet: isQuiet),
      to: console.error)
  }

  public func advance(by count: Int = 1) {
    report { $0.done += count }
  }

  /// Says how much is done, and under another name where the work has several parts.
  public func update(done: Int, label: String? = nil) {
    report { state in
      state.done = done
      if let label { state.label = Excerpt.bare(label) }
    }
  }

  /// Leaves the last state standing and ends the line; later reports are ignored.
  public func finish() {
    let now = time.monotonicNanoseconds
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      let elapsed = Double(now - startedAt) / 1e9
      // The average of the whole work is what one wants to know at its end.
      state.rate = elapsed > 0 ? Double(state.done) / elapsed : nil
      switch style {
      case .terminal: outlet.write(drawn(state) + "\n")
      // Short work leaves no trace in a file.
      case .plain where now - startedAt >= Self.plainLineEvery: outlet.write(drawn(state) + "\n")
      case .plain, .silent: break
      }
    }
  }

  private func report(_ change: (inout State) -> Void) {
    guard style != .silent else { return }
    let now = time.monotonicNanoseconds
    state.withLock { state in
      guard !state.isFinished else { return }
      change(&state)
      Self.measure(&state, at: now)
      switch style {
      case .terminal where state.shownAt.map { now - $0 >= Self.redrawEvery } ?? true:
        outlet.write(drawn(state))
      case .plain where now - (state.shownAt ?? startedAt) >= Self.plainLineEvery:
        outlet.write(drawn(state) + "\n")
      default: return
      }
      state.shownAt = now
    }
  }

  private func drawn(_ state: State) -> String {
    var line = ProgressLine(
      label: state.label, done: state.done, total: state.total, rate: state.rate, isUTF8: true)
    guard case .terminal(let width, let isUTF8) = style else { return line.plain }
    line.isUTF8 = isUTF8
    // Back to the line's start, and clear what a longer line left behind.
    return "\r" + line.terminal(width: width) + "\u{1B}[K"
  }

  private static func measure(_ state: inout State, at now: Int64) {
    let elapsed = now - state.rateAt
    guard elapsed >= rateEvery else { return }
    let seconds = Double(elapsed) / 1e9
    let latest = max(0, Double(state.done - state.rateDone) / seconds)
    let weight = 1 - exp(-seconds / rateMemory)
    state.rate = state.rate.map { $0 + (latest - $0) * weight } ?? latest
    state.rateDone = state.done
    state.rateAt = now
  }
}
