import Market
import Runtime

/// What a made-up market is like. With the same settings and seed it is the same to the last bit,
/// and no symbol depends on which others are asked for.
public struct SyntheticSettings: Sendable {
  public var seed: UInt64
  public var calendar: TradingCalendar
  /// The days there are. Prices begin on the first of them, so another first day is another market.
  public var days: ClosedRange<CivilDate>
  /// The regimes that follow each other, for all symbols alike.
  public var regimes = MarketRegime.allCases
  /// How many sessions a regime lasts, on average.
  public var regimeSessions = 40.0
  /// Of the returns of any two symbols: 0 to 1.
  public var correlation = 0.4
  /// Sudden moves of several days' size, a symbol and year.
  public var jumpsPerYear = 4.0
  /// The part of bars that is left out, as where nobody traded.
  public var gaps = 0.0
  /// Companies split their shares and pay dividends.
  public var hasActions = true
  /// Mistakes that are planted in the bars, each `defectCount` times.
  public var defects: [SyntheticDefect] = []
  public var defectCount = 1

  public init(
    seed: UInt64, days: ClosedRange<CivilDate>, calendar: TradingCalendar = .nyse
  ) {
    self.seed = seed
    self.days = days
    self.calendar = calendar
  }
}

/// Why there are no made-up bars.
public enum SyntheticError: DiagnosedError, Equatable {
  case tooShort(BarInterval)
  case noRegime
  case noSession(ClosedRange<CivilDate>)
  case tooFewBars(Symbol, bars: Int, needed: Int)
  case calendar(CalendarError)
  case frame(FrameError)

  public var diagnosis: Diagnosis {
    switch self {
    case .tooShort(let interval):
      Diagnosis(
        place: "interval \(interval)", finding: "made-up bars have at least a minute",
        remedy: "choose 1min or longer", exitCode: .wrongUsage)
    case .noRegime:
      Diagnosis(
        place: "regimes", finding: "there is none",
        remedy: "name at least one of: "
          + MarketRegime.allCases.map(\.rawValue).joined(separator: ", "), exitCode: .wrongUsage)
    case .noSession(let days):
      Diagnosis(
        place: "\(days.lowerBound) to \(days.upperBound)",
        finding: "the market has no session on these days", remedy: "choose more days",
        exitCode: .wrongUsage)
    case .tooFewBars(let symbol, let bars, let needed):
      Diagnosis(
        place: "\(symbol)", finding: "has \(bars) bars, too few to plant the defects apart",
        remedy: "make \(needed) bars or more, or name fewer defects", exitCode: .wrongUsage)
    case .calendar(let error): error.diagnosis
    case .frame(let error): error.diagnosis
    }
  }
}
