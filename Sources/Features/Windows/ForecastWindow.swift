import Market
import Runtime

/// What a forecaster is shown at a bar: the last values of every feature, and of the bars to be
/// foreseen only what the calendar tells beforehand.
///
/// Bars ahead are laid out by the calendar and have no prices, so a feature that is past-only has
/// nothing to say about them, whatever anybody declares.
public struct ForecastWindow: Sendable {
  /// How many bars up to the one in hand, and how many after it.
  public let past, ahead: Int
  public let features: [any Feature]
  public let calendar: TradingCalendar

  /// The values at one bar, the oldest first.
  public struct Values: Equatable, Sendable {
    /// For each feature the values of the last bars.
    public let past: [[Double]]
    /// For each feature that is known ahead the values of the next bars.
    public let ahead: [[Double]]
  }

  public init(
    past: Int, ahead: Int, features: [any Feature], calendar: TradingCalendar
  ) throws(WindowError) {
    guard past > 0 else { throw .notPositive("past", past) }
    guard ahead >= 0 else { throw .notPositive("ahead", ahead) }
    self.past = past
    self.ahead = ahead
    self.features = features
    self.calendar = calendar
  }

  /// Those of the features whose values are known for bars that are still to come.
  public var knownAhead: [any Feature] { features.filter { $0.knowledge == .knownAhead } }

  /// The windows of some rows; `nil` for a row with too few bars before it.
  public func values(over frame: Frame, rows: [Int]) throws -> [Values?] {
    let columns = try FeatureSuite(features).columns(over: [BarColumns(frame)])[0]
    let coming = FeatureSuite(knownAhead)
    return try rows.map { row in
      guard row + 1 >= past else { return nil }
      let next = try coming.columns(over: [BarColumns(bars(after: frame, row: row))])[0]
      return Values(
        past: columns.map { Array($0.slice(row + 1 - past..<row + 1)) }, ahead: next.map(Array.init)
      )
    }
  }

  /// The bars that the calendar has after a row, without prices.
  private func bars(after frame: Frame, row: Int) throws -> Frame {
    var places: [Range<Timestamp>] = []
    var session = try calendar.session(
      on: calendar.zone.date(at: Timestamp(nanoseconds: frame.start[row])))
    let end = Timestamp(nanoseconds: frame.end[row])
    while places.count < ahead, let current = session {
      let bars =
        frame.interval.isIntraday
        ? current.bars(frame.interval) : frame.interval == .day ? [current.range()] : []
      guard !bars.isEmpty else { throw WindowError.interval(frame.interval) }
      places += bars.filter { $0.lowerBound >= end }
      session = try calendar.nextSession(after: current.date)
    }
    let missing = Column<Double>(repeating: .nan, count: ahead)
    let ends = Column(places.prefix(ahead).map(\.upperBound.nanoseconds))
    return Frame(
      symbol: frame.symbol, interval: frame.interval,
      start: Column(places.prefix(ahead).map(\.lowerBound.nanoseconds)), end: ends, knownAt: ends,
      columns: [
        "open": missing, "high": missing, "low": missing, "close": missing, "volume": missing,
      ])
  }
}

/// Why there is no window.
public enum WindowError: DiagnosedError, Equatable {
  case notPositive(String, Int)
  case interval(BarInterval)

  public var diagnosis: Diagnosis {
    switch self {
    case .notPositive(let what, let found):
      Diagnosis(
        place: what, finding: "\(found) bars make no window", remedy: "give at least one",
        exitCode: .wrongUsage)
    case .interval(let interval):
      Diagnosis(
        place: "window", finding: "the calendar does not lay out bars of \(interval)",
        remedy: "use bars of a day or shorter")
    }
  }
}
