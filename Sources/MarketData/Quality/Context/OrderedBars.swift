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
    let isKnown: Bool
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
    guard let calendar else { return Day(date: date, rows: rows, session: nil, isKnown: false) }
    do {
      return Day(date: date, rows: rows, session: try calendar.session(on: date), isKnown: true)
    } catch {
      // A year whose sessions nobody wrote down: said once, by the check of the calendar.
      return Day(date: date, rows: rows, session: nil, isKnown: false)
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
