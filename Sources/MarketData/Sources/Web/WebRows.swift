import Market
import Runtime

/// Rows of bars as a service sent them, before anyone asked when each bar began and ended.
package struct WebRows {
  /// UTC nanoseconds.
  var stamps: [Int64] = []
  /// Each as long as `stamps`; one of them is `close`. What the service has no value for is NaN.
  var columns: [(name: String, values: [Double])] = []
}

/// Puts a service's rows onto the sessions of their exchange.
///
/// Left out and counted are rows without a close, rows that lie in no session or on no bar's place,
/// and bars that are not over: today's bar is never taken for a finished one. Of two rows of one bar
/// the later one counts.
package struct WebBars {
  let symbol: Symbol
  let interval: BarInterval
  let days: TimeRange
  let now: Timestamp
  private var clock: SessionClock
  private let calendar: TradingCalendar
  private var counts: [Omission: Int] = [:]

  private enum Omission: String, CaseIterable, Error {
    case withoutClose = "null_bars"
    case outsideSessions = "outside_sessions"
    case outsideYears = "outside_calendar"
    case offGrid = "off_grid"
    case unfinished = "unfinished"
    case repeated = "repeated"

    var words: String {
      switch self {
      case .withoutClose: "without a close were left out"
      case .outsideSessions: "outside of every session were left out"
      case .outsideYears: "in years whose sessions are not known were left out"
      case .offGrid: "that begin where no bar begins were left out"
      case .unfinished: "not over yet were left out"
      case .repeated: "came again later, and the later one counts"
      }
    }
  }

  private struct Place {
    var row: Int
    var start: Int64
    var end: Int64
  }

  /// - Parameter zone: the exchange's, as the service names it.
  package init(
    symbol: Symbol, interval: BarInterval, days: TimeRange, zone: String, now: Timestamp
  ) throws(SourceError) {
    self.symbol = symbol
    self.interval = interval
    self.days = days
    self.now = now
    do {
      clock = try SessionClock(
        BarDeclaration(zone: zone).completed(for: symbol), place: symbol.text)
    } catch {
      throw .noCalendar(
        symbol: symbol.text, market: zone, why: "the clocks and sessions there are not known here")
    }
    guard let calendar = clock.calendar else {
      throw .noCalendar(
        symbol: symbol.text, market: zone, why: "no exchange's sessions are known there")
    }
    self.calendar = calendar
  }

  package var zone: Zone { clock.zone }

  package mutating func batch(
    _ rows: WebRows, declaration: BarDeclaration, actions: [CorporateAction]
  ) throws(SourceError) -> BarBatch {
    let places = try places(rows)
    return BarBatch(
      symbol: symbol, interval: interval, start: Column(places.map(\.start)),
      end: Column(places.map(\.end)), knownAt: Column(places.map(\.end)),
      columns: rows.columns.map { column in
        (name: column.name, values: Column(places.map { column.values[$0.row] }))
      },
      declaration: declaration, actions: actions, notes: notes)
  }

  private var notes: [BatchNote] {
    Omission.allCases.compactMap { omission in
      counts[omission].map {
        BatchNote(code: omission.rawValue, count: $0, words: omission.words)
      }
    }
  }

  private mutating func places(_ rows: WebRows) throws(SourceError) -> [Place] {
    let close = rows.columns.first { $0.name == "close" }?.values ?? []
    // Sorted by number as well, so that of equal stamps the one sent last stays last.
    let order = rows.stamps.indices.sorted { (rows.stamps[$0], $0) < (rows.stamps[$1], $1) }
    var places: [Place] = []
    for row in order {
      let stamp = Timestamp(nanoseconds: rows.stamps[row])
      let date = clock.date(at: stamp)
      // A service gives a little more than it was asked for.
      guard days.contains(date) else { continue }
      guard !close[row].isNaN else {
        counts[.withoutClose, default: 0] += 1
        continue
      }
      switch span(of: stamp, on: date) {
      case .failure(let omission): counts[omission, default: 0] += 1
      case .success(let range):
        let place = Place(row: row, start: range.lowerBound, end: range.upperBound)
        if places.last?.start == place.start {
          counts[.repeated, default: 0] += 1
          places.removeLast()
        }
        places.append(place)
      }
    }
    if places.isEmpty, let outside = counts[.outsideYears], outside > 0 {
      throw .noCalendar(
        symbol: symbol.text, market: calendar.name,
        why: "its sessions are known for \(calendar.years.lowerBound) to "
          + "\(calendar.years.upperBound) only")
    }
    return places
  }

  /// From when to when the bar with that stamp goes.
  private func span(of stamp: Timestamp, on date: CivilDate) -> Result<Range<Int64>, Omission> {
    let session: Session
    do {
      guard let found = try calendar.session(on: date) else { return .failure(.outsideSessions) }
      session = found
    } catch {
      return .failure(.outsideYears)
    }
    var (start, end) = (session.open.nanoseconds, session.close.nanoseconds)
    if interval.isIntraday, let length = interval.length.nanoseconds {
      guard session.range().contains(stamp) else { return .failure(.outsideSessions) }
      // A row of the bar under way is stamped with the time at which it was asked for.
      guard (stamp.nanoseconds - start).isMultiple(of: length) else { return .failure(.offGrid) }
      start = stamp.nanoseconds
      end = min(start + length, end)
    }
    return end > now.nanoseconds ? .failure(.unfinished) : .success(start..<end)
  }
}
