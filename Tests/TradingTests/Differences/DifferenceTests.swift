import Features
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

/// Turns its position around at bars that its seed chooses, in the size that the account allows.
private struct Turning: Strategy {
  let seed: UInt64
  /// A bar at which it buys although its seed does not say so.
  var stray: Int?
  private var count = 0
  private var part = 0.0

  init(seed: UInt64, stray: Int? = nil) {
    self.seed = seed
    self.stray = stray
  }

  var name: String { "turning \(seed)" }
  var warmUp: Int { 1 }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    count += 1
    if count == stray {
      desk.submit(OrderIntent(.buy, Quantity(steps: 7 * Quantity.stepsPerUnit), of: bar.instrument))
    }
    // What it saw decides, so that a bar that is missing changes what follows.
    var random = SeededGenerator(seed: seed &+ UInt64(bitPattern: bar.bar.start.nanoseconds))
    guard bar.bar.close.bitPattern % 3 != 0, Int.random(in: 0..<6, using: &random) == 0 else {
      return
    }
    part = part == 0 ? 0.9 : 0
    desk.hold(part, of: bar.instrument)
  }
}

/// The simulated venue, but one of its orders is rejected.
private struct Rejecting: Venue {
  var inner: SimulatedVenue
  let number: Int
  private var count = 0

  init(_ inner: SimulatedVenue, _ number: Int) {
    self.inner = inner
    self.number = number
  }

  var nextDue: Timestamp? { inner.nextDue }

  mutating func take(_ ticket: Ticket, into messages: inout [VenueMessage]) throws(EngineError) {
    if case .submit(let order) = ticket.action {
      count += 1
      if count == number {
        let report = VenueReport(
          order: order.id, time: ticket.time, content: .rejected(.unspecified))
        messages.append(.report(report))
        return
      }
    }
    try inner.take(ticket, into: &messages)
  }

  mutating func observe(
    _ batch: [MarketEvent], into messages: inout [VenueMessage]
  ) throws(EngineError) {
    try inner.observe(batch, into: &messages)
  }

  mutating func advance(
    to now: Timestamp, into messages: inout [VenueMessage]
  ) throws(EngineError) {
    try inner.advance(to: now, into: &messages)
  }
}

@Suite("The account of differences") struct DifferenceTests {
  private struct Faults {
    var fee = false
    var delaySeconds: Int64 = 0
    var missingBar = false
    var rejection = false
    var strayOrder = false
  }

  private static let cent = Cash(steps: 100)

  /// A day of minute bars and what became of it on paper with these faults.
  private func account(_ faults: Faults, seed: UInt64) throws -> DifferenceAccount {
    var random = SeededGenerator(seed: seed)
    var rows = HandFrames.walkRows(bars: 60, seed: seed)
    for place in rows.indices {
      // In cents, as shares are quoted; gaps between bars, so that a delay costs something; and volume
      // enough for a whole order, whose size is then all that a cause can change.
      rows[place] = rows[place].inCents
    }
    let modelled = try HandFrames.minutes(rows)
    let seen =
      try faults.missingBar
      ? HandFrames.minutes(rows, without: Int.random(in: 5..<55, using: &random)) : modelled
    var settings = BacktestSettings()
    settings.resamples = 100
    settings.isContinuous = true
    let strategy = Turning(
      seed: seed, stray: faults.strayOrder ? Int.random(in: 5..<50, using: &random) : nil)
    let rejected = faults.rejection ? Int.random(in: 1...3, using: &random) : 0
    let journal = try Backtest.record(
      frames: [seen], strategy: strategy, settings: settings, journal: MemoryJournal()
    ) { table, rules in
      var rules = rules
      rules.orderDelay += faults.delaySeconds * 1_000_000_000
      if faults.fee { rules.costs.commission = .part(Rate(steps: 20_000)) }
      return Rejecting(SimulatedVenue(table, cash: settings.initialCash, rules: rules), rejected)
    }
    return try DifferenceAccount(
      modelled: [modelled], seen: [seen], strategy: Turning(seed: seed), settings: settings,
      day: RecordedDay(try journal.records()))
  }

  /// All of the difference lies in one column, and the columns sum to it.
  private func expect(_ cause: DifferenceAccount.Cause?, _ account: DifferenceAccount, _ seed: Int)
  {
    let sum = account.amounts.values.reduce(0) { $0 + $1.steps }
    #expect(sum == account.total.steps)
    for other in DifferenceAccount.Cause.allCases where other != cause {
      #expect(
        account.amount(other).steps.magnitude <= Self.cent.steps.magnitude,
        "\(seed): \(other) \(account.amount(other)) of \(account.total)")
    }
    guard let cause else { return }
    #expect((account.amount(cause).steps - account.total.steps).magnitude <= 100)
  }

  private static let days = FuzzBudget.inputs(usual: 1_000, nightly: 5_000)

  @Test("A day without faults has no difference, to the last step")
  func noFault() throws {
    for seed in 0..<40 {
      let account = try self.account(Faults(), seed: UInt64(seed))
      #expect(account.total.isZero)
      expect(nil, account, seed)
    }
  }

  @Test("A fee one basis point higher, on each of many random days, is in the column of fees")
  func fee() throws {
    var faults = Faults()
    faults.fee = true
    try everyDay(faults, .fee)
  }

  // With the longer delay the day ends while orders are on their way.
  @Test("Orders that are late are in the column of timing", arguments: [2, 90])
  func delay(seconds: Int64) throws {
    var faults = Faults()
    faults.delaySeconds = seconds
    try everyDay(faults, .timing)
  }

  @Test("A bar that never came is in the column of data, with every decision it changed")
  func missingBar() throws {
    var faults = Faults()
    faults.missingBar = true
    try everyDay(faults, .data)
  }

  @Test("A rejected order is in the column of fills, with what it led to")
  func rejection() throws {
    var faults = Faults()
    faults.rejection = true
    try everyDay(faults, .fill)
  }

  @Test("An order that the strategy would not have made is in the column of signals")
  func strayOrder() throws {
    var faults = Faults()
    faults.strayOrder = true
    try everyDay(faults, .signal)
  }

  private func everyDay(_ faults: Faults, _ cause: DifferenceAccount.Cause) throws {
    var different = 0
    for seed in 0..<Self.days {
      let account = try self.account(faults, seed: UInt64(seed) &* 7919)
      expect(cause, account, seed)
      if !account.total.isZero { different += 1 }
    }
    // Many days have trades that the fault touches; a single bar is often none of theirs.
    #expect(different > Self.days / 8)
  }

  @Test("All faults in one day: the columns sum to the difference exactly")
  func together() throws {
    let faults = Faults(
      fee: true, delaySeconds: 2, missingBar: true, rejection: true, strayOrder: true)
    var columns: Set<DifferenceAccount.Cause> = []
    for seed in 0..<Self.days {
      let account = try self.account(faults, seed: UInt64(seed) &+ 100_000)
      #expect(account.amounts.values.reduce(0) { $0 + $1.steps } == account.total.steps)
      #expect(account.amount(.rounding).steps.magnitude <= 100)
      for (cause, amount) in account.amounts where !amount.isZero { columns.insert(cause) }
    }
    #expect(columns.isSuperset(of: [.data, .timing, .fill, .fee, .signal]))
  }
}

extension BarValues {
  fileprivate var inCents: BarValues {
    func cents(_ price: Double) -> Double { (price * 100).rounded() / 100 }
    return BarValues(
      open: cents(open), high: cents(high), low: cents(low), close: cents(close), volume: 1_000_000)
  }
}

extension HandFrames {
  /// Bars of a minute one after another, without those left out.
  fileprivate static func minutes(_ rows: [BarValues], without missing: Int? = nil) throws -> Frame
  {
    let kept = rows.indices.filter { $0 != missing }
    guard let symbol = Symbol("TEST") else { throw NotASymbol() }
    let minute: Int64 = 60_000_000_000
    let starts = kept.map { 11_000 * day + 52_200_000_000_000 + Int64($0) * minute }
    let ends = starts.map { $0 + minute }
    let bars = kept.map { rows[$0] }
    return Frame(
      symbol: symbol, interval: .minute, start: Column(starts), end: Column(ends),
      knownAt: Column(ends),
      columns: [
        "open": Column(bars.map(\.open)), "high": Column(bars.map(\.high)),
        "low": Column(bars.map(\.low)), "close": Column(bars.map(\.close)),
        "volume": Column(bars.map(\.volume)),
      ])
  }
}
