import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Corporate actions and notices in back-tests") struct CorporateActionTests {
  /// Buys 100 after the first bar and sells all after the one numbered `leaving`.
  private func trader(leaving: Int = .max) -> ActingStrategy {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      if count == 1 { desk.submit(OrderIntent(.buy, Quantity(whole: 100), of: bar.instrument)) }
      guard count == leaving else { return }
      desk.submit(
        OrderIntent(.sell, desk.account.position(bar.instrument), of: bar.instrument))
    }
    return strategy
  }

  private func flat(_ prices: [Double]) throws -> Frame {
    try HandFrames.frame(
      prices.map { BarValues(open: $0, high: $0, low: $0, close: $0, volume: 1e6) })
  }

  private func day(_ number: Int) -> CivilDate { CivilDate(dayNumber: Int32(10957 + number)) }

  private func action(_ day: Int, _ kind: CorporateAction.Kind) throws -> CorporateAction {
    CorporateAction(
      symbol: try Symbol(parsing: "TEST"), date: self.day(day),
      knownAt: Timestamp(nanoseconds: 0), kind: kind)
  }

  private func run(
    _ frame: Frame, _ strategy: ActingStrategy, _ actions: [CorporateAction] = [],
    change: (inout BacktestSettings) -> Void = { _ in }
  ) throws -> BacktestResult {
    try strategy.run(on: frame) {
      ($0.halfSpreadBasisPoints, $0.commissionBasisPoints) = (0, 0)
      $0.actions = actions
      change(&$0)
    }
  }

  @Test("A split doubles what is held and costs nothing: 100 bought at 20 are 200 sold at 11")
  func split() throws {
    let frame = try flat([20, 20, 20, 10, 10, 11, 11])
    let result = try run(frame, trader(leaving: 5), [action(3, .split(ratio: 2))])
    #expect(result.fills.map(\.quantity) == [Quantity(whole: 100), Quantity(whole: -200)])
    #expect(
      result.equity.map(\.equity) == [0, 0, 0, 0, 0, 200, 200].map { Cash(whole: 100_000 + $0) })
    let trade = try #require(result.trades.first)
    #expect(result.trades.count == 1 && !trade.isOpen)
    #expect(trade.quantity == Quantity(whole: 200) && trade.profit == Cash(whole: 200))
    #expect(trade.entryPrice == 10 && trade.exitPrice == 11)
    // The prices before it are twice those after it, and no loss.
    #expect(trade.adverse == 0 && trade.favourable == 200)
  }

  @Test("A dividend is paid on what was held when its day began, and belongs to the trade")
  func dividend() throws {
    let frame = try flat([20, 20, 20, 19.5, 19.5, 19.5, 19.5])
    let paid = try run(frame, trader(leaving: 5), [action(3, .dividend(amount: 0.5))])
    #expect(paid.equity.allSatisfy { $0.equity == Cash(whole: 100_000) })
    #expect(paid.trades.map(\.profit) == [.zero])
    // The day of the purchase is too late.
    let late = try run(frame, trader(leaving: 5), [action(1, .dividend(amount: 0.5))])
    #expect(late.trades.map(\.profit) == [Cash(whole: -50)])
  }

  @Test("A share that trades no more is paid out at its last close")
  func delisted() throws {
    let frame = try flat([20, 20, 25])
    let result = try run(frame, trader(), [action(2, .delisted)])
    #expect(result.ledger.position(InstrumentID(0)).isZero)
    #expect(result.ledger.cash() == Cash(whole: 100_500))
    #expect(result.trades.map(\.isOpen) == [false])
    #expect(result.trades.map(\.profit) == [Cash(whole: 500)])
  }

  @Test("Actions before the first bar, after the last and of other shares change nothing")
  func elsewhere() throws {
    let frame = try flat([20, 20, 20, 20, 20])
    let plain = try run(frame, trader(leaving: 4))
    let other = CorporateAction(
      symbol: try Symbol(parsing: "OTHER"), date: day(2), knownAt: Timestamp(nanoseconds: 0),
      kind: .split(ratio: 2))
    let actions = [
      try action(-5, .split(ratio: 2)), try action(90, .split(ratio: 3)), other,
      try action(2, .renamed(to: Symbol(parsing: "NEW"))),
    ]
    let result = try run(frame, trader(leaving: 4), actions)
    #expect(result.fills == plain.fills && result.equity == plain.equity)
  }

  @Test("A halt fills nothing, bands hold prices, and what an exchange said before still holds")
  func notices() throws {
    let frame = try flat([20, 20, 20, 21, 22])
    let symbol = try Symbol(parsing: "TEST")
    func notice(_ day: Int, _ status: TradingStatus) -> MarketNotice {
      MarketNotice(
        symbol, at: Timestamp(nanoseconds: (10957 + Int64(day)) * HandFrames.day),
        .status(status))
    }
    var patient = trader()
    patient.closed = { bar, count, desk in
      guard count == 1 else { return }
      desk.submit(
        OrderIntent(
          .buy, Quantity(whole: 100), of: bar.instrument, timeInForce: .untilCancelled))
    }
    let halted = try run(frame, patient) { $0.notices = [notice(1, .halted), notice(3, .resumed)] }
    #expect(halted.fills.map(\.price) == [Price(steps: 21 * Price.stepsPerUnit)])
    let banded = try run(frame, patient) {
      $0.notices = [
        notice(-9, .bands(lower: .at(10), upper: .at(20))), notice(4, .noBands),
      ]
    }
    #expect(banded.fills.map(\.price) == [Price(steps: 22 * Price.stepsPerUnit)])
    let limited = try run(try flat([20, 22, 22, 22]), patient) { $0.venue.priceBand = 0.1 }
    #expect(limited.fills.map(\.time.nanoseconds) == [frame.start[2]])
  }

  @Test("A file of notices is read, and what is wrong with it is told with its line")
  func file() throws {
    let text = """
      time,symbol,notice
      2020-03-09T13:34:13Z,SPY,halted
      2020-03-09T13:49:13Z, SPY, resumed

      2021-01-28T14:30:00Z,GME,bands,300,400.5
      2021-01-28T14:30:00Z,GME,borrowable,1000
      """
    let notices = try MarketNotice.read(csv: text, file: "halts.csv")
    #expect(
      notices.map(\.content) == [
        .status(.halted), .status(.resumed), .status(.bands(lower: .at(300), upper: .at(400.5))),
        .status(.borrowable(Quantity(whole: 1000))),
      ])
    for (line, place) in [
      ("2020-03-09,SPY,halted", "halts.csv:1"), ("2020-03-09T13:34:13Z,SPY", "halts.csv:1"),
      ("\n2020-03-09T13:34:13Z,SPY,halt", "halts.csv:2"),
      ("2020-03-09T13:34:13Z,SPY,bands,400,300", "halts.csv:1"),
      ("2020-03-09T13:34:13Z,SPY,bands,400", "halts.csv:1"),
      ("2020-03-09T13:34:13Z,SPY,borrowable,-1", "halts.csv:1"),
      ("2020-03-09T13:34:13Z,,halted", "halts.csv:1"),
    ] {
      let error = #expect(throws: NoticeError.self) {
        try MarketNotice.read(csv: line, file: "halts.csv")
      }
      #expect(error?.diagnosis.place == place, "\(line)")
    }
  }

  @Test(
    "A run with actions and halts that was recorded replays to the same journal, at 1 and 3 threads"
  )
  func recorded() throws {
    let folder = try TemporaryFolder()
    var settings = BacktestSettings()
    let symbol = try Symbol(parsing: "TEST")
    settings.actions = [
      try action(60, .split(ratio: 3)), try action(90, .dividend(amount: 0.25)),
    ]
    settings.notices = [
      MarketNotice(
        symbol, at: Timestamp(nanoseconds: 11_000 * HandFrames.day), .status(.halted)),
      MarketNotice(
        symbol, at: Timestamp(nanoseconds: 11_009 * HandFrames.day), .status(.resumed)),
    ]
    settings.leverage = 1
    settings.costs.plan = .ibTiered
    settings.costs.slippageModel = .squareRoot
    settings.costs.borrowRate = 0.03
    settings.venue.volumeShare = 0.5
    settings.venue.priceBand = 0.2
    settings.venue.reportDelay = .seconds(2)
    try RecordedRun.record(
      frames: [try HandFrames.walk(bars: 200, seed: 3)], recipe: .small("sma_cross"),
      settings: settings, in: folder.root + "/run")
    let run = try RecordedRun(in: folder.root + "/run")
    #expect(run.settings.costs == settings.costs && run.settings.venue == settings.venue)
    let verdict = try run.replay(threads: 3)
    #expect(verdict.isSame && verdict.difference == nil)
    // One folder, one run.
    #expect(throws: RecordingError.taken(folder.root + "/run")) {
      try RecordedRun.record(
        frames: [try HandFrames.walk(bars: 200, seed: 3)], recipe: .small("sma_cross"),
        settings: settings, in: folder.root + "/run")
    }
  }
}

@Suite("Costs and venue of a back-test") struct CostSettingsTests {
  private func result(
    _ bars: Int = 200, change: (inout BacktestSettings) -> Void
  ) throws -> BacktestResult {
    try SMACross(fast: 3, slow: 9).run(on: HandFrames.walk(bars: bars, seed: 8)) {
      ($0.halfSpreadBasisPoints, $0.commissionBasisPoints) = (0, 0)
      change(&$0)
    }
  }

  @Test("Each broker's plan charges each fill what it says")
  func plans() throws {
    let perShare = try result {
      $0.costs.plan = .perShare
      ($0.costs.perShare, $0.costs.least, $0.costs.mostPart) = (0.01, 2, 1)
    }
    for fill in perShare.fills {
      let shares = abs(Double(fill.quantity))
      #expect(abs(Double(fill.commission) - max(2, shares * 0.01)) < 1e-4)
    }
    let perOrder = try result {
      $0.costs.plan = .perOrder
      $0.costs.perOrder = 7
    }
    #expect(perOrder.fills.allSatisfy { $0.commission == Cash(whole: 7) })
    let india = try result { $0.costs.plan = .indiaDelivery }
    #expect(india.fills.allSatisfy { $0.commission.isZero && $0.taxes > .zero })
    let fixed = try result { $0.costs.plan = .ibFixed }
    #expect(fixed.fills.allSatisfy { $0.commission >= Cash(whole: 1) })
  }

  @Test("Each kind of slippage makes fills worse than the market's price, by what it says")
  func slippage() throws {
    func worse(_ change: (inout CostSettings) -> Void) throws -> [Double] {
      try result { change(&$0.costs) }.fills.map { fill in
        let (price, reference) = (Double(fill.price), Double(fill.execution.reference))
        return (price / reference - 1) * (fill.quantity.isNegative ? -1 : 1)
      }
    }
    let bps = try worse { ($0.slippageModel, $0.slippage) = (.basisPoints, 25) }
    #expect(bps.allSatisfy { abs($0 - 0.0025) < 1e-6 })
    let amount = try worse { ($0.slippageModel, $0.slippagePerShare) = (.perShare, 0.5) }
    #expect(amount.allSatisfy { $0 > 0 })
    for model in [CostSettings.SlippageModel.volumeShare, .squareRoot] {
      let (small, large) = (
        try worse { ($0.slippageModel, $0.impact) = (model, 0.01) },
        try worse { ($0.slippageModel, $0.impact) = (model, 0.1) }
      )
      #expect(small.count > 5 && zip(small, large).allSatisfy { $0 > 0 && $1 > $0 }, "\(model)")
    }
  }

  @Test(
    "Twice the costs are twice every charge, whatever the plan",
    arguments: CostSettings.Plan.allCases)
  func doubled(plan: CostSettings.Plan) throws {
    func fees(_ multiple: Int64) throws -> Cash {
      // The first purchase alone: what follows depends on what is left.
      let fill = try #require(
        try result {
          $0.costs.plan = plan
          $0.commissionBasisPoints = 3
          $0.costMultiple = multiple
        }.fills.first)
      return try fill.commission.adding(fill.taxes)
    }
    let ratio = Double(try fees(2)) / Double(try fees(1))
    #expect(abs(ratio - 2) < 0.01)
  }

  @Test("A share of volume, latency, settlement and borrowing reach the venue")
  func venue() throws {
    let whole = try result { _ in }
    let thin = try result { $0.venue.volumeShare = 0.1 }
    #expect(thin.fills.allSatisfy { abs(Double($0.quantity)) <= 100 })
    #expect(whole.fills.contains { abs(Double($0.quantity)) > 100 })
    let late = try result { $0.venue.orderDelay = .seconds(3600 * 30) }
    // An order that comes within a bar waits for the next one.
    #expect(zip(whole.fills, late.fills).allSatisfy { $0.time < $1.time })
    for change: (inout BacktestSettings) -> Void in [
      { ($0.leverage, $0.venue.settlementSessions) = (2, 1) }, { $0.costs.borrowRate = 0.02 },
    ] {
      #expect(throws: BacktestError.self) { try result(change: change) }
    }
  }

  @Test("What only the engine knows is not left to the kernel of sweeps") func kernel() throws {
    let frame = try HandFrames.walk(bars: 300, seed: 8)
    var settings = BacktestSettings()
    func kernel() throws -> VectorRun? {
      try VectorMarket(frame, settings).run(SMACross(fast: 3, slow: 9))
    }
    #expect(try kernel() != nil)
    settings.costs.slippageModel = .basisPoints
    #expect(try kernel() != nil)
    for change: (inout BacktestSettings) -> Void in [
      { $0.costs.plan = .ibTiered }, { $0.costs.slippageModel = .squareRoot },
      { $0.venue.priceBand = 0.1 }, { $0.venue.settlementSessions = 1 },
      { $0.venue.orderDelay = .seconds(1) },
    ] {
      settings = BacktestSettings()
      change(&settings)
      #expect(try kernel() == nil)
    }
  }
}
