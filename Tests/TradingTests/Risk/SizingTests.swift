import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("Sizes, signals and exits") struct SizingTests {
  private let a = InstrumentID(0)
  private let now = EngineBench.at(1000)

  private func signal(
    _ target: Double, _ timeframe: BarInterval = .day, age: Int64 = 0, confidence: Double? = nil
  ) -> Signal {
    Signal(
      a, target: target, timeframe: timeframe,
      at: Timestamp(nanoseconds: now.nanoseconds - age * 60_000_000_000), confidence: confidence)
  }

  @Test(
    "a quarter of Kelly's bet, scaled by confidence: 0.6 and 1.5 bet a third, 0.8 of it a fifteenth"
  )
  func kelly() {
    // 0.6 − 0.4 / 1.5 = 0.3333; × 0.25 × 0.8 = 0.0667.
    let rule = SizeRule.kelly(odds: TradeOdds(winRate: 0.6, payoff: 1.5))
    let part = rule.part(for: signal(1, confidence: 0.8), volatility: nil)
    #expect(abs(part - 0.0666666667) < 1e-9)
    #expect(abs(rule.part(for: signal(-1, confidence: 0.8), volatility: nil) + part) < 1e-12)
    // Odds against it: nothing.
    let losing = SizeRule.kelly(odds: TradeOdds(winRate: 0.3, payoff: 1.5))
    #expect(losing.part(for: signal(1), volatility: nil) == 0)
  }

  @Test(
    "a volatility target of 15%: half the account in what moves 30%, all of it in what moves 10%")
  func volatility() throws {
    let rule = SizeRule.volatilityTarget()
    #expect(rule.part(for: signal(1), volatility: 0.3) == 0.5)
    #expect(rule.part(for: signal(1), volatility: 0.1) == 1)
    for unknown in [nil, 0, -1, .nan, .infinity] as [Double?] {
      #expect(rule.part(for: signal(1), volatility: unknown) == 0)
    }
    // Returns of +1% and −1%: deviation √(4·0.0001/3) a day, × √252.
    let engine = try EngineBench.engine(
      ActingStrategy(),
      [100, 101, 99.99, 100.9899, 99.980001].enumerated().map {
        EngineBench.bar(Int64($0.offset), $0.element)
      }, EngineBench.table("A"), venue: ScriptedVenue())
    var run = engine
    try run.run()
    let history = run.desk.histories[0]
    let found = try #require(history.volatility(bars: 4, barsPerYear: 252))
    #expect(abs(found - 0.183303) < 1e-6)
    #expect(history.volatility(bars: 5, barsPerYear: 252) == nil)
  }

  @Test("equal weights and fixed fractions; what is no number asks for nothing") func others() {
    #expect(SizeRule.equalWeight(names: 4).part(for: signal(1), volatility: nil) == 0.25)
    #expect(SizeRule.equalWeight(names: 4).part(for: signal(-0.5), volatility: nil) == -0.125)
    #expect(SizeRule.fixedFraction(0.1).part(for: signal(1), volatility: nil) == 0.1)
    #expect(SizeRule.fixedFraction(0.1).part(for: signal(.nan), volatility: nil) == 0)
    #expect(SizeRule.fixedFraction(0.1).part(for: signal(9), volatility: nil) == 0.1)
    for bad in [
      SizeRule.fixedFraction(0), .fixedFraction(1.1), .equalWeight(names: 0),
      .volatilityTarget(annual: -1), .kelly(odds: TradeOdds(winRate: 2, payoff: 1)),
      .kelly(odds: TradeOdds(winRate: 0.5, payoff: 0)),
    ] {
      #expect(throws: SizingError.self, "\(bad)") { try bad.check() }
    }
  }

  @Test("the longer timeframe says which way; shorter ones add to it or add nothing")
  func aggregation() throws {
    let five = BarInterval(count: 5, unit: .minute)
    let all = SignalAggregation.standard
    func combined(_ signals: Signal...) -> Signal? { all.combined(signals, at: now) }
    #expect(combined() == nil)
    #expect(combined(signal(1, .week), signal(1), signal(1, five))?.target == 1)
    #expect(combined(signal(1, .week), signal(-1), signal(-1, five))?.target == 0.2)
    #expect(combined(signal(0, .week), signal(-1), signal(1, five))?.target == -0.5)
    #expect(combined(signal(0, .week), signal(0))?.target == 0)
    // Confidence: (0.2 · 0.9 + 0.5 · 0.6) / 0.7 = 0.685714.
    let sure = combined(
      signal(1, .week, confidence: 0.9), signal(1, confidence: 0.6),
      signal(-1, five, confidence: 1))
    #expect(abs((sure?.confidence ?? 0) - 0.6857142857) < 1e-9)
    // The latest of a timeframe counts, none from later, and none that is too old.
    #expect(combined(signal(1, five, age: 50), signal(-1, five, age: 10))?.target == -0.3)
    #expect(combined(signal(1, five, age: 61)) == nil)
    #expect(combined(signal(1, five, age: -1)) == nil)
    #expect(combined(signal(.nan, .week), signal(1))?.target == 0.5)
    let day = SignalAggregation.Timeframe(.day, share: 0.6, oldest: .seconds(1))
    #expect(throws: SizingError.self) { try SignalAggregation([day, day]) }
    #expect(throws: SizingError.self) {
      try SignalAggregation([day, .init(.week, share: 0.5, oldest: .seconds(1))])
    }
  }

  @Test(
    "a signal's order carries its confidence, the width of its interval and what stands behind it")
  func intent() {
    var sure = signal(1, confidence: 0.8)
    sure.interval = Signal.Interval(low: 99, middle: 100, high: 101.5)
    sure.provenance = ProvenanceID(3)
    let intent = sure.intent(.buy, Quantity(whole: 1))
    #expect(intent.confidence == 0.8 && intent.intervalWidth == 0.025)
    #expect(intent.provenance == ProvenanceID(3))
    #expect(Signal.Interval(low: 2, middle: 1, high: 1).width.isNaN)
    #expect(Signal.Interval(low: 0, middle: 0, high: 1).width.isNaN)
  }

  /// Buys 100 at the first bar after `warm`, under a plan of exits.
  private func run(
    _ prices: [Double], change: (inout ExitPlan) -> Void, limits: RiskLimits? = nil
  ) throws -> Engine<GuardedStrategy<ActingStrategy>, QueueFeed, SimulatedVenue, MemoryJournal> {
    var plan = ExitPlan()
    plan.rangeBars = 2
    change(&plan)
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      if count == 4 { desk.submit(RiskBench.buy(100)) }
    }
    let table = try EngineBench.table("A")
    let gate =
      try limits.map {
        try RiskGate($0, table, equity: Cash(whole: 100_000), zone: .utc)
      } ?? RiskGate()
    var engine = try EngineBench.engine(
      GuardedStrategy(strategy, exits: plan),
      prices.enumerated().map { EngineBench.bar(Int64($0.offset), $0.element) }, table,
      venue: EngineBench.venue(table) { $0.isContinuous = true }, gate: gate)
    try engine.run()
    return engine
  }

  @Test("the stop stands two average true ranges below the entry and does not follow")
  func stop() throws {
    // True ranges of 1: the stop of an entry at 100 is at 98.
    let held = try run([100, 101, 100, 101, 100, 98.5, 98.5]) {
      $0.isTrailing = false
    }
    #expect(held.desk.account.position(a) == Quantity(whole: 100))
    let stopped = try run([100, 101, 100, 101, 100, 105, 97.5, 97.5]) { $0.isTrailing = false }
    #expect(stopped.desk.account.position(a).isZero)
    #expect(stopped.record.fills.last?.price == .at(97.5))
  }

  @Test("a trailing stop follows the best price") func trailing() throws {
    // From 105 two ranges down: 103.
    let engine = try run([100, 101, 100, 101, 100, 105, 102.5, 102.5]) { _ in }
    #expect(engine.desk.account.position(a).isZero)
    #expect(engine.record.fills.last?.price == .at(102.5))
  }

  @Test("the profit is taken at its price, and the stop goes with it") func takeProfit() throws {
    let engine = try run([100, 101, 100, 101, 100, 104, 90]) {
      $0.takeProfit = 0.03
      $0.isTrailing = false
    }
    #expect(engine.record.fills.count == 2)
    #expect(engine.record.fills.last?.price == .at(104))
    #expect(engine.desk.account.orders.open.isEmpty)
  }

  @Test("after so many bars the position is sold, whatever it is worth") func time() throws {
    let engine = try run([100, 101, 100, 101, 100, 100, 100, 100, 100]) {
      $0.stopRanges = nil
      $0.mostBars = 2
    }
    #expect(engine.record.fills.count == 2)
    #expect(engine.record.fills.map(\.time) == [EngineBench.at(4), EngineBench.at(6)])
  }

  @Test("under strict limits the exits leave all the same: both of them close one position")
  func underLimits() throws {
    var limits = RiskLimits.research
    limits.leverage.shortSelling = false
    limits.turnover.most = .part(0.11)
    let engine = try run(
      [100, 101, 100, 101, 100, 104, 90],
      change: {
        $0.takeProfit = 0.03
        $0.isTrailing = false
      }, limits: limits)
    #expect(engine.record.denials.isEmpty && engine.record.reductions.isEmpty)
    #expect(engine.desk.account.position(a).isZero)
    let timed = try run(
      [100, 101, 100, 101, 100, 100, 100, 100],
      change: {
        $0.takeProfit = 0.03
        $0.mostBars = 2
      }, limits: limits)
    #expect(timed.record.denials.isEmpty && timed.desk.account.position(a).isZero)
  }
}
