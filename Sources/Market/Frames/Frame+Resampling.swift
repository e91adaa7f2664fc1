import Runtime

extension Frame {
  /// The same trading in coarser bars, which begin and end with `calendar`'s sessions.
  ///
  /// A coarse bar spans its whole place on the session's grid and is known when that is over, even
  /// where finer bars are missing. Bars outside `hours` are left out. Opens are the first value, highs
  /// the highest, lows the lowest, volumes and trade counts the sum; of every other column the last
  /// value counts. Missing values are passed over.
  ///
  /// - Parameter keepingUnfinished: whether a last bar stays whose end lies behind the last bar of
  ///   this frame; without it a bar that is still being made never looks like a whole one.
  public func resampled(
    to coarse: BarInterval, calendar: TradingCalendar, hours: SessionHours = .regular,
    keepingUnfinished: Bool = false
  ) throws(FrameError) -> Frame {
    let source = try within(hours, of: calendar)
    guard coarse != interval else { return source }
    guard coarse > interval else {
      throw .notCoarser(symbol: symbol, from: interval, to: coarse)
    }
    var groups = try source.groups(coarse, calendar: calendar, hours: hours)
    if !keepingUnfinished, let last = groups.last,
      source.end[last.rows.upperBound - 1] < last.range.upperBound.nanoseconds
    {
      groups.removeLast()
    }
    return source.gathered(groups, coarse)
  }

  /// One bar for each group of rows.
  private func gathered(_ groups: [Group], _ coarse: BarInterval) -> Frame {
    let rows = groups.map(\.rows)
    let lastRows = rows.map { Int32($0.upperBound - 1) }
    var frame = Frame(
      symbol: symbol, interval: coarse,
      start: Column(groups.map(\.range.lowerBound.nanoseconds)),
      end: Column(groups.map(\.range.upperBound.nanoseconds)),
      knownAt: Column(
        groups.map { max($0.range.upperBound.nanoseconds, knownAt[$0.rows.upperBound - 1]) }),
      columns: [:])
    for name in names {
      guard let column = column(name) else { continue }
      if case .double(let numbers) = column {
        frame = frame.adding(BarAggregate(column: name).of(numbers, in: rows), as: name)
      } else {
        frame = frame.adding(column.taking(lastRows), as: name)
      }
    }
    return frame
  }

  /// Rows that make up one coarse bar, and from when to when it goes.
  private struct Group {
    var rows: Range<Int>
    let range: Range<Timestamp>
  }

  /// The groups of rows, all of which lie in sessions.
  private func groups(
    _ coarse: BarInterval, calendar: TradingCalendar, hours: SessionHours
  ) throws(FrameError) -> [Group] {
    var finder = SessionFinder(calendar: calendar, hours: hours)
    var groups: [Group] = []
    for row in 0..<count {
      guard let session = try finder.session(at: start[row]) else { continue }
      if let last = groups.last, start[row] < last.range.upperBound.nanoseconds {
        groups[groups.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        let range = try calendar.bar(
          of: coarse, in: session, at: Timestamp(nanoseconds: start[row]), hours: hours)
        groups.append(Group(rows: row..<row + 1, range: range))
      }
      guard end[row] <= groups[groups.count - 1].range.upperBound.nanoseconds else {
        throw .notCoarser(symbol: symbol, from: interval, to: coarse)
      }
    }
    return groups
  }
}

extension TradingCalendar {
  /// From when to when the bar goes that `instant`, inside `session`, belongs to.
  fileprivate func bar(
    of interval: BarInterval, in session: Session, at instant: Timestamp, hours: SessionHours
  ) throws(FrameError) -> Range<Timestamp> {
    if let length = interval.intradayNanoseconds {
      let sinceOpen = instant.nanoseconds - session.range(hours).lowerBound.nanoseconds
      return session.bar(Int(sinceOpen / length), of: interval, hours: hours)
    }
    do throws(CalendarError) {
      let block = try block(of: interval, around: session.date)
      guard let first = block.first, let last = block.last,
        let opening = try self.session(on: first), let closing = try self.session(on: last)
      else { return session.range(hours) }
      return opening.range(hours).lowerBound..<closing.range(hours).upperBound
    } catch {
      throw .calendar(error)
    }
  }

  /// The days with a session in the same bar of days or weeks as `date`. Bars of several are counted
  /// from the calendar's first session, or from the week of 1970-01-05.
  private func block(
    of interval: BarInterval, around date: CivilDate
  ) throws(CalendarError) -> ArraySlice<CivilDate> {
    guard interval.unit == .week else {
      return sessionBlock(of: interval.count, around: date)
    }
    let epoch = CivilDate(dayNumber: 4)
    let week = epoch.distance(to: date.monday) / 7
    let first = epoch.advanced(by: (week - week % interval.count) * 7)
    let last = first.advanced(by: interval.count * 7 - 1)
    return try sessionDays(in: max(first, range.lowerBound)...min(last, range.upperBound))
  }
}

/// How many values of a bar's column become one.
private enum BarAggregate {
  case first, last, highest, lowest, sum

  init(column: String) {
    switch column {
    case "open": self = .first
    case "high": self = .highest
    case "low": self = .lowest
    case "volume", "trades": self = .sum
    default: self = .last
    }
  }

  func of(_ column: Column<Double>, in groups: [Range<Int>]) -> Column<Double> {
    column.withUnsafeValues { values in
      Column(count: groups.count) { out in
        for (index, rows) in groups.enumerated() {
          var result = Double.nan
          for row in rows where !values[row].isNaN {
            result = result.isNaN ? values[row] : joined(result, values[row])
          }
          out.initializeElement(at: index, to: result)
        }
      }
    }
  }

  private func joined(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .first: a
    case .last: b
    case .highest: max(a, b)
    case .lowest: min(a, b)
    case .sum: a + b
    }
  }
}
