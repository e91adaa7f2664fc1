import Market
import Numerics
import Runtime

/// Everything that one seed makes happen.
struct FaultSchedule {
  /// What befalls the machine, at a step of the run.
  enum MachineFault: CaseIterable {
    /// The process dies between two steps, or within one at some act on the disk.
    case killed, killedWithin
    /// And the power with it: what was not synced is lost in part.
    case power, powerWithin
    case diskFull
  }

  let seed: UInt64
  let market: FaultMarket
  let rules: VenueRules
  let line: FaultyLine.Quality
  let machine: [Int: MachineFault]
  /// Steps after which the state is saved, everything is halted, and goes on.
  let saves: Set<Int>
  let halts: Range<Int>?
  let limits: RiskLimits
  let journal: JournalSettings

  init(_ world: FaultWorld, seed: UInt64) {
    self.seed = seed
    market = FaultMarket(world, seed: seed)
    var dice = FaultDice(seed: seed, "schedule")
    rules = Self.rules(&dice)
    line = Self.line(market.events, &dice)
    let steps = market.events.count
    var machine: [Int: MachineFault] = [:]
    for _ in 0..<dice.below(3) {
      machine[dice.below(steps)] = dice.one(of: MachineFault.allCases)
    }
    self.machine = machine
    saves = Set((0..<dice.below(3)).map { _ in dice.below(steps) })
    let first = dice.below(steps)
    halts = dice.happens(25) ? first..<first + 2 + dice.below(20) : nil
    limits = Self.limits(&dice)
    var journal = JournalSettings()
    journal.segmentBytesMax = dice.one(of: [2048, 8192, 1 << 16])
    journal.blockBytesMax = dice.one(of: [500, 1000, 1 << 16])
    journal.aheadBytes = dice.one(of: [0, 1000])
    self.journal = journal
  }

  private static func rules(_ dice: inout FaultDice) -> VenueRules {
    let part = Rate(steps: Rate.stepsPerUnit / 5000)
    let perShare = Commission.perShare(
      Price(steps: Price.stepsPerUnit / 200), minimum: Cash(steps: Cash.stepsPerUnit),
      most: Rate(steps: Rate.stepsPerUnit / 100))
    let commissions = [Commission.none, .part(part), perShare]
    var rules = VenueRules(
      costs: CostModel(
        halfSpread: part, slippage: dice.one(of: [.none, .part(part), .squareRoot(factor: 0.1)]),
        commission: dice.one(of: commissions)))
    rules.volumeShare = dice.one(of: [1.0, 0.5, 0.1])
    rules.touchFills = dice.happens(50)
    if dice.happens(30) { rules.orderDelay = Int64(dice.below(3600)) * 1_000_000_000 }
    if dice.happens(30) { rules.reportDelay = Int64(dice.below(3600)) * 1_000_000_000 }
    rules.buyingPower =
      dice.happens(50)
      ? .margin(leverage: Rate(steps: 2 * Rate.stepsPerUnit))
      : .cash(settlementSessions: dice.below(3))
    if dice.happens(50) { rules.borrowRate = Rate(steps: Rate.stepsPerUnit / 20) }
    return rules
  }

  private static func limits(_ dice: inout FaultDice) -> RiskLimits {
    var limits = RiskLimits.research
    guard dice.happens(50) else { return limits }
    limits.position.most = .percent(Int64(20 + 10 * dice.below(4)))
    limits.leverage.gross = .percent(160)
    limits.order.mostAmount = Cash(steps: 30_000 * Cash.stepsPerUnit)
    if dice.happens(20) { limits.dailyLoss.part = .percent(5) }
    return limits
  }

  private static func line(
    _ events: [MarketEvent], _ dice: inout FaultDice
  ) -> FaultyLine.Quality {
    var line = FaultyLine.Quality()
    if dice.happens(40) { line.duplicates = 20 }
    if dice.happens(40) { line.delays = 20 }
    if dice.happens(30) { line.rejections = 10 }
    line.losses = dice.one(of: [0, 50, 100])
    line.tellsExecutions = dice.happens(75)
    // The last of the events finds the line up.
    for _ in 0..<(dice.happens(40) ? 1 + dice.below(2) : 0) where events.count > 3 {
      let first = dice.below(events.count - 2)
      let last = min(first + 1 + dice.below(8), events.count - 2)
      let (start, end) = (events[first].time, events[last].time)
      if start < end { line.outages.append(start..<end) }
    }
    return line
  }
}
