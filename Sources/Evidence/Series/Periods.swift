import Runtime

/// Stretches of the calendar by which returns are looked at.
enum Period: Sendable {
  case day, month, quarter, year

  /// Equal for two days of the same stretch, and greater for a later one.
  func number(_ date: CivilDate) -> Int {
    let (year, month, _) = date.yearMonthDay
    return switch self {
    case .day: Int(date.dayNumber)
    case .month: year * 12 + month - 1
    case .quarter: year * 4 + (month - 1) / 3
    case .year: year
    }
  }
}

extension RunSeries {
  /// The bars of each stretch that has any, in order; the first and the last may be cut short.
  func bars(by period: Period) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for row in 1..<max(count, 1) where period.number(days[row]) != period.number(days[row - 1]) {
      ranges.append(start..<row)
      start = row
    }
    ranges.append(start..<count)
    return ranges
  }

  /// What the account returned over some bars, compounded.
  func compounded(_ bars: Range<Int>) -> Double {
    record.values[bars.upperBound] / record.values[bars.lowerBound] - 1
  }

  /// What it returned in each stretch.
  func returns(by period: Period) -> [Double] { bars(by: period).map(compounded) }

  /// What it earned in each stretch, in money.
  func profits(by period: Period) -> [Double] {
    bars(by: period).map { record.values[$0.upperBound] - record.values[$0.lowerBound] }
  }

  /// The bars of the stretch that the last bar is in.
  func current(_ period: Period) -> Range<Int> { bars(by: period).last ?? 0..<count }

  /// The bars of the last months, to the day: those later than the day so many months before the last.
  func trailing(months: Int) throws(Undefined) -> Range<Int> {
    let start: CivilDate
    do { start = try days[count - 1].adding(months: -months) } catch {
      throw Undefined("the calendar does not reach so far back")
    }
    guard let row = days.firstIndex(where: { $0 > start }),
      row > 0 || days[0] <= start.advanced(by: 7)
    else { throw Undefined("the run is shorter than that") }
    return row..<count
  }
}
