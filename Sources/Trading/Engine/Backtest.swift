import Evidence
import Features
import Market
import Numerics
import Runtime

/// Runs a strategy over bars: a bar closes, the strategy decides, the order is filled at the next
/// bar's open, and the ledger is marked at each close.
public enum Backtest {
  public static func run(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings
  ) throws(BacktestError) -> BacktestResult {
    try run(frames: frames, strategy: strategy, settings: settings, journal: NoJournal()).result
  }

  /// The same, with a journal of what was decided, sent, reported and booked.
  public static func run<Journal: JournalSink>(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings, journal: Journal
  ) throws(BacktestError) -> (result: BacktestResult, journal: Journal) {
    if let exits = try settings.plannedExits() {
      return try judge(frames, try settings.guarded(strategy, exits), settings, journal)
    }
    return try judge(frames, strategy, settings, journal)
  }

  private static func judge<Journal: JournalSink>(
    _ frames: [Frame], _ strategy: some Strategy, _ settings: BacktestSettings, _ journal: Journal
  ) throws(BacktestError) -> (result: BacktestResult, journal: Journal) {
    try settings.check()
    let market = try BacktestMarket(frames, settings)
    let settings = settings.counting(market)
    let venue = try settings.venue(market.table)
    let engine = try run(market, strategy, settings, venue: venue, journal: journal)
    return (try market.result(of: engine, settings), engine.journal)
  }

  /// The same bars at another venue, as a day on paper is: nothing is judged, and the journal given back.
  ///
  /// - Parameter venue: makes it from the instruments and the rules of the settings.
  public static func record<V: Venue, Journal: JournalSink>(
    frames: [Frame], strategy: some Strategy, settings: BacktestSettings, journal: Journal,
    venue: (InstrumentTable, VenueRules) -> V
  ) throws(BacktestError) -> Journal {
    try settings.check()
    let market = try BacktestMarket(frames, settings)
    let settings = settings.counting(market)
    let venue = venue(market.table, try settings.rules())
    if let exits = try settings.plannedExits() {
      let guarded = try settings.guarded(strategy, exits)
      return try run(market, guarded, settings, venue: venue, journal: journal).journal
    }
    return try run(market, strategy, settings, venue: venue, journal: journal).journal
  }

  /// Runs to the end of the bars.
  static func run<S: Strategy, V: Venue, Journal: JournalSink>(
    _ market: BacktestMarket, _ strategy: S, _ settings: BacktestSettings, venue: V,
    journal: Journal
  ) throws(BacktestError) -> Engine<S, BarFeed, V, Journal> {
    var engine = try settings.engine(
      strategy, market.feed, venue, market.table, market.histories, journal,
      at: market.startedAt)
    engine.record.equity.reserveCapacity(market.rows.reduce(0) { max($0, $1.count) })
    do throws(EngineError) {
      try engine.start(market.header(strategy.name, settings))
      try engine.run()
      try engine.finish()
    } catch {
      throw .engine(error)
    }
    return engine
  }
}

/// The frames of a back-test as instruments, feed and history.
struct BacktestMarket {
  let frames: [Frame]
  private(set) var columns: [BarColumns] = []
  private(set) var rows: [Range<Int>] = []
  let calendar: TradingCalendar
  var table: InstrumentTable
  var lanes: [BarFeed.Lane] = []
  private var notices: [MarketEvent] = []
  var histories: [BarHistory] = []

  init(_ frames: [Frame], _ settings: BacktestSettings) throws(BacktestError) {
    guard !frames.isEmpty else { throw .noFrames }
    self.frames = frames
    calendar = try settings.tradingCalendar()
    table = InstrumentTable(base: try settings.baseCurrency())
    for (place, frame) in frames.enumerated() {
      let id = InstrumentID(place)
      guard table[frame.symbol] == nil, table.add(try settings.instrument(frame.symbol)) == id
      else { throw .twice(frame.symbol) }
      guard frame.interval == frames[0].interval else {
        throw .mixedIntervals(frame.symbol, frame.interval, expected: frames[0].interval)
      }
      do { columns.append(try BarColumns(frame)) } catch { throw .features(error) }
      rows.append(try Self.rows(of: frame, in: settings.range, calendar.zone))
      try checkBars(frame, columns[place], rows[place])
      do throws(CalendarError) {
        lanes.append(
          try BarFeed.Lane(
            frame, columns[place], rows: rows[place], instrument: id, series: SeriesID(place),
            sessions: settings.isContinuous ? nil : calendar))
      } catch {
        throw .calendar(error)
      }
      histories.append(history(id, frame, columns[place], rows[place]))
    }
    var all = settings.notices
    for frame in frames {
      all += try MarketNotice.of(settings.actions, over: frame, in: calendar.zone)
    }
    notices = events(of: all)
  }

  var feed: BarFeed { BarFeed(lanes, notices: notices) }

  /// What happens to these instruments while they trade; what an exchange said before still holds. A share
  /// that is paid out after its last bar is.
  private func events(of notices: [MarketNotice]) -> [MarketEvent] {
    let last = zip(frames, rows).map { $0.knownAt[$1.upperBound - 1] }.max() ?? 0
    return notices.compactMap { notice in
      guard let id = table[notice.symbol] else { return nil }
      switch notice.content {
      case .status(let status):
        guard notice.time.nanoseconds <= last else { return nil }
        return MarketEvent(time: notice.time, instrument: id, content: .status(status))
      case .action(let action):
        guard notice.time >= startedAt, notice.time.nanoseconds <= last + 1 else { return nil }
        return MarketEvent(time: notice.time, instrument: id, content: .action(action))
      }
    }
  }

  private static func rows(
    of frame: Frame, in range: TimeRange, _ zone: Zone
  ) throws(BacktestError) -> Range<Int> {
    if range == .all, frame.count > 0 { return 0..<frame.count }
    let days = (0..<frame.count).map { zone.date(at: Timestamp(nanoseconds: frame.end[$0])) }
    let first = days.firstIndex(where: range.contains) ?? frame.count
    let last = days.lastIndex(where: range.contains) ?? first
    guard first < frame.count else {
      throw .noBars(frame.symbol, asked: range, first: days.first, last: days.last)
    }
    return first..<last + 1
  }

  private func checkBars(
    _ frame: Frame, _ bars: BarColumns, _ rows: Range<Int>
  ) throws(BacktestError) {
    let row = bars.open.withUnsafeValues { open in
      bars.high.withUnsafeValues { high in
        bars.low.withUnsafeValues { low in
          bars.close.withUnsafeValues { close in
            rows.first { row in
              !(low[row] > 0 && high[row] < 9e10 && low[row] <= open[row] && low[row] <= close[row]
                && high[row] >= open[row] && high[row] >= close[row])
            }
          }
        }
      }
    }
    guard let row else { return }
    let bar = bars[row]
    throw .badBar(
      frame.symbol, calendar.zone.date(at: Timestamp(nanoseconds: frame.end[row])),
      finding: "open \(bar.open), high \(bar.high), low \(bar.low), close \(bar.close)")
  }

  /// Bars before the days asked for are known from the start.
  private func history(
    _ id: InstrumentID, _ frame: Frame, _ bars: BarColumns, _ rows: Range<Int>
  ) -> BarHistory {
    var history = BarHistory(of: id)
    history.reserve(rows.upperBound)
    for row in 0..<rows.lowerBound {
      let values = bars[row]
      history.append(
        Bar(
          start: Timestamp(nanoseconds: frame.start[row]),
          end: Timestamp(nanoseconds: frame.end[row]),
          knownAt: Timestamp(nanoseconds: frame.knownAt[row]), open: values.open,
          high: values.high, low: values.low, close: values.close, volume: values.volume))
    }
    return history
  }

  var startedAt: Timestamp {
    let firsts = zip(frames, rows).map { $0.start[$1.lowerBound] }
    return Timestamp(nanoseconds: firsts.min() ?? 0)
  }

  func header(_ strategy: String, _ settings: BacktestSettings) -> RunHeader {
    settings.header(strategy, table, at: startedAt)
  }

  func result<S, Feed, V, J>(
    of engine: Engine<S, Feed, V, J>, _ settings: BacktestSettings
  ) throws(BacktestError) -> BacktestResult {
    let record = engine.record
    do { try engine.desk.account.ledger.audit(fills: record.fills) } catch { throw .ledger(error) }
    guard !record.fills.isEmpty, !record.equity.isEmpty else {
      throw noTrades(engine.strategy, record, engine.desk.account)
    }
    var books = frames.indices.map { TradeBook($0, table) }
    do throws(FixedPointError) {
      var bookings = record.bookings[...]
      for fill in record.fills {
        while let booking = bookings.first, booking.time <= fill.time {
          try note(bookings.removeFirst(), in: &books)
        }
        let place = fill.instrument.place
        try books[place].add(fill, bar: row(of: fill.time, place))
      }
      for booking in bookings { try note(booking, in: &books) }
      for place in books.indices {
        let last = rows[place].upperBound - 1
        try books[place].close(
          at: Price(nearest: columns[place].close[last]),
          time: Timestamp(nanoseconds: frames[place].knownAt[last]), bar: last)
      }
    } catch {
      throw .amount(error)
    }
    var trades = books.flatMap(\.trades)
    for index in trades.indices {
      guard let place = frames.firstIndex(where: { $0.symbol == trades[index].symbol }) else {
        continue
      }
      trades[index].measure(low: columns[place].low, high: columns[place].high)
    }
    let unaffordable = engine.desk.account.orders.records.count {
      $0.end == .unaffordable && $0.filled.isZero
    }
    return BacktestResult(
      strategy: engine.strategy.name, symbols: frames.map(\.symbol), interval: frames[0].interval,
      calendar: calendar, settings: settings, equity: record.equity, fills: record.fills,
      trades: trades.sorted { ($0.entry, $0.symbol) < ($1.entry, $1.symbol) },
      unaffordable: unaffordable, orders: OrderCounts(engine.desk.account.orders, record),
      participation: participation(of: record.fills),
      heldBack: heldBack(record, engine.desk.account.orders), breakers: record.breakers,
      decided: engine.desk.account.orders.records, pace: engine.strategy.pace,
      ledger: engine.desk.account.ledger)
  }

  private func heldBack(_ record: RunRecord, _ orders: OrderList) -> [BacktestResult.HeldBack] {
    func all(
      _ held: [(order: OrderID, denial: Denial)], isReduction: Bool
    ) -> [BacktestResult.HeldBack] {
      held.compactMap { id, denial in
        orders[id].map {
          .init(time: $0.order.createdAt, denial: denial, isReduction: isReduction)
        }
      }
    }
    return all(record.denials, isReduction: false) + all(record.reductions, isReduction: true)
  }

  /// The largest part of a bar's volume that one fill took; `nil` where nobody counted volumes.
  private func participation(of fills: [Fill]) -> Participation? {
    var largest: Participation?
    for fill in fills {
      let place = fill.instrument.place
      let volume = columns[place].volume[row(of: fill.time, place)]
      guard volume > 0 else { continue }
      let share = abs(Double(fill.quantity)) / volume
      if share > largest?.share ?? 0 {
        largest = Participation(symbol: frames[place].symbol, share: share)
      }
    }
    return largest
  }

  private func note(
    _ booking: VenueBooking, in books: inout [TradeBook]
  ) throws(FixedPointError) {
    guard let place = booking.instrument?.place else { return }
    try books[place].add(booking, bar: row(of: booking.time, place) + 1)
  }

  /// The bar in which a fill happened.
  private func row(of time: Timestamp, _ place: Int) -> Int {
    let starts = frames[place].start
    var (low, high) = (rows[place].lowerBound, rows[place].upperBound)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= time.nanoseconds { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  private func noTrades(
    _ strategy: some Strategy, _ record: RunRecord, _ account: Account
  ) -> BacktestError {
    if let first = record.denials.first, record.fills.isEmpty {
      return .allDenied(
        strategy: strategy.name, count: record.denials.count, first: first.denial)
    }
    let days = record.equity.map { calendar.zone.date(at: $0.time) }
    let none = CivilDate(dayNumber: 0)
    return .noTrades(
      strategy: strategy.name, first: days.first ?? none, last: days.last ?? none,
      bars: record.equity.count, warmUp: strategy.warmUp, why: whyUnfilled(account.orders))
  }

  /// What became of orders none of which was filled.
  private func whyUnfilled(_ orders: OrderList) -> String? {
    guard !orders.records.isEmpty else { return nil }
    var ends: [String: Int] = [:]
    for order in orders.records {
      let why = order.end?.words ?? order.rejection?.words ?? "\(order.state)"
      ends[why, default: 0] += 1
    }
    return "its \(orders.records.count) orders were not filled: "
      + ends.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}

extension BacktestSettings {
  /// An engine whose account has the initial cash.
  func engine<S: Strategy, Feed: MarketFeed, V: Venue, Journal: JournalSink>(
    _ strategy: S, _ feed: Feed, _ venue: V, _ table: InstrumentTable, _ histories: [BarHistory],
    _ journal: Journal, at time: Timestamp
  ) throws(BacktestError) -> Engine<S, Feed, V, Journal> {
    Engine(
      strategy: strategy, feed: feed, venue: venue, journal: journal,
      gate: try gate(table, histories),
      desk: Desk(
        account: Account(table, try ledger(table, at: time)), histories: histories,
        sizing: try sizing(instruments: table.count)))
  }

  /// A venue where the account has the initial cash.
  func venue(_ table: InstrumentTable) throws(BacktestError) -> SimulatedVenue {
    SimulatedVenue(table, cash: initialCash, rules: try rules())
  }

  /// Books with the initial cash in them.
  func ledger(_ table: InstrumentTable, at time: Timestamp) throws(BacktestError) -> Ledger {
    guard initialCash > .zero else { throw .ledger(.noCapital(initialCash)) }
    var ledger = Ledger(table)
    let deposit = VenueBooking(
      id: ExecutionID(high: .max, low: 0), time: time, instrument: nil, currency: .base,
      kind: .deposit, cash: initialCash)
    do { try ledger.book(deposit) } catch { throw .ledger(error) }
    return ledger
  }

  func header(_ strategy: String, _ table: InstrumentTable, at time: Timestamp) -> RunHeader {
    RunHeader(
      startedAt: time, seed: seed, settings: SHA256.hash(json.text()).description,
      code: Version.number,
      instruments: table.instruments.map(\.symbol.text).joined(separator: ","), strategy: strategy)
  }
}
