import Features
import Market
import Runtime

/// Bars of frames as a feed, and what else happens to their instruments: by the time they are known, those
/// of one instant together.
public struct BarFeed: MarketFeed {
  private var lanes: [BarLane]
  /// In the order of time, rank and instrument; of those before this place nothing is left to say.
  private let notices: [MarketEvent]
  private var notice = 0
  /// Of the next event, or never; kept, because it is asked for more often than it changes.
  private var next = Int64.max

  /// Where the feed stands in a series of bars.
  struct BarLane: @unchecked Sendable {
    // Safe to send: columns are immutable, and their owners are kept here.
    let owners: [AnyObject]
    let start, end, knownAt: UnsafeBufferPointer<Int64>
    let open, high, low, close, volume: UnsafeBufferPointer<Double>
    let instrument: InstrumentID
    let series: SeriesID
    let places: [SessionPlace]
    let usualPlace: SessionPlace
    var row: Int
    let endRow: Int

    /// When the next bar is known, or never.
    var next: Int64 { row < endRow ? knownAt[row] : .max }
  }

  /// - Parameter notices: what comes before prices at one instant: actions, and words of the exchange.
  public init(_ lanes: [Lane], notices: [MarketEvent] = []) {
    self.lanes = lanes.map(\.storage)
    self.notices = notices.sorted {
      ($0.time, $0.rank, $0.instrument) < ($1.time, $1.rank, $1.instrument)
    }
    findNext()
  }

  public var nextTime: Timestamp? {
    next == .max ? nil : Timestamp(nanoseconds: next)
  }

  private mutating func findNext() {
    next = .max
    for lane in lanes { next = min(next, lane.next) }
    if notice < notices.count { next = min(next, notices[notice].time.nanoseconds) }
  }

  public mutating func next(into batch: inout [MarketEvent]) {
    if !batch.isEmpty { batch.removeAll(keepingCapacity: true) }
    guard let time = nextTime else { return }
    guard !addNotices(at: time, to: &batch) else { return findNext() }
    for index in lanes.indices {
      while lanes[index].next == time.nanoseconds {
        batch.append(lanes[index].event(at: time))
        lanes[index].row += 1
      }
    }
    findNext()
  }
}

extension BarFeed {
  /// Those of one rank; `false` where there are none at this time.
  private mutating func addNotices(at time: Timestamp, to batch: inout [MarketEvent]) -> Bool {
    guard notice < notices.count, notices[notice].time == time else { return false }
    let rank = notices[notice].rank
    while notice < notices.count, notices[notice].time == time, notices[notice].rank == rank {
      batch.append(notices[notice])
      notice += 1
    }
    return true
  }

  /// Every event it would give, as a recording keeps them.
  func captured() -> [UInt8] {
    var feed = self
    var writer = ByteWriter()
    var batch: [MarketEvent] = []
    repeat {
      feed.next(into: &batch)
      for event in batch { event.write(to: &writer) }
    } while !batch.isEmpty
    return writer.bytes
  }

  /// A series of bars of one instrument, and which of its rows are fed.
  public struct Lane: Sendable {
    let storage: BarLane

    /// - Parameters:
    ///   - columns: of `frame`
    ///   - sessions: whose hours bars shorter than a day are held against; `nil` for a market that
    ///     never closes
    public init(
      _ frame: Frame, _ columns: BarColumns, rows: Range<Int>, instrument: InstrumentID,
      series: SeriesID, sessions: TradingCalendar?, isExecution: Bool = true
    ) throws(CalendarError) {
      let times = [frame.start.handle, frame.end.handle, frame.knownAt.handle]
      let values = [columns.open, columns.high, columns.low, columns.close, columns.volume]
        .map(\.handle)
      let isWhole = !frame.interval.isIntraday
      let role: SessionPlace = isExecution ? [] : .information
      var places: [SessionPlace] = []
      if let sessions, !isWhole {
        places = try SessionPlaces.of(frame, rows: rows, in: sessions).map { $0.union(role) }
      }
      storage = BarLane(
        owners: times.map(\.owner) + values.map(\.owner), start: times[0].values,
        end: times[1].values, knownAt: times[2].values, open: values[0].values,
        high: values[1].values, low: values[2].values, close: values[3].values,
        volume: values[4].values, instrument: instrument, series: series, places: places,
        usualPlace: role.union(isWhole && sessions != nil ? [.first, .last] : []),
        row: rows.lowerBound, endRow: rows.upperBound)
    }
  }
}

extension BarFeed.BarLane {
  func bar(_ row: Int) -> Bar {
    Bar(
      start: Timestamp(nanoseconds: start[row]), end: Timestamp(nanoseconds: end[row]),
      knownAt: Timestamp(nanoseconds: knownAt[row]), open: open[row], high: high[row],
      low: low[row], close: close[row], volume: volume[row])
  }

  /// Where a bar lies in its session.
  func place(of row: Int) -> SessionPlace {
    places.isEmpty ? usualPlace : places[row - (endRow - places.count)]
  }

  fileprivate func event(at time: Timestamp) -> MarketEvent {
    MarketEvent(
      time: time, instrument: instrument, content: .bar(bar(row), series, place(of: row)))
  }
}

/// Where bars shorter than a day lie in their sessions.
enum SessionPlaces {
  static func of(
    _ frame: Frame, rows: Range<Int>, in calendar: TradingCalendar
  ) throws(CalendarError) -> [SessionPlace] {
    var places: [SessionPlace] = []
    places.reserveCapacity(rows.count)
    var session: Session?
    var date: CivilDate?
    var hasBegun = false
    for row in rows {
      let start = Timestamp(nanoseconds: frame.start[row])
      if session?.range(.extended).contains(start) != true {
        let day = calendar.zone.date(at: start)
        if day != date {
          session = try calendar.session(on: day)
          (date, hasBegun) = (day, false)
        }
      }
      guard let session, session.range().contains(start) else {
        places.append(.outside)
        continue
      }
      var place: SessionPlace = hasBegun ? [] : .first
      hasBegun = true
      if frame.end[row] >= session.close.nanoseconds { place.insert(.last) }
      places.append(place)
    }
    return places
  }
}
