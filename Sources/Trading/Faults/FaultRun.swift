import Market
import Numerics
import Runtime

/// One schedule of faults, run to its end, and what was found.
struct FaultRun {
  private typealias Trader = Engine<ErraticStrategy, QueueFeed, FaultyLine, WatchedJournal>

  private let schedule: FaultSchedule
  private let table: InstrumentTable
  private let plant: FaultPlant
  let watch = FaultWatch()
  private var disk: SimulatedDisk
  private var dice: FaultDice
  private var engine: Trader
  /// Fills and positions before the step under way.
  private var heard: (fills: Int, positions: [Quantity]) = (0, [])
  /// What befalls the machine within the step under way.
  private var armed: FaultSchedule.MachineFault?

  /// Runs the schedule of a seed; what it finds is in `watch`.
  static func watch(
    _ world: FaultWorld, seed: UInt64, _ plant: FaultPlant
  ) throws(EngineError) -> FaultWatch {
    let schedule = FaultSchedule(world, seed: seed)
    var run = try FaultRun(schedule, world.table, plant)
    do throws(EngineError) {
      try run.run()
    } catch {
      run.watch.find("it stopped: \(error.diagnosis.finding)")
    }
    return run.watch
  }

  private init(
    _ schedule: FaultSchedule, _ table: InstrumentTable, _ plant: FaultPlant
  ) throws(EngineError) {
    (self.schedule, self.table, self.plant) = (schedule, table, plant)
    dice = FaultDice(seed: schedule.seed, "machine")
    disk = SimulatedDisk()
    let first = try RecoveredAccount(
      plant.disks?(disk) ?? disk, identity: schedule.seed, settings: schedule.journal,
      opening: Self.opening(table, schedule), gate: Self.gate(table, schedule))
    let venue = SimulatedVenue(table, cash: FaultWorld.cash, rules: schedule.rules)
    engine = Trader(
      strategy: ErraticStrategy(seed: schedule.seed), feed: QueueFeed(schedule.market.events),
      venue: FaultyLine(venue, schedule.line, seed: schedule.seed, watch, plant),
      journal: WatchedJournal(first.journal, watch, plant),
      gate: plant.gates?(first.gate, true) ?? first.gate,
      desk: Self.desk(first.account))
    for fault in schedule.market.seen { watch.note(fault) }
  }

  private static func opening(
    _ table: InstrumentTable, _ schedule: FaultSchedule
  ) throws(EngineError) -> Account {
    var ledger = Ledger(table, costRule: schedule.seed.isMultiple(of: 2) ? .average : .firstIn)
    let deposit = VenueBooking(
      id: ExecutionID(high: 0, low: 0), time: Timestamp(nanoseconds: 0), instrument: nil,
      currency: .base, kind: .deposit, cash: FaultWorld.cash)
    do { try ledger.book(deposit) } catch { throw .ledger(error) }
    return Account(table, ledger)
  }

  private static func gate(
    _ table: InstrumentTable, _ schedule: FaultSchedule
  ) throws(EngineError) -> RiskGate {
    guard schedule.limits != .research else { return RiskGate() }
    do throws(RiskLimitsError) {
      return try RiskGate(schedule.limits, table, equity: FaultWorld.cash, zone: .newYork)
    } catch {
      throw .limits(error)
    }
  }

  private static func desk(_ account: Account) -> Desk {
    Desk(
      account: account,
      histories: (0..<account.table.count).map { BarHistory(of: InstrumentID($0)) },
      sizing: Sizing(share: Rate(steps: Rate.stepsPerUnit * 2 / 5), costs: CostModel()))
  }
}

// Steps, and what befalls the machine.
extension FaultRun {
  private mutating func run() throws(EngineError) {
    let header = RunHeader(
      startedAt: schedule.market.events[0].time, seed: schedule.seed, settings: "", code: "",
      instruments: "", strategy: engine.strategy.name)
    try surviving { trader throws(EngineError) in try trader.start(header) }
    var step = 0
    while let next = engine.feed.nextTime {
      let fault = schedule.machine[step]
      arm(fault)
      _ = watch.takeRecent()
      heard = (engine.record.fills.count, positions)
      try surviving { [schedule] trader throws(EngineError) in
        try trader.run(until: next)
        try Self.operate(&trader, step, schedule)
      }
      if fault == .killed || fault == .power { try crash(fault) }
      try checkBooks()
      if fault == nil { checkLimits() }
      try hearOfReconnection()
      step += 1
    }
    try finish()
  }

  private static func operate(
    _ trader: inout Trader, _ step: Int, _ schedule: FaultSchedule
  ) throws(EngineError) {
    if let halts = schedule.halts, step == halts.lowerBound || step == halts.upperBound {
      let kind: OperatorAct.Kind = step == halts.lowerBound ? .halt : .resume
      try trader.operate(OperatorAct(kind, by: "proof", reason: "chance"), at: trader.desk.now)
    }
    guard schedule.saves.contains(step) else { return }
    do { try trader.journal.save(trader.saved) } catch { throw .journal(error) }
  }

  /// Acts on the disk fail from the next but so many on.
  private mutating func arm(_ fault: FaultSchedule.MachineFault?) {
    switch fault {
    case .killedWithin, .powerWithin:
      disk.failure = (dice.below(6), .failed(path: disk.place, reason: "killed"))
    case .diskFull: disk.capacity = disk.state.byteCount + dice.below(400)
    case .killed, .power, nil: return
    }
    armed = fault
  }

  /// Does something; where the machine fails in it, a process that starts anew goes on after it.
  private mutating func surviving(
    _ act: (inout Trader) throws(EngineError) -> Void
  ) throws(EngineError) {
    do throws(EngineError) {
      try act(&engine)
    } catch {
      guard case .journal = error, let fault = armed else { throw error }
      try crash(fault)
    }
  }

  private mutating func crash(_ fault: FaultSchedule.MachineFault?) throws(EngineError) {
    var left = disk.state
    switch fault {
    case .killed, .killedWithin, nil: watch.note(.killed)
    case .diskFull: watch.note(.diskFull)
    case .power, .powerWithin:
      watch.note(left.changesUnderWay.isEmpty ? .killed : .tornWrite)
      left = left.loss(using: &dice)
    }
    armed = nil
    disk = SimulatedDisk(left)
    try restart()
  }

  private mutating func restart() throws(EngineError) {
    let seen = plant.disks?(disk) ?? disk
    let whole = try fold(seen)
    let recovered = try RecoveredAccount(
      seen, identity: schedule.seed, settings: schedule.journal,
      opening: Self.opening(table, schedule), gate: Self.gate(table, schedule))
    if !recovered.account.agrees(with: whole) {
      watch.find("a saved state and the records after it lead to another account than all records")
    }
    var line = engine.venue
    line.restart()
    let now = engine.desk.now
    engine = Trader(
      strategy: engine.strategy, feed: engine.feed, venue: line,
      journal: WatchedJournal(recovered.journal, watch, plant),
      gate: plant.gates?(recovered.gate, false) ?? recovered.gate,
      desk: Self.desk(plant.accounts?(recovered.account) ?? recovered.account))
    try engine.resume(after: recovered, at: now)
    try engine.run(until: now)
    try hearOfReconnection()
  }

  /// The account to which all records of a disk lead, none left out.
  private func fold(_ disk: any JournalDisk) throws(EngineError) -> Account {
    var account = try Self.opening(table, schedule)
    var expected: [Posting] = []
    var digests: [UInt32] = []
    var fault: EngineError?
    do throws(JournalError) {
      _ = try JournalReader(disk).read { stored throws(JournalError) in
        digests.append(CRC32C.checksum(Array(stored.bytes)))
        let record = try stored.decoded()
        do throws(EngineError) {
          try account.replay(record, expecting: &expected)
        } catch {
          fault = error
          throw .unreadable(record: stored.sequence, what: "what the records before lead to")
        }
      }
    } catch {
      throw fault ?? .journal(error)
    }
    watch.restarted(found: digests)
    return account
  }
}

// What must hold.
extension FaultRun {
  private mutating func hearOfReconnection() throws(EngineError) {
    guard engine.venue.needsStatement, !engine.venue.isDown else { return }
    try engine.run(until: engine.desk.now)
    let statement = engine.ask()
    try surviving { trader throws(EngineError) in _ = try trader.reconcile(with: statement) }
  }

  private func checkBooks() throws(EngineError) {
    do { try engine.desk.account.ledger.checkSums() } catch { throw .ledger(error) }
  }

  /// What was sent in the step under way does not make more of an instrument than limits allow, if all
  /// that waits is filled.
  private func checkLimits() {
    // The shares of a split may be booked long after its prices come.
    guard let most = schedule.limits.position.most, !watch.seen.contains(.splitPrice) else {
      return
    }
    let account = engine.desk.account
    // What was heard since an order was judged, fills or bookings, may have made its side larger.
    guard engine.record.fills.count == heard.fills, positions == heard.positions else { return }
    for order in watch.takeRecent() where account.orders[order.id]?.state.isOver == false {
      let (id, side) = (order.intent.instrument, order.intent.side)
      // An exit only closes what its entry brings.
      guard let mark = account.mark(id), order.link?.waitsForEntry != true else { continue }
      // What came after it was judged with it, and an order that closes is held back by no limit.
      let steps =
        account.position(id).steps * (side == .buy ? 1 : -1) + waiting(id, side, to: order.id)
      let worth = Double(Quantity(steps: steps)) * Double(mark)
      // Limits count at the order's own price; a twentieth more is none that was let pass.
      let allowed = Double(account.equity) * Double(most) * 1.05
      guard steps > 0 else { continue }
      if worth > allowed {
        watch.find("\(order.id) may make \(worth) of an instrument, where \(allowed) is the most")
      }
      let alone = Double(order.intent.quantity) * Double(mark)
      if let limit = schedule.limits.order.mostAmount, alone > Double(limit) * 1.05 {
        watch.find("\(order.id) is worth \(alone), where \(limit) is the most")
      }
    }
  }

  private var positions: [Quantity] {
    (0..<table.count).map { engine.desk.account.position(InstrumentID($0)) }
  }

  /// What waits on a side of an instrument, up to an order; of alternatives the largest.
  private func waiting(_ id: InstrumentID, _ side: Side, to last: OrderID) -> Int64 {
    var alternatives: [OrderID: Int64] = [:]
    var sum: Int64 = 0
    for record in engine.desk.account.orders.open.compactMap({ engine.desk.account.orders[$0] }) {
      let order = record.order
      guard order.id <= last, order.intent.instrument == id, order.intent.side == side else {
        continue
      }
      switch order.link?.role {
      case nil, .entry: sum += record.remaining.steps
      case .takeProfit, .stopLoss: continue
      case .alternative:
        let group = order.link?.group ?? order.id
        alternatives[group] = max(alternatives[group] ?? 0, record.remaining.steps)
      }
    }
    return alternatives.values.reduce(sum, +)
  }

  /// Everything that is on its way comes, the books are held against the venue's, and the journal against
  /// the books.
  private mutating func finish() throws(EngineError) {
    disk.failure = nil
    disk.capacity = .max
    try engine.run()
    try engine.run(until: engine.desk.now)
    let statement = engine.ask()
    let differences = try engine.reconcile(
      with: statement, adoption: (by: "proof", reason: "the end"))
    for difference in differences where !isExplained(difference) {
      watch.find("the venue's account differs: \(difference)")
    }
    let after = try engine.reconcile(with: engine.ask())
    for difference in after {
      if case .missing = difference { continue }
      // What has no price yet cannot be adopted.
      if (0..<table.count).contains(where: { engine.desk.account.marks[$0].isZero }) { continue }
      watch.find("after adoption the venue's account differs: \(difference)")
    }
    try checkBooks()
    try engine.finish()
    let account = try fold(plant.disks?(disk) ?? disk)
    if !account.agrees(with: engine.desk.account) {
      watch.find("the journal leads to another account than the run had")
    }
  }

  /// An order that never came to the venue is unknown; and where the venue does not tell executions one by
  /// one, amounts may differ until they are adopted.
  private func isExplained(_ difference: Difference) -> Bool {
    let isVague = !engine.venue.untold.isEmpty
    switch difference {
    case .missing(let id): return isVague || !engine.venue.arrived.contains(id)
    case .cash, .position: return !schedule.line.tellsExecutions
    default: return false
    }
  }
}

extension Engine where V == FaultyLine {
  fileprivate mutating func ask() -> VenueStatement { venue.statement(at: desk.now) }
}
