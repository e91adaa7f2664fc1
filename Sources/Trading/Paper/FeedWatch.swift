import Market
import Runtime

/// Notices that a feed has gone silent for all of its instruments, which no bar can tell.
///
/// The market's time runs on from the last bar at the pace of the wall clock, whether that bar is of now or
/// of a recording. Nights, weekends and holidays are no silence.
struct FeedWatch {
  /// How long after it is due the next bar may come, ns.
  private let grace: Int64
  private let interval: BarInterval
  /// Nil for a market that never closes.
  private let calendar: TradingCalendar?
  /// When the last bar was seen, by the clock that never goes back.
  private var seenAt: Int64
  private(set) var isSilent: Bool

  /// - Parameter isSilent: whether it was when the account was last traded
  init(
    _ settings: BacktestSettings, _ interval: BarInterval, isSilent: Bool, at monotonic: Int64
  ) throws(BacktestError) {
    grace = settings.limits.data.oldest?.nanoseconds ?? .max
    calendar = settings.isContinuous ? nil : try settings.tradingCalendar()
    self.interval = interval
    self.isSilent = isSilent
    seenAt = monotonic
  }

  /// When it is at the market.
  func now(after last: Timestamp, at monotonic: Int64) -> Timestamp {
    Timestamp(nanoseconds: last.nanoseconds &+ max(0, monotonic &- seenAt))
  }

  /// A bar has come; what is to be done where there had been silence.
  mutating func saw(at monotonic: Int64) -> OperatorAct? {
    seenAt = monotonic
    guard isSilent else { return nil }
    isSilent = false
    return OperatorAct(.proceed, by: Self.name, reason: "bars come again")
  }

  /// No bar has come; what is to be done where one should have.
  mutating func waited(since last: Timestamp?, at monotonic: Int64) -> OperatorAct? {
    guard let last, !isSilent, grace < .max else { return nil }
    let now = now(after: last, at: monotonic)
    guard now.nanoseconds &- due(after: last).nanoseconds > grace else { return nil }
    isSilent = true
    return OperatorAct(
      .pause, by: Self.name,
      reason: "no bar of any instrument since \(last), and one was due at \(due(after: last))")
  }

  private static let name = "feed watch"

  /// When the bar after one that was known at `last` should be known.
  private func due(after last: Timestamp) -> Timestamp {
    let length = interval.length.nanoseconds ?? 0
    let next = Timestamp(nanoseconds: last.nanoseconds &+ length)
    guard let calendar else { return next }
    let day = calendar.zone.date(at: last)
    do throws(CalendarError) {
      guard interval.isIntraday else {
        // Weeks and more end with a session some time after their length.
        return max(next, try calendar.nextSession(after: day).close)
      }
      if let session = try calendar.session(on: day), last < session.close {
        return max(next, Timestamp(nanoseconds: session.open.nanoseconds &+ length))
      }
      return Timestamp(
        nanoseconds: try calendar.nextSession(after: day).open.nanoseconds &+ length)
    } catch {
      // Beyond the years of the calendar every day may be a session.
      return next
    }
  }
}
