import Market
import Runtime

/// Bars of one symbol as a chart, in the exchange's time, with a hole where a bar is missing.
public struct BarPicture {
  public let frame: Frame
  public let declaration: BarDeclaration
  /// Where the bars come from, as a person named it.
  public let origin: String
  private let zone: Zone
  private let calendar: TradingCalendar?

  public init(frame: Frame, declaration: BarDeclaration, origin: String) throws(DataError) {
    self.frame = frame
    self.declaration = declaration
    self.origin = origin
    let clock = try SessionClock(declaration, place: origin)
    zone = clock.zone
    calendar = clock.calendar
  }

  /// What the prices are: those that were traded, or others computed from them.
  public var prices: String {
    switch declaration.adjustment {
    case BarDeclaration.Adjustment.none?: "as traded"
    case .splits?: "as stored: adjusted for splits, so not what was paid before them"
    case .splitsAndDividends?:
      "as stored: adjusted for splits and dividends, so not what was paid before them"
    case nil: "as stored: nothing says whether they were adjusted"
    }
  }

  public var title: String {
    guard frame.count > 0 else { return "\(frame.symbol) \(frame.interval), no bars" }
    return "\(frame.symbol) \(frame.interval), \(day(frame.start[0])) to "
      + "\(day(frame.end[frame.count - 1] - 1)), \(Runtime.NumberText.count(frame.count)) bars"
  }

  private func day(_ instant: Int64) -> CivilDate {
    zone.date(at: Timestamp(nanoseconds: instant))
  }

  /// - Parameter library: the charting library, for a page.
  public func chart(library: String? = nil) throws(DataError) -> CandleChart {
    let slots = try slots()
    func values(_ name: String) -> [Double] {
      guard let column = frame[name] else { return [] }
      return slots.map { $0.row.map { column[$0] } ?? .nan }
    }
    let nothing = slots.map { _ in Double.nan }
    func prices(_ name: String) -> [Double] {
      let found = values(name)
      return found.isEmpty ? nothing : found
    }
    let holes = slots.count { $0.row == nil }
    let missing = holes > 0 ? " \(Runtime.NumberText.count(holes)) bars are missing." : ""
    return CandleChart(
      title: title,
      caption: "Prices \(self.prices). Time of \(zone.name). From \(origin).\(missing)",
      label: frame.symbol.text, times: slots.map(\.wallTime), open: prices("open"),
      high: prices("high"), low: prices("low"), close: prices("close"), volume: values("volume"),
      library: library, showsTimeOfDay: frame.interval.isIntraday)
  }

  /// A bar, or a place where one should be.
  private struct Slot {
    let row: Int?
    /// What the exchange's clock showed at its start, as if it were UTC; of a session its date.
    let wallTime: Timestamp
  }

  private func slots() throws(DataError) -> [Slot] {
    var slots: [Slot] = []
    var previous: Int?
    for row in 0..<frame.count {
      if let previous { slots += try missing(between: previous, row).map { slot(nil, $0) } }
      slots.append(slot(row, Timestamp(nanoseconds: frame.start[row])))
      previous = row
    }
    return slots
  }

  private func slot(_ row: Int?, _ start: Timestamp) -> Slot {
    let (date, time) = zone.wallTime(at: start)
    let midnight = Int64(date.dayNumber) * Timestamp.nanosecondsPerDay
    return Slot(
      row: row,
      wallTime: Timestamp(nanoseconds: midnight + (frame.interval.isIntraday ? time : 0)))
  }

  /// Starts of the bars that a calendar expects between two rows and that are not there: of sessions,
  /// or of the rest of a session; nights are no holes, and neither is a whole day of trading outside
  /// of sessions.
  private func missing(between a: Int, _ b: Int) throws(DataError) -> [Timestamp] {
    guard let calendar, frame.end[a] < frame.start[b] else { return [] }
    let (end, start) = (
      Timestamp(nanoseconds: frame.end[a]), Timestamp(nanoseconds: frame.start[b])
    )
    do {
      let days = zone.date(at: end)...max(zone.date(at: end), zone.date(at: start))
      if frame.interval == .day {
        return try calendar.sessions(in: days).map(\.open).filter { end < $0 && $0 < start }
      }
      guard frame.interval.isIntraday else { return [] }
      return try calendar.sessions(in: days).flatMap { session in
        session.bars(frame.interval).filter { end <= $0.lowerBound && $0.upperBound <= start }
          .map(\.lowerBound)
      }
    } catch {
      throw .calendar(place: origin, error)
    }
  }
}

extension BarPicture {
  /// A page with the chart that people can zoom. Of very many bars neighbours are put together, so
  /// that the page opens at once.
  public func page(library: String?) throws(DataError) -> Page {
    let (chart, each) = try chart(library: library).merged(into: 12_000)
    let declared = [
      Page.Fact("Symbol", frame.symbol.text), Page.Fact("Bars", "\(frame.interval)"),
      Page.Fact("Source", declaration.source ?? origin), Page.Fact("Prices", prices),
      Page.Fact("Time", zone.name), Page.Fact("Kept in", origin),
    ]
    let note = Page.Block.text(
      "Each candle is \(each) bars: choose fewer days with --timerange to see every one.")
    return Page(
      title: "\(frame.symbol), bars of \(frame.interval)",
      blocks: [.facts(declared), .candles(chart)] + (each > 1 ? [note] : []))
  }

  /// The bars and what they are, for a program.
  public var json: JSON {
    let columns = frame.names.compactMap { name in frame[name].map { (name: name, values: $0) } }
    let bars = (0..<frame.count).map { row -> JSON in
      var bar: JSON = [
        "start": .string(Timestamp(nanoseconds: frame.start[row]).description),
        "end": .string(Timestamp(nanoseconds: frame.end[row]).description),
        "known_at": .string(Timestamp(nanoseconds: frame.knownAt[row]).description),
      ]
      for column in columns { bar.append(column.name, JSON(column.values[row])) }
      return bar
    }
    return [
      "symbol": .string(frame.symbol.text), "interval": .string("\(frame.interval)"),
      "source": JSON(declaration.source), "prices": .string(prices),
      "zone": .string(zone.name), "bars": JSON(bars),
    ]
  }
}
