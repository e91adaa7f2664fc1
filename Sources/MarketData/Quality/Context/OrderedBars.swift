import Market
import Runtime

/// The bars of a series as most checks read them: in order of time, each start once, cut by day.
struct OrderedBars {
  /// The bars of one day at the exchange.
  struct Day {
    let date: CivilDate
    let rows: Range<Int>
    /// `nil` where the exchange was closed, or its sessions of that day are not known.
    let session: Session?
    /// Why there is none, where that is known.
    let closedBecause: String?

    var isKnown: Bool { session != nil || closedBecause != nil }
  }

  let batch: BarBatch
  let zone: Zone
  private(set) var days: [Day] = []

  init(_ batch: BarBatch, calendar: TradingCalendar?, zone: Zone) {
    self.batch = batch.inOrder()
    self.zone = zone
    let starts = self.batch.start
    var row = 0
    while row < starts.count {
      let date = zone.date(at: Timestamp(nanoseconds: starts[row]))
      let next = Self.row(from: row, of: starts, after: date, zone)
      days.append(Self.day(date, row..<next, calendar))
      row = next
    }
  }

  private static func day(
    _ date: CivilDate, _ rows: Range<Int>, _ calendar: TradingCalendar?
  ) -> Day {
    func day(_ session: Session?, _ reason: String?) -> Day {
      Day(date: date, rows: rows, session: session, closedBecause: reason)
    }
    guard let calendar else { return day(nil, nil) }
    do {
      switch try calendar.day(date) {
      case .session(let session): return day(session, nil)
      case .closed(let reason): return day(nil, reason)
      }
    } catch {
      // A year whose sessions nobody wrote down: said once, by the check of the calendar.
      return day(nil, nil)
    }
  }

  /// The first row that no longer lies on `date`.
  private static func row(
    from row: Int, of starts: Column<Int64>, after date: CivilDate, _ zone: Zone
  ) -> Int {
    let lastNanosecond = Int64.max / Timestamp.nanosecondsPerDay - 3
    guard abs(Int64(date.dayNumber)) < lastNanosecond else { return starts.count }
    let midnight = zone.instant(on: date.advanced(by: 1), secondOfDay: 0).nanoseconds
    var (low, high) = (row + 1, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < midnight { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension TradingCalendar {
  /// The sessions of those days, as far as they are known.
  func knownSessions(from first: CivilDate, to last: CivilDate) -> [Session] {
    let (from, to) = (max(first, range.lowerBound), min(last, range.upperBound))
    guard from <= to else { return [] }
    do { return try sessions(in: from...to) } catch { return [] }
  }
}
