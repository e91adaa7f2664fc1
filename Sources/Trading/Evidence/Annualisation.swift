import Market

/// How many bars a year has, and why: figures of a year say what they stand on.
public struct Annualisation: Hashable, Sendable {
  public let barsPerYear: Double
  /// "252 bars a year (252 sessions of one 1d bar)".
  public let statement: String

  /// New York has 252 sessions of 390 minutes in a usual year.
  public init(interval: BarInterval) {
    let sessions = 252.0
    let sessionMinutes = 390
    func intraday(_ minutes: Int) -> Double {
      Double((sessionMinutes + minutes - 1) / max(1, minutes)) * sessions
    }
    barsPerYear =
      switch interval.unit {
      case .week: 52 / Double(interval.count)
      case .day: sessions / Double(interval.count)
      case .hour: intraday(interval.count * 60)
      case .minute: intraday(interval.count)
      case .second: Double(sessionMinutes) * 60 / Double(interval.count) * sessions
      }
    statement = "\(Int(barsPerYear)) bars a year, as 252 sessions of New York have them"
  }
}
