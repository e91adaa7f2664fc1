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
    let usual = Hours(
      open: 9 * 60 + 30, close: 16 * 60, extendedOpen: 4 * 60, extendedClose: 20 * 60)
    func shortened(open: Int, close: Int) -> Hours {
      // After an early close trading goes on for four hours, as after a usual one.
      Hours(open: open, close: close, extendedOpen: 4 * 60, extendedClose: close + 4 * 60)
    }
    var closures: [CivilDate: String] = [:]
    var specials: [CivilDate: Special] = [:]
    for year in years {
      for day in USMarketDays.holidays(year) { closures[day.date] = day.reason }
      for day in USMarketDays.earlyCloses(year) where closures[day.date] == nil {
        let close = USMarketDays.earlyCloseMinute(year)
        specials[day.date] = Special(
          hours: shortened(open: usual.open, close: close), reason: day.reason)
      }
    }
    for day in USMarketDays.exceptions where day.only == nil || day.only == exchange {
      if let open = day.openMinute, let close = day.closeMinute {
        specials[day.date] = Special(
          hours: shortened(open: open, close: close), reason: day.reason)
      } else {
        closures[day.date] = day.reason
        specials[day.date] = nil
      }
    }
    return TradingCalendar(
      name: exchange.rawValue, zone: .newYork, years: years, usual: usual, closures: closures,
      specials: specials)
  }

  /// The National Stock Exchange of India, for the years whose holidays its source knows in full.
  ///
  /// Special sessions are not in the source: those on Saturdays and Sundays (budget days, Diwali) are
  /// missing here, and Diwali's evening hour on a weekday counts as an ordinary day.
  public static let nse = TradingCalendar(
    name: "NSE", zone: .kolkata, years: NSEMarketDays.years,
    usual: Hours(
      open: NSEMarketDays.openMinute, close: NSEMarketDays.closeMinute,
      extendedOpen: NSEMarketDays.extendedOpenMinute,
      extendedClose: NSEMarketDays.extendedCloseMinute),
    closures: Dictionary(uniqueKeysWithValues: NSEMarketDays.holidays.map { ($0, "holiday") }),
    specials: [:])
}
