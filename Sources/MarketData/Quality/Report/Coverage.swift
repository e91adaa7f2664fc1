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
      let first = subject.bars.days.first?.date, let last = subject.bars.days.last?.date
    else {
      // Without a calendar nothing is expected but what is there.
      sessions = subject.bars.days.map {
        Session(date: $0.date, expected: $0.rows.count, present: $0.rows.count)
      }
      return
    }
    var search = HoleSearch(subject: subject, expected: expected)
    for session in calendar.knownSessions(from: first, to: last) { search.look(at: session) }
    sessions = search.sessions.map {
      Session(date: $0.date, expected: $0.expected, present: $0.expected - $0.missing)
    }
  }

  public var expected: Int { sessions.reduce(0) { $0 + $1.expected } }
  public var present: Int { sessions.reduce(0) { $0 + $1.present } }
}
