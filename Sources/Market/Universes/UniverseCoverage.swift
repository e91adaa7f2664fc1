import Runtime

/// How much of a universe there are bars of: what a back-test over them would leave out.
public struct UniverseCoverage: Sendable {
  /// How the bars of a member lie to its membership.
  public enum State: String, Sendable, CaseIterable {
    case complete
    /// No bar on any day of its membership.
    case missing
    /// It has bars only from some time after it became a member.
    case startsLate = "starts late"
    /// Its bars end while it still is a member: delisted, taken over, or lost.
    case stopsEarly = "stops early"
    /// Days in between are missing.
    case gaps
  }

  public struct Member: Equatable, Sendable {
    public let symbol: Symbol
    public let state: State
    /// Sessions on which it was a member, and those of them with a bar.
    public let sessions: Int
    public let withBar: Int
    /// The first and last day of its membership with a bar.
    public let span: ClosedRange<CivilDate>?
  }

  public struct Year: Equatable, Sendable {
    public let year: Int
    public let sessions: Int
    /// Sums over its sessions.
    public let memberSessions: Int
    public let withBar: Int
  }

  public let universe: String
  public let days: ClosedRange<CivilDate>
  /// In order of symbol.
  public let members: [Member]
  public let years: [Year]
  /// Symbols that have bars and were never a member in these days.
  public let strangers: [Symbol]

  /// - Parameter bars: of each symbol the days on which it has a bar.
  public init(
    of universe: Universe, bars: [Symbol: Set<CivilDate>], calendar: TradingCalendar,
    days: ClosedRange<CivilDate>
  ) throws(CalendarError) {
    let sessions = Array(try calendar.sessionDays(in: days))
    self.universe = universe.name
    self.days = days
    var yearly: [Int: (sessions: Int, members: Int, withBar: Int)] = [:]
    for session in sessions { yearly[session.year, default: (0, 0, 0)].sessions += 1 }
    let candidates = universe.members(in: days)
    var members: [Member] = []
    for symbol in candidates {
      let held = sessions.filter { universe.isMember(symbol, on: $0) }
      guard !held.isEmpty else { continue }
      let have = bars[symbol] ?? []
      for session in held {
        yearly[session.year, default: (0, 0, 0)].members += 1
        if have.contains(session) { yearly[session.year, default: (0, 0, 0)].withBar += 1 }
      }
      members.append(Self.member(symbol, held: held, bars: have))
    }
    self.members = members
    years = yearly.sorted { $0.key < $1.key }.map { year, sums in
      Year(
        year: year, sessions: sums.sessions, memberSessions: sums.members, withBar: sums.withBar)
    }
    strangers = bars.keys.filter { !Set(candidates).contains($0) }.sorted()
  }

  private static func member(
    _ symbol: Symbol, held: [CivilDate], bars: Set<CivilDate>
  ) -> Member {
    let covered = held.filter(bars.contains)
    let state: State
    if covered.isEmpty {
      state = .missing
    } else if covered.count == held.count {
      state = .complete
    } else if covered.last != held.last {
      state = .stopsEarly
    } else if covered.first != held.first {
      state = .startsLate
    } else {
      state = .gaps
    }
    let span = covered.first.flatMap { first in covered.last.map { first...$0 } }
    return Member(
      symbol: symbol, state: state, sessions: held.count, withBar: covered.count, span: span)
  }

  public func members(_ state: State) -> [Member] { members.filter { $0.state == state } }

  /// The part of all days of membership that has a bar; `nil` without any day.
  public var share: Double? {
    let all = members.reduce(0) { $0 + $1.sessions }
    return all > 0 ? Double(members.reduce(0) { $0 + $1.withBar }) / Double(all) : nil
  }

  /// The one sentence to take away.
  public var verdict: String {
    guard let share else { return "\(universe) had no member in these days." }
    let missing = members(.missing).count
    let covered = "bars cover \(NumberText.percent(share)) of all days of membership"
    return missing == 0
      ? "Every member of \(universe) has bars; \(covered)."
      : "\(missing) of \(members.count) members of \(universe) have no bars at all, and \(covered): "
        + "who tests over these bars alone tests over survivors."
  }

  /// A year a line: members, and those with a bar, on an average session.
  public var table: Table {
    var table = Table([
      .words("year"), .numbers("sessions", importance: 1), .numbers("members", importance: 3),
      .numbers("with bars", importance: 3), .numbers("without", unit: "%", importance: 2),
    ])
    for year in years {
      let (sessions, all) = (Double(max(1, year.sessions)), Double(year.memberSessions))
      table.add([
        .init("\(year.year)"), .init(NumberText.count(year.sessions)),
        .init(NumberText.fixed(all / sessions, decimals: 1)),
        .init(NumberText.fixed(Double(year.withBar) / sessions, decimals: 1)),
        .init(
          NumberText.percent(
            all > 0 ? 1 - Double(year.withBar) / all : .nan, withSign: false)),
      ])
    }
    return table
  }
}
