import Market
import Runtime

/// How many bars a year has, and why: figures of a year say what they stand on.
public struct Annualisation: Hashable, Sendable {
  public let barsPerYear: Double
  /// `252 bars a year (NYSE, 1d)`.
  public let statement: String

  public init(interval: BarInterval, calendar: TradingCalendar) {
    barsPerYear = calendar.barsPerYear(interval)
    statement =
      "\(NumberText.count(Int(barsPerYear.rounded()))) bars a year (\(calendar.name), \(interval))"
  }

  /// Of a series that no calendar is known of.
  public init(barsPerYear: Double, statement: String) {
    precondition(barsPerYear > 0 && barsPerYear.isFinite, "a year has bars")
    self.barsPerYear = barsPerYear
    self.statement = statement
  }
}
