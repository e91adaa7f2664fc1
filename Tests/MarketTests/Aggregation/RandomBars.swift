import Market
import Runtime
import TestKit
import Testing

/// Bars at random that follow each other, with holes and late news.
enum RandomBars {
  static let columns = BarRow.plainColumns + ["vwap", "trade_count", "adj_close"]

  /// - Parameters:
  ///   - missing: the part of bars that is left out, one by one and in stretches.
  ///   - late: the part that becomes known after its end.
  static func frame(
    _ interval: BarInterval, sessions: [Session], hours: SessionHours = .extended, seed: UInt64,
    missing: Double = 0.1, late: Double = 0.1
  ) throws -> Frame {
    var generator = SeededGenerator(seed: seed)
    func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < part }
    var rows: [BarRow] = []
    var skipped = 0
    var known = Timestamp(nanoseconds: .min)
    for session in sessions {
      for place in session.bars(interval, hours: hours) {
        if skipped > 0 {
          skipped -= 1
          continue
        }
        if chance(missing) {
          skipped = chance(0.3) ? Int.random(in: 1...40, using: &generator) : 0
          continue
        }
        let delay = chance(late) ? Int64.random(in: 0...900, using: &generator) : 0
        known = max(
          known, Timestamp(nanoseconds: place.upperBound.nanoseconds + delay * 1_000_000_000))
        let (open, close) = (
          Double.random(in: 90...110, using: &generator),
          Double.random(in: 90...110, using: &generator)
        )
        let volume = chance(0.05) ? 0 : Double(Int.random(in: 1...100_000, using: &generator)) / 3
        rows.append(
          BarRow(
            start: place.lowerBound, end: place.upperBound, knownAt: known,
            values: [
              open, max(open, close) + 0.5, min(open, close) - 0.5, close,
              chance(0.02) ? .nan : volume, volume > 0 ? (open + close) / 2 : .nan,
              Double(Int.random(in: 1...50, using: &generator)), chance(0.05) ? .nan : close / 3,
            ]))
      }
    }
    return try Frame(rows, symbol: Symbol(parsing: "SPY"), interval: interval, columns: columns)
  }

  /// The sessions of the weeks with a change of clocks or a half day, and one before and after.
  static func oddSessions(_ year: Int, _ calendar: TradingCalendar = .nyse) throws -> [Session] {
    let days =
      try CivilDate(parsing: "\(year)-01-01")...CivilDate(parsing: "\(year)-12-31")
    let all = try calendar.sessions(in: days)
    return all.indices.filter { index in
      let near = max(0, index - 2)...min(all.count - 1, index + 2)
      return near.contains { all[$0].isHalfDay }
        || near.dropFirst().contains { place in
          calendar.zone.offsetSeconds(at: all[place].open)
            != calendar.zone.offsetSeconds(at: all[place - 1].open)
        }
    }.map { all[$0] }
  }
}

/// Equal to the last bit, missing values included.
func areIdentical(_ a: Frame, _ b: Frame) -> Bool {
  a.count == b.count && a.start == b.start && a.end == b.end && a.knownAt == b.knownAt
    && a.interval == b.interval && a.names == b.names
    && a.names.allSatisfy { name in
      guard let a = a[name], let b = b[name] else { return false }
      return zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
}
