import Market
import Runtime

/// How far back Yahoo goes for bars of a length, and how much it gives at once.
package struct YahooReach {
  /// As Yahoo writes the interval.
  let word: String
  /// Days back from today, or `nil` for all there are.
  let daysBack: Int?
  let daysAtOnce: Int

  /// A day's width on both sides of what is asked for, whatever zone the exchange is in: 14 hours.
  static let margin: Int64 = 14 * 3600
  /// The first year that any calendar knows.
  static let earliest = CivilDate(dayNumber: 7305)  // 1990-01-01

  /// The limits are a little inside of Yahoo's own: with the margin, eight days of minutes would be
  /// nine, and a request at the very edge of what it keeps is refused.
  package init(_ interval: BarInterval) throws(SourceError) {
    switch "\(interval)" {
    case "1min": (word, daysBack, daysAtOnce) = ("1m", 28, 6)
    case "2min": (word, daysBack, daysAtOnce) = ("2m", 58, 58)
    case "5min": (word, daysBack, daysAtOnce) = ("5m", 58, 58)
    case "15min": (word, daysBack, daysAtOnce) = ("15m", 58, 58)
    case "90min": (word, daysBack, daysAtOnce) = ("90m", 58, 58)
    case "1h": (word, daysBack, daysAtOnce) = ("60m", 728, 728)
    case "1d": (word, daysBack, daysAtOnce) = ("1d", nil, 36_000)
    case "30min":
      throw .unsupportedInterval(
        source: "Yahoo", interval: "30min", why: "it answers these with bars of an hour",
        remedy: "fetch 15min, then: martinet data aggregate")
    case "1w":
      throw .unsupportedInterval(
        source: "Yahoo", interval: "1w", why: "it adjusts these wrongly",
        remedy: "fetch 1d, then: martinet data aggregate")
    default:
      throw .unsupportedInterval(
        source: "Yahoo", interval: "\(interval)", why: "it has none of that length",
        remedy: "choose 1min, 2min, 5min, 15min, 90min, 1h or 1d")
    }
  }

  /// The stretches to ask for, oldest first, none longer than Yahoo gives at once, and the days at
  /// the beginning that it no longer has.
  package func spans(
    _ days: TimeRange, today: CivilDate, source interval: BarInterval
  ) throws(SourceError) -> (spans: [ClosedRange<CivilDate>], outOfReach: Int) {
    let last = min(days.last ?? today, today)
    let edge = daysBack.map { today.advanced(by: -$0) } ?? Self.earliest
    let first = max(days.first ?? edge, edge)
    guard first <= last else {
      if last < edge {
        throw .beyondReach(source: "Yahoo", interval: "\(interval)", first: edge)
      }
      return ([], 0)  // All of it is still to come.
    }
    var spans: [ClosedRange<CivilDate>] = []
    var start = first
    while start <= last {
      let end = min(start.advanced(by: daysAtOnce - 1), last)
      spans.append(start...end)
      start = end.advanced(by: 1)
    }
    let lost = days.first.map { max(0, $0.distance(to: edge)) } ?? 0
    return (spans, lost)
  }

  /// Seconds since 1970, the end excluded.
  package static func seconds(_ span: ClosedRange<CivilDate>) -> (from: Int64, to: Int64) {
    (
      Int64(span.lowerBound.dayNumber) * 86_400 - margin,
      Int64(span.upperBound.dayNumber + 1) * 86_400 + margin
    )
  }
}
