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
    self.batch = Self.ordered(batch)
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

  /// Sorted by start; of rows with one start the last, as a store would keep it.
  private static func ordered(_ batch: BarBatch) -> BarBatch {
    let starts = batch.start
    let isOrdered = starts.withUnsafeValues { starts in
      (1..<max(1, starts.count)).allSatisfy { starts[$0 - 1] < starts[$0] }
    }
    if isOrdered { return batch }
    let sorted = (0..<starts.count).sorted { (starts[$0], $0) < (starts[$1], $1) }
    let rows = sorted.indices.filter { index in
      index + 1 == sorted.count || starts[sorted[index]] != starts[sorted[index + 1]]
    }.map { sorted[$0] }
    return batch.taking(rows)
  }
}

extension BarBatch {
  /// The given rows, in that order.
  func taking(_ rows: [Int]) -> BarBatch {
    func taken<Element>(_ column: Column<Element>) -> Column<Element> {
      Column(rows.map { column[$0] })
    }
    return BarBatch(
      symbol: symbol, interval: interval, start: taken(start), end: taken(end),
      knownAt: taken(knownAt), columns: columns.map { (name: $0.name, values: taken($0.values)) })
  }
}
