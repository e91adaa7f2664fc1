import Runtime

/// What the National Stock Exchange of India announced by circular and LEAN's list does not have:
/// holidays since 2022, Diwali's hour and sessions on Saturdays and Sundays.
///
/// Sources: NSE's yearly circulars of trading holidays (2026: NSE/CMTR/71775) with their later changes
/// (2024-01-22, 2024-05-20, 2024-11-20, 2026-01-15), compared with the list that the
/// exchange_calendars project keeps of them and, until April 2024, with the days on which twelve
/// shares have prices; for hours, the circulars as newspapers and brokers printed them at the time.
///
/// The hours of 2012 are those an agency and a newspaper gave after the exchanges had moved them; a
/// blog of the next day still has those of 2011. The hours of 2013 rest on one weak source: no paper of
/// that week was found. No price of those two sessions was there to hold against them.
enum NSESessions {
  static let years = 2022...2026

  static let holidays: [CivilDate] = days([
    20220126, 20220301, 20220318, 20220414, 20220415, 20220503, 20220809, 20220815, 20220831,
    20221005, 20221026, 20221108,
    20230126, 20230307, 20230330, 20230404, 20230407, 20230414, 20230501, 20230629, 20230815,
    20230919, 20231002, 20231024, 20231114, 20231127, 20231225,
    20240122, 20240126, 20240308, 20240325, 20240329, 20240411, 20240417, 20240501, 20240520,
    20240617, 20240717, 20240815, 20241002, 20241115, 20241120, 20241225,
    20250226, 20250314, 20250331, 20250410, 20250414, 20250418, 20250501, 20250815, 20250827,
    20251002, 20251022, 20251105, 20251225,
    20260115, 20260126, 20260303, 20260326, 20260331, 20260403, 20260414, 20260501, 20260528,
    20260626, 20260914, 20261002, 20261020, 20261110, 20261124, 20261225,
  ])

  /// A session at other times than the usual ones.
  struct Special {
    let date: CivilDate
    /// In minutes since midnight.
    let open: Int
    let close: Int
    let reason: String
  }

  /// Trading outside continuous hours is left out: its times differ from session to session.
  ///
  /// Diwali's hour of Sunday 2026-11-08 is not here: the circular has the day and leaves the hours to a
  /// later one, which was not found.
  static let specials: [Special] =
    [
      muhurat(20111026, (16, 45), (18, 0)), muhurat(20121113, (15, 45), (17, 0)),
      muhurat(20131103, (18, 15), (19, 30)), muhurat(20141023, (18, 30), (19, 30)),
      muhurat(20151111, (17, 45), (18, 45)), muhurat(20161030, (18, 30), (19, 30)),
      muhurat(20171019, (18, 30), (19, 30)), muhurat(20181107, (17, 30), (18, 30)),
      muhurat(20191027, (18, 15), (19, 15)), muhurat(20201114, (18, 15), (19, 15)),
      muhurat(20211104, (18, 15), (19, 15)), muhurat(20221024, (18, 15), (19, 15)),
      muhurat(20231112, (18, 15), (19, 15)), muhurat(20241101, (18, 0), (19, 0)),
      muhurat(20251021, (13, 45), (14, 45)),
    ] + [
      special(20120428, (11, 15), (12, 45), "new trading system"),
      special(20140322, (11, 15), (12, 45), "trial of the second site"),
      budget(20150228), budget(20200201),
      special(20240120, (9, 15), (15, 30), "in place of Monday, 2024-01-22"),
      // Nothing was traded from 10:00 to 11:30.
      special(20240302, (9, 15), (12, 30), "trial of the second site"),
      special(20240518, (9, 15), (12, 30), "trial of the second site"),
      budget(20250201), budget(20260201),
    ]

  private static func muhurat(_ date: Int, _ open: (Int, Int), _ close: (Int, Int)) -> Special {
    special(date, open, close, "Diwali's hour")
  }

  private static func budget(_ date: Int) -> Special {
    special(date, (9, 15), (15, 30), "the Union's budget")
  }

  private static func special(
    _ date: Int, _ open: (Int, Int), _ close: (Int, Int), _ reason: String
  ) -> Special {
    Special(
      date: day(date), open: open.0 * 60 + open.1, close: close.0 * 60 + close.1, reason: reason)
  }

  private static func days(_ numbers: [Int]) -> [CivilDate] { numbers.map(day) }

  /// `20220126`.
  private static func day(_ number: Int) -> CivilDate {
    .known(number / 10_000, number / 100 % 100, number % 100)
  }
}
