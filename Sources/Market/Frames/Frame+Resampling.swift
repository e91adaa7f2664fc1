import Runtime

extension Frame {
  /// The same trading in coarser bars, which begin and end with `calendar`'s sessions.
  ///
  /// A coarse bar spans its whole place on the session's grid and is known when that is over, or when
  /// its last part was if that is later, even where finer bars are missing. Bars outside `hours` are
  /// left out; a place without a finer bar makes no coarse one. Opens are the first value, highs the
  /// highest, lows the lowest, volumes and trade counts the sum, `vwap` the mean by volume; of every
  /// other column the last value counts. Missing values are passed over.
  ///
  /// - Parameter completeThrough: every bar that ends by then is in this frame; by default, the end of
  ///   its last one. A coarse bar that ends later is still being made and is left out.
  public func resampled(
    to coarse: BarInterval, calendar: TradingCalendar, hours: SessionHours = .regular,
    completeThrough: Timestamp? = nil
  ) throws(FrameError) -> Frame {
    let clock = completeThrough?.nanoseconds ?? (count > 0 ? end[count - 1] : .min)
    let source = try within(hours, of: calendar)
    guard coarse != interval else { return source }
    guard coarse > interval else {
      throw .notCoarser(symbol: symbol, from: interval, to: coarse)
    }
    var groups = try source.groups(coarse, calendar: calendar, hours: hours)
    if let last = groups.last, clock < last.place.upperBound.nanoseconds { groups.removeLast() }
    return source.gathered(groups, coarse)
  }

  /// Rows that make up one coarse bar, and from when to when it goes.
  private struct Group {
    var rows: Range<Int>
    let place: Range<Timestamp>
  }

  /// The groups of rows, all of which lie in sessions.
  private func groups(
    _ coarse: BarInterval, calendar: TradingCalendar, hours: SessionHours
  ) throws(FrameError) -> [Group] {
    var grid = BarGrid(coarse, calendar: calendar, hours: hours)
    var groups: [Group] = []
    for row in 0..<count {
      if let last = groups.last, start[row] < last.place.upperBound.nanoseconds {
        groups[groups.count - 1].rows = last.rows.lowerBound..<row + 1
      } else if let place = try grid.place(of: Timestamp(nanoseconds: start[row])) {
        groups.append(Group(rows: row..<row + 1, place: place))
      }
      guard let last = groups.last, end[row] <= last.place.upperBound.nanoseconds else {
        throw .notCoarser(symbol: symbol, from: interval, to: coarse)
      }
    }
    return groups
  }

  /// One bar for each group of rows.
  private func gathered(_ groups: [Group], _ coarse: BarInterval) -> Frame {
    let rows = groups.map(\.rows)
    let lastRows = rows.map { Int32($0.upperBound - 1) }
    var frame = Frame(
      symbol: symbol, interval: coarse,
      start: Column(groups.map(\.place.lowerBound.nanoseconds)),
      end: Column(groups.map(\.place.upperBound.nanoseconds)),
      knownAt: Column(
        groups.map { max($0.place.upperBound.nanoseconds, knownAt[$0.rows.upperBound - 1]) }),
      columns: [:])
    for name in names {
      guard let column = column(name) else { continue }
      if case .double(let numbers) = column {
        frame = frame.adding(merged(numbers, name, in: rows), as: name)
      } else {
        frame = frame.adding(column.taking(lastRows), as: name)
      }
    }
    return frame
  }

  private func merged(
    _ column: Column<Double>, _ name: String, in groups: [Range<Int>]
  ) -> Column<Double> {
    let volume = self["volume"]
    let empty = ColumnMerge(column: name)
    return column.withUnsafeValues { values in
      Column(count: groups.count) { out in
        for (index, rows) in groups.enumerated() {
          var merge = empty
          for row in rows { merge.add(values[row], volume: volume?[row] ?? .nan) }
          out.initializeElement(at: index, to: merge.result)
        }
      }
    }
  }
}
