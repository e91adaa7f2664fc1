import Runtime

/// Holidays and early closes of the stock exchanges of the United States, 1990–2035, by rule.
///
/// Rules: NYSE Rule 7.2 and its predecessors; dates before 2021 were compared with the closings that
/// the exchange publishes (NYSE, "Special closings") as listed by the pandas_market_calendars
/// project, and with the days on which SPY and the VIX really have prices.
enum USMarketDays {
  /// The weekdays on which a year has no session by rule, with the reason.
  static func holidays(_ year: Int) -> [(date: CivilDate, reason: String)] {
    var days: [(CivilDate, String)] = []
    let newYear = CivilDate.known(year, 1, 1)
    // On a Saturday it is not kept: the Friday before ends a month and a year.
    if newYear.weekday != .saturday { days.append((newYear.nearestWeekday, "New Year's Day")) }
    if year >= 1998 {
      days.append((.nth(3, .monday, month: 1, year: year), "Martin Luther King Day"))
    }
    days.append((.nth(3, .monday, month: 2, year: year), "Washington's Birthday"))
    days.append((.easter(year).advanced(by: -2), "Good Friday"))
    days.append((.last(.monday, month: 5, year: year), "Memorial Day"))
    if year >= 2022 { days.append((CivilDate.known(year, 6, 19).nearestWeekday, "Juneteenth")) }
    days.append((CivilDate.known(year, 7, 4).nearestWeekday, "Independence Day"))
    days.append((.nth(1, .monday, month: 9, year: year), "Labor Day"))
    days.append((thanksgiving(year), "Thanksgiving"))
    days.append((CivilDate.known(year, 12, 25).nearestWeekday, "Christmas"))
    return days
  }

  private static func thanksgiving(_ year: Int) -> CivilDate {
    .nth(4, .thursday, month: 11, year: year)
  }

  /// The days that close early by rule. Those that are holidays themselves stay closed.
  static func earlyCloses(_ year: Int) -> [(date: CivilDate, reason: String)] {
    var days: [(CivilDate, String)] = []
    if year >= 1992 {
      days.append((thanksgiving(year).advanced(by: 1), "day after Thanksgiving"))
    }
    let christmasEve = CivilDate.known(year, 12, 24)
    // On a Friday it is either the holiday itself or, never yet, an ordinary day.
    if christmasEve.weekday <= .thursday { days.append((christmasEve, "Christmas Eve")) }
    switch CivilDate.known(year, 7, 3).weekday {
    case .monday, .tuesday, .thursday:
      if year >= 1995 { days.append((.known(year, 7, 3), "day before Independence Day")) }
    case .wednesday:
      // Until 2012 the Friday behind the holiday was the short one.
      if year >= 2013 {
        days.append((.known(year, 7, 3), "day before Independence Day"))
      } else if year >= 1996 {
        days.append((.known(year, 7, 5), "day after Independence Day"))
      }
    default: break
    }
    return days
  }

  /// Two in the afternoon until 1992, one since.
  static func earlyCloseMinute(_ year: Int) -> Int { year < 1993 ? 14 * 60 : 13 * 60 }

  enum Exchange: String { case nyse = "NYSE", nasdaq = "NASDAQ", cboe = "CBOE" }

  /// A day that no rule foresaw.
  struct Exception {
    let date: CivilDate
    /// Minutes of the day, where not the usual ones; both `nil` for a day without a session.
    let openMinute: Int?
    let closeMinute: Int?
    let reason: String
    /// The one exchange it is true of, or `nil` for all: a moment of silence or trouble on a floor.
    let only: Exchange?

    static func closed(_ year: Int, _ month: Int, _ day: Int, _ reason: String) -> Exception {
      Exception(
        date: .known(year, month, day), openMinute: nil, closeMinute: nil, reason: reason,
        only: nil)
    }

    static func hours(
      _ year: Int, _ month: Int, _ day: Int, from open: (Int, Int)? = nil,
      to close: (Int, Int)? = nil, _ reason: String, only: Exchange? = nil
    ) -> Exception {
      Exception(
        date: .known(year, month, day), openMinute: open.map { $0.0 * 60 + $0.1 } ?? 9 * 60 + 30,
        closeMinute: close.map { $0.0 * 60 + $0.1 } ?? 16 * 60, reason: reason,
        only: only)
    }
  }

  static let exceptions: [Exception] = [
    .hours(1990, 12, 27, from: (9, 31), "transformer explosion", only: .nyse),
    .hours(1991, 1, 17, from: (9, 31), "moment of silence, Gulf war", only: .nyse),
    .hours(1991, 2, 25, from: (9, 31), "moment of silence, Gulf war", only: .nyse),
    .hours(1994, 2, 11, to: (14, 30), "snowstorm"),
    .closed(1994, 4, 27, "funeral of Richard Nixon"),
    .hours(1995, 12, 18, from: (10, 30), "computer trouble", only: .nyse),
    .hours(1996, 1, 8, from: (11, 0), to: (14, 0), "blizzard"),
    .hours(1997, 10, 27, to: (15, 30), "circuit breaker"),
    .hours(1997, 12, 26, to: (13, 0), "day after Christmas"),
    .hours(1999, 12, 31, to: (13, 0), "change of the millennium"),
    .closed(2001, 9, 11, "attacks of September 11"),
    .closed(2001, 9, 12, "attacks of September 11"),
    .closed(2001, 9, 13, "attacks of September 11"),
    .closed(2001, 9, 14, "attacks of September 11"),
    .hours(2001, 9, 17, from: (9, 33), "moment of silence, September 11", only: .nyse),
    .hours(2001, 10, 8, from: (9, 31), "moment of silence, troops", only: .nyse),
    .hours(2002, 9, 11, from: (12, 0), "anniversary of September 11", only: .nyse),
    .hours(2002, 9, 11, from: (11, 0), "anniversary of September 11", only: .nasdaq),
    .hours(2003, 3, 20, from: (9, 32), "moment of silence, Iraq", only: .nyse),
    .hours(2003, 12, 26, to: (13, 0), "day after Christmas"),
    .hours(2004, 6, 7, from: (9, 32), "moment of silence, Ronald Reagan", only: .nyse),
    .closed(2004, 6, 11, "funeral of Ronald Reagan"),
    .hours(2005, 6, 1, to: (15, 56), "trouble with communications", only: .nyse),
    .hours(2006, 12, 27, from: (9, 32), "moment of silence, Gerald Ford", only: .nyse),
    .closed(2007, 1, 2, "mourning for Gerald Ford"),
    .closed(2012, 10, 29, "hurricane Sandy"),
    .closed(2012, 10, 30, "hurricane Sandy"),
    .closed(2018, 12, 5, "mourning for George H. W. Bush"),
    .closed(2025, 1, 9, "mourning for Jimmy Carter"),
  ]
}
