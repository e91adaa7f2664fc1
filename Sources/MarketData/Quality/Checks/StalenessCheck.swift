import Market
import Runtime

/// Whether the last bar is as fresh as it must be to trade on.
enum StalenessCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    guard subject.thresholds.checksStaleness, let now = subject.context.now,
      let calendar = subject.context.calendar, batch.count > 0,
      let allowed = subject.thresholds.staleAfter.nanoseconds
    else { return [] }
    let lastEnd = Timestamp(nanoseconds: batch.end[batch.count - 1])
    guard let due = due(now: now, calendar, batch.interval, allowed: allowed), lastEnd < due.time
    else { return [] }
    let age = now.nanoseconds - lastEnd.nanoseconds
    return [
      subject.finding(
        .stale, at: batch.start[batch.count - 1],
        "the last bar ended \(subject.context.time(lastEnd.nanoseconds, of: .minute)), "
          + "\(words(age)) ago; \(due.reason)")
    ]
  }

  /// The time at which the last bar must have ended, and why.
  private static func due(
    now: Timestamp, _ calendar: TradingCalendar, _ interval: BarInterval, allowed: Int64
  ) -> (time: Timestamp, reason: String)? {
    do {
      let today = calendar.zone.date(at: now)
      let margin = Timestamp(nanoseconds: now.nanoseconds - allowed)
      if let session = try calendar.session(on: today), session.open < now {
        if session.close <= margin { return (session.close, "the session is over") }
        if let length = interval.nanosecondsWithinDay {
          // A bar is due when it has ended; longer bars than the limit have no younger one.
          let limit = max(allowed, length + allowed / 2)
          let due = Timestamp(nanoseconds: now.nanoseconds - limit)
          if due > session.open {
            return (due, "in session \(words(limit)) are allowed")
          }
        }
      }
      let last = try calendar.previousSession(before: today)
      return (last.close, "the session of \(last.date) is over")
    } catch {
      // A day whose sessions are not known: nothing can be due.
      return nil
    }
  }

  private static func words(_ nanoseconds: Int64) -> String {
    let minutes = nanoseconds / (60 * Timestamp.nanosecondsPerSecond)
    if minutes < 120 { return "\(minutes) minutes" }
    return minutes < 72 * 60 ? "\(minutes / 60) hours" : "\(minutes / 1440) days"
  }
}
