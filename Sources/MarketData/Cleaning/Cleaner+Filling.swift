import Market
import Runtime

extension Cleaner.State {
  /// One row of the filled series: an old one, or one made from the close before it.
  private enum Place {
    case old(row: Int)
    case new(start: Int64, end: Int64)
  }

  /// Puts bars into holes and prices into bars without any; gives how many of each.
  mutating func fill(limit: Int) -> (inserted: Int, changed: Int) {
    guard limit > 0, let prices = Prices(batch) else { return (0, 0) }
    let places = places()
    var kept: [Place] = []
    // The close that is carried on, by its place in `kept`; and how far it was carried.
    var lastClose = Double.nan
    var carried = 0
    var fills: [Int: Double] = [:]
    var (inserted, changed) = (0, 0)
    for place in places {
      switch place {
      case .old(let row) where prices.isUsable(row):
        lastClose = prices.close[row]
        carried = 0
        kept.append(place)
      case .old:
        carried += 1
        if carried <= limit, lastClose.isFinite {
          fills[kept.count] = lastClose
          changed += 1
        }
        kept.append(place)
      case .new:
        carried += 1
        guard carried <= limit, lastClose.isFinite else { continue }
        fills[kept.count] = lastClose
        inserted += 1
        kept.append(place)
      }
    }
    if inserted + changed > 0 { batch = filled(kept, fills) }
    return (inserted, changed)
  }

  /// Rows and holes in order of time.
  private func places() -> [Place] {
    let ordered = OrderedBars(batch, calendar: context.calendar, zone: context.zone)
    let subject = Subject(batch, context)
    let rows = (0..<batch.count).map { Place.old(row: $0) }
    guard let expected = ExpectedBars(ordered), let calendar = context.calendar,
      let first = ordered.days.first?.date, let last = ordered.days.last?.date
    else { return rows }
    var search = HoleSearch(subject: subject, expected: expected)
    for session in calendar.knownSessions(from: first, to: last) { search.look(at: session) }
    // A day that breaks off is no hole: its rest has not been traded yet, as far as the source knows.
    _ = search.takeTail()
    return merged(rows, search.missing)
  }

  private func merged(_ rows: [Place], _ missing: [Range<Int64>]) -> [Place] {
    var places: [Place] = []
    places.reserveCapacity(rows.count + missing.count)
    var next = missing.startIndex
    for (row, place) in rows.enumerated() {
      while next < missing.endIndex, missing[next].lowerBound < batch.start[row] {
        places.append(.new(start: missing[next].lowerBound, end: missing[next].upperBound))
        next += 1
      }
      places.append(place)
    }
    return places
  }

  private func filled(_ places: [Place], _ fills: [Int: Double]) -> BarBatch {
    func times(_ old: Column<Int64>, _ new: (Int64, Int64) -> Int64) -> Column<Int64> {
      Column(
        places.map { place in
          switch place {
          case .old(let row): old[row]
          case .new(let start, let end): new(start, end)
          }
        })
    }
    let columns = batch.columns.map { name, values -> (name: String, values: Column<Double>) in
      let filled = places.indices.map { index -> Double in
        guard let close = fills[index] else {
          guard case .old(let row) = places[index] else { return .nan }
          return values[row]
        }
        if BarLayout.required.contains(name) { return close }
        // Nothing was traded, as far as anyone knows.
        if name == "volume" { return 0 }
        guard case .old(let row) = places[index] else { return .nan }
        return values[row]
      }
      return (name, Column(filled))
    }
    return BarBatch(
      symbol: batch.symbol, interval: batch.interval,
      start: times(batch.start) { start, _ in start },
      end: times(batch.end) { _, end in end }, knownAt: times(batch.knownAt) { _, end in end },
      columns: columns)
  }
}
