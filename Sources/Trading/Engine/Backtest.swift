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
    try settings.check()
    guard !frames.isEmpty else { throw .noFrames }
    var run = try Run(frames: frames, strategy: strategy, settings: settings)
    for moment in run.moments() { try run.close(moment) }
    return try run.finished()
  }
}

/// One symbol on its way through time.
private struct Lane {
  let frame: Frame
  let bars: BarColumns
  let rows: Range<Int>
  var pending: NextOpenOrder?
  var book: TradeBook

  let zone: Zone

  init(_ frame: Frame, range: TimeRange, zone: Zone) throws(BacktestError) {
    self.frame = frame
    self.zone = zone
    do { bars = try BarColumns(frame) } catch { throw .features(error) }
    let days = (0..<frame.count).map { zone.date(at: Timestamp(nanoseconds: frame.end[$0])) }
    let first = days.firstIndex(where: range.contains) ?? frame.count
    let last = days.lastIndex(where: range.contains) ?? first
    guard first < frame.count else {
      throw .noBars(frame.symbol, asked: range, first: days.first, last: days.last)
    }
    rows = first..<last + 1
    book = TradeBook(symbol: frame.symbol)
  }

  func badBar(_ row: Int) -> BacktestError {
    let bar = bars[row]
    return .badBar(
      frame.symbol, zone.date(at: Timestamp(nanoseconds: frame.end[row])),
      finding: "open \(bar.open), high \(bar.high), low \(bar.low), close \(bar.close)")
  }

  func close(_ row: Int) throws(FixedPointError) -> Price { try Price(nearest: bars.close[row]) }
}

/// Bars that become known at the same instant, in the order of their lanes.
private struct Moment {
  let time: Timestamp
  var bars: [(lane: Int, row: Int)]
}

private struct Run<S: Strategy> {
  var lanes: [Lane]
  var strategy: S
  let settings: BacktestSettings
  let calendar: TradingCalendar
  let venue: NextOpenVenue
  var ledger: NextOpenLedger
  var prices: [Symbol: Price] = [:]
  var equity: [EquityPoint] = []
  var fills: [NextOpenFill] = []
  var unaffordable = 0
  let share: Rate

  init(frames: [Frame], strategy: S, settings: BacktestSettings) throws(BacktestError) {
    calendar = try settings.tradingCalendar()
    lanes = []
    for frame in frames {
      guard !lanes.contains(where: { $0.frame.symbol == frame.symbol }) else {
        throw .twice(frame.symbol)
      }
      guard frame.interval == frames[0].interval else {
        throw .mixedIntervals(frame.symbol, frame.interval, expected: frames[0].interval)
      }
      lanes.append(try Lane(frame, range: settings.range, zone: calendar.zone))
    }
    self.strategy = strategy
    self.settings = settings
    venue = NextOpenVenue(costs: try settings.costs())
    do { ledger = try NextOpenLedger(capital: settings.initialCash) } catch { throw .ledger(error) }
    do {
      share = try Rate(nearest: (1 - settings.cashReserve) / Double(frames.count))
    } catch { throw .amount(error) }
  }

  func moments() -> [Moment] {
    var all: [(time: Int64, lane: Int, row: Int)] = []
    for (lane, content) in lanes.enumerated() {
      all += content.rows.map { (content.frame.knownAt[$0], lane, $0) }
    }
    all.sort { ($0.time, $0.lane, $0.row) < ($1.time, $1.lane, $1.row) }
    var moments: [Moment] = []
    for (time, lane, row) in all {
      if moments.last?.time.nanoseconds != time {
        moments.append(Moment(time: Timestamp(nanoseconds: time), bars: []))
      }
      moments[moments.count - 1].bars.append((lane, row))
    }
    return moments
  }

  /// The open fills what was ordered before; the close marks the books and leads to new orders.
  mutating func close(_ moment: Moment) throws(BacktestError) {
    // Sales first: what they bring can pay for purchases at the same open.
    for (lane, row) in moment.bars where lanes[lane].pending?.quantity.isNegative == true {
      try fillPending(lane, row)
    }
    for (lane, row) in moment.bars { try fillPending(lane, row) }
    for (lane, row) in moment.bars where !(lanes[lane].bars.close[row] > 0) {
      throw lanes[lane].badBar(row)
    }
    let worth = try exact { () throws(FixedPointError) in
      for (lane, row) in moment.bars {
        prices[lanes[lane].frame.symbol] = try lanes[lane].close(row)
      }
      return try ledger.equity(at: prices)
    }
    let cash = Double(ledger.balance(.cash))
    equity.append(
      EquityPoint(time: moment.time, equity: worth, exposure: 1 - cash / Double(worth)))
    for (lane, row) in moment.bars { try decide(lane, row, at: moment.time, equity: worth) }
  }

  private mutating func fillPending(_ lane: Int, _ row: Int) throws(BacktestError) {
    let frame = lanes[lane].frame
    let opening = Timestamp(nanoseconds: frame.start[row])
    guard let order = lanes[lane].pending, opening >= order.createdAt else { return }
    lanes[lane].pending = nil
    let bar = lanes[lane].bars[row]
    guard bar.isTradable else { throw lanes[lane].badBar(row) }
    let cash = ledger.balance(.cash)
    let fill = try exact { () throws(FixedPointError) in
      try venue.fill(order, at: bar, opening: opening, cash: cash)
    }
    guard let fill else {
      unaffordable += 1
      return
    }
    do { try ledger.book(fill) } catch { throw .ledger(error) }
    fills.append(fill)
    try exact { () throws(FixedPointError) in try lanes[lane].book.add(fill, bar: row) }
  }

  private mutating func decide(
    _ lane: Int, _ row: Int, at now: Timestamp, equity: Cash
  ) throws(BacktestError) {
    let symbol = lanes[lane].frame.symbol
    let view = MarketView(symbol: symbol, now: now, count: row + 1, bars: lanes[lane].bars)
    guard let part = strategy.barClosed(view) else { return }
    let held = ledger.position(symbol)
    let change = try exact { () throws(FixedPointError) in
      let wanted = try Rate(nearest: min(max(part, 0), 1))
      let budget = try CashAmount(CashAmount(equity, times: share).cash, times: wanted).cash
      // Sized at the last close as if it were the price to pay, costs included.
      let price = try lanes[lane].close(row)
      return try venue.affordable(budget, price).subtracting(held)
    }
    lanes[lane].pending =
      change.isZero ? nil : NextOpenOrder(symbol: symbol, quantity: change, createdAt: now)
  }

  mutating func finished() throws(BacktestError) -> BacktestResult {
    do { try ledger.audit(fills) } catch { throw .ledger(error) }
    try exact { () throws(FixedPointError) in
      for index in lanes.indices {
        let last = lanes[index].rows.upperBound - 1
        try lanes[index].book.close(
          at: lanes[index].close(last),
          time: Timestamp(nanoseconds: lanes[index].frame.knownAt[last]), bar: last)
      }
    }
    guard !fills.isEmpty, let first = equity.first, let last = equity.last else {
      throw noTrades()
    }
    precondition(first.time <= last.time, "moments are in order")
    return BacktestResult(
      strategy: strategy.name, symbols: lanes.map(\.frame.symbol),
      interval: lanes[0].frame.interval, calendar: calendar, settings: settings, equity: equity,
      fills: fills,
      trades: lanes.flatMap(\.book.trades).sorted { ($0.entry, $0.symbol) < ($1.entry, $1.symbol) },
      unaffordable: unaffordable, ledger: ledger)
  }

  private func noTrades() -> BacktestError {
    let days = equity.map { calendar.zone.date(at: $0.time) }
    let none = CivilDate(dayNumber: 0)
    return .noTrades(
      strategy: strategy.name, first: days.first ?? none, last: days.last ?? none,
      bars: equity.count, warmUp: strategy.warmUp)
  }

  private func exact<Value>(
    _ compute: () throws(FixedPointError) -> Value
  ) throws(BacktestError) -> Value {
    do { return try compute() } catch { throw .amount(error) }
  }
}

extension BarValues {
  /// Whether its prices are there, above zero and in order.
  fileprivate var isTradable: Bool {
    low.isFinite && high.isFinite && low > 0 && low <= min(open, close) && high >= max(open, close)
  }
}
