import Market
import Runtime

/// How many bars a series should have and has, session by session.
public struct Coverage: Sendable {
  public struct Session: Sendable {
    public let date: CivilDate
    public let expected: Int
    public let present: Int
  }

  public let sessions: [Session]

  public init(_ batch: BarBatch, in context: QualityContext) {
    let subject = Subject(batch, context)
    guard let expected = ExpectedBars(subject.bars), let calendar = context.calendar,
      let first = subject.bars.days.first?.date, let last = subject.bars.days.last?.date,
      let searched = Self.search(
        subject, expected, calendar, max(first, calendar.range.lowerBound),
        min(last, calendar.range.upperBound))
    else {
      // Without a calendar nothing is expected but what is there.
      sessions = subject.bars.days.map {
        Session(date: $0.date, expected: $0.rows.count, present: $0.rows.count)
      }
      return
    }
    sessions = searched.sessions.map {
      Session(date: $0.date, expected: $0.expected, present: $0.expected - $0.missing)
    }
  }

  private static func search(
    _ subject: Subject, _ expected: ExpectedBars, _ calendar: TradingCalendar, _ first: CivilDate,
    _ last: CivilDate
  ) -> HoleSearch? {
    guard first <= last else { return nil }
    var search = HoleSearch(subject: subject, expected: expected)
    do {
      for session in try calendar.sessions(in: first...last) { search.look(at: session) }
    } catch {
      return nil
    }
    return search
  }

  public var expected: Int { sessions.reduce(0) { $0 + $1.expected } }
  public var present: Int { sessions.reduce(0) { $0 + $1.present } }
}
