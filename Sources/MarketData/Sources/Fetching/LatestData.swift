import Market
import Runtime

/// The file of latest bars that production reads before the open, and what it must pass.
public struct LatestData: Sendable {
  /// Rows of one symbol, in order.
  private var series: [Entry] = []

  private struct Entry: Sendable {
    var bars: BarBatch
    var actions: [CorporateAction]
    var calendar: TradingCalendar?
  }

  /// A daily move beyond which something must explain it.
  static let largestMove = 0.5

  public init() {}

  /// Adds the last `count` bars of a series, and what is known of the company's actions.
  ///
  /// - Parameter calendar: says which session was the last.
  public mutating func add(
    _ bars: BarBatch, actions: [CorporateAction], calendar: TradingCalendar?, last count: Int
  ) {
    let first = max(0, bars.count - count)
    series.append(
      Entry(
        bars: bars.taking(Array(first..<bars.count)), actions: actions,
        calendar: calendar))
  }

  /// What must not go into production: missing and infinite figures, moves of more than half that
  /// no split explains, volumes that are missing, negative, or zero beside a moving price.
  public func findings(now: Timestamp) -> [Finding] {
    series.flatMap { Self.check($0.bars, $0.actions) + Self.staleness($0, now) }
  }

  public var rowCount: Int { series.reduce(0) { $0 + $1.bars.count } }

  /// A series that ends before the last session that is over.
  private static func staleness(_ entry: Entry, _ now: Timestamp) -> [Finding] {
    let bars = entry.bars
    guard bars.count > 0, bars.interval == .day, let calendar = entry.calendar else { return [] }
    let end = bars.end[bars.count - 1]
    do {
      var session = try calendar.previousSession(
        before: calendar.zone.date(at: now).advanced(by: 1))
      if session.close > now { session = try calendar.previousSession(before: session.date) }
      guard end < session.open.nanoseconds else { return [] }
      return [
        Finding(
          code: "stale", severity: .error, symbol: bars.symbol, interval: bars.interval,
          timestamp: Timestamp(nanoseconds: bars.start[bars.count - 1]),
          found: "the last bar is of \(Timestamp(nanoseconds: end).utcDate), and the last session "
            + "was \(session.date)",
          action: "see whether it is still traded, or leave it out with --symbols")
      ]
    } catch {
      return []  // Beyond the years of the calendar nothing can be said.
    }
  }

  private static func check(_ bars: BarBatch, _ actions: [CorporateAction]) -> [Finding] {
    func finding(_ code: String, _ row: Int?, _ found: String, _ action: String) -> Finding {
      Finding(
        code: code, severity: .error, symbol: bars.symbol, interval: bars.interval,
        timestamp: row.map { Timestamp(nanoseconds: bars.start[$0]) }, found: found, action: action)
    }
    guard bars.count > 0 else {
      return [finding("no_bars", nil, "there are no bars", "fetch them: martinet data fetch")]
    }
    var findings: [Finding] = []
    for name in ["open", "high", "low", "close"] {
      guard let values = bars[name] else {
        findings.append(
          finding("missing_column", nil, "there is no \(name)", "fetch the series again"))
        continue
      }
      for row in 0..<bars.count where !(values[row].isFinite && values[row] > 0) {
        findings.append(
          finding(
            "bad_price", row, "\(name) is \(values[row])", "see: martinet data check"))
      }
    }
    guard let close = bars["close"] else { return findings }
    let volume = bars["volume"]
    for row in 0..<bars.count {
      let figure = volume?[row] ?? .nan
      let isMoving = row > 0 && close[row] != close[row - 1]
      if !figure.isFinite || figure < 0 || (figure == 0 && isMoving) {
        findings.append(
          finding(
            "bad_volume", row, "volume is \(figure)", "see: martinet data check"))
      }
      guard row > 0 else { continue }
      let ratio = close[row] / close[row - 1]
      if (ratio - 1).magnitude > largestMove, !isSplit(ratio, bars, row, actions) {
        findings.append(
          finding(
            "large_move", row,
            "the close moved by \(Runtime.NumberText.percent(ratio - 1)) and no split explains it",
            "compare with another source before it is traded on"))
      }
    }
    return findings
  }

  /// Whether a split on that bar's day gives the move, to within an ordinary day's own.
  private static func isSplit(
    _ ratio: Double, _ bars: BarBatch, _ row: Int, _ actions: [CorporateAction]
  ) -> Bool {
    let from = Timestamp(nanoseconds: bars.end[row - 1])
    let to = Timestamp(nanoseconds: bars.end[row])
    return actions.contains { action in
      guard case .split(let shares) = action.kind, action.knownAt > from, action.knownAt < to
      else { return false }
      return (ratio * shares - 1).magnitude < largestMove
    }
  }

  /// The columns `timestamp, symbol, open, high, low, close, volume, adj_close`; a timestamp is the
  /// bar's end, which is when it was known. What is not known is an empty field.
  public var csv: String {
    var text = "timestamp,symbol,open,high,low,close,volume,adj_close\n"
    let names = ["open", "high", "low", "close", "volume", "adj_close"]
    for bars in series.map(\.bars).sorted(by: { $0.symbol < $1.symbol }) {
      let columns = names.map { bars[$0] }
      for row in 0..<bars.count {
        text += "\(Timestamp(nanoseconds: bars.end[row])),\(bars.symbol)"
        for column in columns {
          let value = column?[row] ?? .nan
          text += "," + (value.isFinite ? Self.plain(value) : "")
        }
        text += "\n"
      }
    }
    return text
  }

  /// Whole numbers without a point, as volumes are written everywhere.
  private static func plain(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
  }
}
