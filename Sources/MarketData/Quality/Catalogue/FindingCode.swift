/// Every kind of finding there is. Raw values are stable: programs may rely on them.
///
/// `docs/DATA-CHECKS.md` is written from this list and from `QualityThresholds`.
public enum FindingCode: String, CaseIterable, Sendable {
  // What a series has.
  case emptySeries = "empty_series"
  case missingColumn = "missing_column"
  case noVolume = "no_volume"
  // The figures of one bar.
  case missingPrice = "missing_price"
  case infinitePrice = "infinite_price"
  case zeroPrice = "zero_price"
  case negativePrice = "negative_price"
  case highBelowLow = "high_below_low"
  case outsideRange = "outside_range"
  case outsideRangeByRounding = "outside_range_by_rounding"
  case missingVolume = "missing_volume"
  case negativeVolume = "negative_volume"
  // The order of bars.
  case badTimes = "bad_times"
  case duplicateBar = "duplicate_bar"
  case outOfOrder = "out_of_order"
  // The calendar.
  case noCalendar = "no_calendar"
  case missingBars = "missing_bars"
  case barOnClosedDay = "bar_on_closed_day"
  case extendedHoursMixed = "extended_hours_mixed"
  case extendedHoursSeries = "extended_hours_series"
  case pastEarlyClose = "past_early_close"
  case closingAuction = "closing_auction"
  case brokenOffDay = "broken_off_day"
  case stale = "stale"
  // Jumps of the price.
  case explainedSplit = "explained_split"
  case unexplainedSplit = "unexplained_split"
  case splitNotApplied = "split_not_applied"
  case splitNotInPrices = "split_not_in_prices"
  case priceSpike = "price_spike"
  case largeMove = "large_move"
  case unconfirmedMove = "unconfirmed_move"
  case outlyingMoves = "outlying_moves"
  // Volume.
  case zeroVolume = "zero_volume"
  case volumeJump = "volume_jump"
  // Dividends, and a second source.
  case dividendsBesideAdjusted = "dividends_beside_adjusted"
  case sourcesDifferBySplit = "sources_differ_by_split"
  case sourcesDifferByFactor = "sources_differ_by_factor"
  case sourcesDisagree = "sources_disagree"
  case sourcesCoverDifferently = "sources_cover_differently"
}

extension FindingCode {
  /// What stands in the catalogue about one code.
  public struct Entry: Sendable {
    /// In a few words.
    public let title: String
    /// As a check reports it where no threshold says otherwise.
    public let severity: Finding.Severity
    /// What it is and how it is told, in a sentence or two.
    public let meaning: String
    /// What to do about it.
    public let action: String

    init(_ title: String, _ severity: Finding.Severity, _ meaning: String, do action: String) {
      self.title = title
      self.severity = severity
      self.meaning = meaning
      self.action = action
    }
  }
}
