import Runtime

extension TradingCalendar {
  /// The New York Stock Exchange, 1990–2035.
  public static let nyse = unitedStates(.nyse)
  /// NASDAQ, 1990–2035: the same holidays and early closes as the NYSE, without the minutes of
  /// silence and the troubles of its floor.
  public static let nasdaq = unitedStates(.nasdaq)

  private static func unitedStates(_ exchange: USMarketDays.Exchange) -> TradingCalendar {
    let years = 1990...2035
    // Trading before the open and after the close as it is today; it was shorter in earlier years.
    // After an early close it goes on for four hours, as after a usual one.
    func hours(open: Int, close: Int) -> Hours {
      exchange == .cboe
        ? Hours(
          open: open, close: close + 15, extendedOpen: 3 * 60 + 15, extendedClose: close + 15)
        : Hours(open: open, close: close, extendedOpen: 4 * 60, extendedClose: close + 4 * 60)
    }
    let usual = hours(open: 9 * 60 + 30, close: 16 * 60)
    var closures: [CivilDate: String] = [:]
    var specials: [CivilDate: Special] = [:]
    for year in years {
      for day in USMarketDays.holidays(year) { closures[day.date] = day.reason }
      for day in USMarketDays.earlyCloses(year) where closures[day.date] == nil {
        let close = USMarketDays.earlyCloseMinute(year)
        specials[day.date] = Special(
          hours: hours(open: usual.open, close: close), reason: day.reason)
      }
    }
    for day in USMarketDays.exceptions where day.only == nil || day.only == exchange {
      if let open = day.openMinute, let close = day.closeMinute {
        specials[day.date] = Special(
          hours: hours(open: open, close: close), reason: day.reason)
      } else {
        closures[day.date] = day.reason
        specials[day.date] = nil
      }
    }
    return TradingCalendar(
      name: exchange.rawValue, zone: .newYork, years: years, usual: usual, closures: closures,
      specials: specials)
  }

  /// The indices of the Chicago Board Options Exchange, the VIX among them, 1990–2035: they are
  /// computed from 9:30 until a quarter past four, a quarter of an hour after shares stop trading,
  /// and since 2016 from 3:15 to 9:25 too.
  public static let cboe = unitedStates(.cboe)

  /// The National Stock Exchange of India, 2011–2026.
  public static let nse: TradingCalendar = {
    let usual = Hours(
      open: NSEMarketDays.openMinute, close: NSEMarketDays.closeMinute,
      extendedOpen: NSEMarketDays.extendedOpenMinute,
      extendedClose: NSEMarketDays.extendedCloseMinute)
    let holidays = NSEMarketDays.holidays + NSESessions.holidays
    let specials = NSESessions.specials.map { day in
      let hours =
        day.open == usual.open && day.close == usual.close
        ? usual
        : Hours(
          open: day.open, close: day.close, extendedOpen: day.open, extendedClose: day.close)
      return (day.date, Special(hours: hours, reason: day.reason))
    }
    return TradingCalendar(
      name: "NSE", zone: .kolkata,
      years: NSEMarketDays.years.lowerBound...NSESessions.years.upperBound, usual: usual,
      closures: Dictionary(uniqueKeysWithValues: holidays.map { ($0, "holiday") }),
      specials: Dictionary(uniqueKeysWithValues: specials))
  }()
}
