import Market
import Numerics
import Runtime

/// A mistake that real sources make and that a quality check should find.
public enum SyntheticDefect: String, CaseIterable, Sendable {
  case missingBars = "missing_bars"
  case duplicate
  case outOfOrder = "out_of_order"
  case negativePrice = "negative_price"
  case zeroPrice = "zero_price"
  case missingPrice = "missing_price"
  case infinitePrice = "infinite_price"
  case highBelowLow = "high_below_low"
  case openOutside = "open_outside_range"
  case closeOutside = "close_outside_range"
  /// One price ten times too high: a bad tick.
  case spike
  case zeroVolume = "zero_volume"
  case negativeVolume = "negative_volume"
  case missingVolume = "missing_volume"
  case volumeSpike = "volume_spike"
  /// The same price for more than ten minutes, without trading.
  case stale
  /// Bars from before the open among those of the session; of daily bars there are none.
  case extendedHours = "extended_hours"

  /// How many bars are left out, repeated or put in, where it is not one.
  func barCount(_ interval: BarInterval) -> Int {
    switch self {
    case .missingBars, .extendedHours: 3
    case .stale:
      interval.isIntraday ? max(3, Int(720 / max(1, interval.length.components.seconds)) + 1) : 4
    default: 1
    }
  }
}

/// Where a defect was put.
public struct PlantedDefect: Equatable, Sendable {
  public let defect: SyntheticDefect
  public let symbol: Symbol
  public let interval: BarInterval
  /// The start of the first bar it concerns, as it would be without the defect.
  public let start: Timestamp
  public let count: Int

  public init(
    defect: SyntheticDefect, symbol: Symbol, interval: BarInterval, start: Timestamp, count: Int
  ) {
    self.defect = defect
    self.symbol = symbol
    self.interval = interval
    self.start = start
    self.count = count
  }
}

/// Plants defects in the rows of one symbol, each in a stretch of rows of its own.
struct DefectPlanter {
  let symbol: Symbol
  let interval: BarInterval
  let calendar: TradingCalendar
  private(set) var rows: [BarRow]
  private(set) var planted: [PlantedDefect] = []

  private static let (open, high, low, close, volume) = (0, 1, 2, 3, 4)

  init(rows: [BarRow], symbol: Symbol, interval: BarInterval, calendar: TradingCalendar) {
    self.rows = rows
    self.symbol = symbol
    self.interval = interval
    self.calendar = calendar
  }

  mutating func plant(
    _ defects: [SyntheticDefect], count: Int, stream: RandomStream
  ) throws(SyntheticError) {
    let wanted = defects.filter { $0 != .extendedHours }
      .flatMap { Array(repeating: $0, count: count) }
    var stream = stream
    let longest = wanted.map { $0.barCount(interval) }.max() ?? 1
    let stretch = rows.count / max(1, wanted.count)
    // Room to move each into one session, and some bars between two.
    let room = 2 * longest + 7
    guard wanted.isEmpty || stretch > room else {
      throw .tooFewBars(symbol, bars: rows.count, needed: wanted.count * (room + 1))
    }
    let days = rows.map { calendar.zone.date(at: $0.start) }
    // From the back, so that rows put in or taken out move no place that is still to come.
    for (place, defect) in wanted.enumerated().reversed() {
      let length = defect.barCount(interval)
      var index = place * stretch + 3 + stream.index(below: stretch - room)
      if interval.isIntraday, days[index - 1] != days[index + length] { index += length + 1 }
      plant(defect, at: index)
    }
    planted.reverse()
    guard interval.isIntraday, defects.contains(.extendedHours) else { return }
    try plantBeforeOpens(of: days, count: count)
  }

  private mutating func plant(_ defect: SyntheticDefect, at index: Int) {
    let count = defect.barCount(interval)
    let start = rows[index].start
    switch defect {
    case .missingBars: rows.removeSubrange(index..<index + count)
    case .duplicate: rows.insert(rows[index], at: index)
    case .outOfOrder: rows.swapAt(index, index + 1)
    case .stale:
      let price = rows[index - 1].values[Self.close]
      for row in index..<index + count {
        for column in [Self.open, Self.high, Self.low, Self.close] {
          rows[row].values[column] = price
        }
        rows[row].values[Self.volume] = 0
      }
    default: spoil(&rows[index].values, defect)
    }
    add(defect, start, count)
  }

  private mutating func add(_ defect: SyntheticDefect, _ start: Timestamp, _ count: Int) {
    planted.append(
      PlantedDefect(
        defect: defect, symbol: symbol, interval: interval, start: start, count: count))
  }

  /// Changes the figures of one bar.
  private func spoil(_ values: inout [Double], _ defect: SyntheticDefect) {
    let (high, low) = (values[Self.high], values[Self.low])
    switch defect {
    case .negativePrice: values[Self.low] = -low
    case .zeroPrice: values[Self.low] = 0
    case .missingPrice: values[Self.close] = .nan
    case .infinitePrice: values[Self.high] = .infinity
    case .highBelowLow:
      values[Self.high] = low - 0.02
      values[Self.low] = high + 0.02
    case .openOutside: values[Self.open] = high + 0.05
    case .closeOutside: values[Self.close] = low - 0.05
    case .spike:
      values[Self.high] = high * 10
      values[Self.close] = values[Self.close] * 10
    case .zeroVolume: values[Self.volume] = 0
    case .negativeVolume: values[Self.volume].negate()
    case .missingVolume: values[Self.volume] = .nan
    case .volumeSpike: values[Self.volume] *= 200
    default: break
    }
  }

  /// Puts bars in before the opens of `count` of the days.
  private mutating func plantBeforeOpens(
    of days: [CivilDate], count: Int
  ) throws(SyntheticError) {
    let dates = Array(Set(days)).sorted()
    for number in 0..<min(count, dates.count) {
      do throws(CalendarError) {
        let date = dates[number * dates.count / min(count, dates.count)]
        guard let session = try calendar.session(on: date),
          let first = rows.firstIndex(where: { $0.start >= session.open })
        else { continue }
        let places = session.bars(interval, hours: .extended)
          .filter { $0.upperBound <= session.open }
          .suffix(SyntheticDefect.extendedHours.barCount(interval))
        let added = places.map { place in
          BarRow(
            start: place.lowerBound, end: place.upperBound, knownAt: place.upperBound,
            values: rows[first].values)
        }
        rows.insert(contentsOf: added, at: first)
        if let start = added.first?.start { add(.extendedHours, start, added.count) }
      } catch {
        throw .calendar(error)
      }
    }
  }
}
