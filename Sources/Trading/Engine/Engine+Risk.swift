import Market
import Numerics
import Runtime

// What limits, breakers and persons make the engine do.
extension Engine {
  /// Lets the strategy act on its desk. It may not put another in its place: one of its own making, or a copy
  /// of an earlier turn, would have books that the gate has not seen.
  @inline(__always)
  mutating func consult(_ call: (inout S, inout Desk) -> Void) throws(EngineError) {
    desk.turn &+= 1
    let turn = desk.turn
    call(&strategy, &desk)
    guard desk.turn == turn else { throw .deskReplaced(strategy: strategy.name) }
  }

  /// Where nothing else does, the strategy itself stands behind its orders, with the first of its models;
  /// rows of further ones follow in their order.
  mutating func nameStrategy() {
    guard gate.isWatching, gate.provenance.rows.isEmpty else { return }
    let models = strategy.models
    let ids = (0..<max(1, models.count)).map { place in
      gate.provenance.add(
        Provenance(strategy: strategy.name, model: models.isEmpty ? nil : models[place]),
        for: desk.account.table)
    }
    desk.provenance = ids[0]
  }

  /// Limits and what stands behind orders are part of what a run is a function of.
  func rules() -> [JournalRecord] {
    guard gate.isWatching else { return [] }
    let limits = JournalRecord.changed(
      key: "risk_limits", value: gate.limits.json.text(), at: desk.now)
    return [limits]
      + gate.provenance.rows.enumerated().map { place, row in
        .changed(key: "provenance \(place)", value: row.json.text(), at: desk.now)
      }
  }

  mutating func writeRules() throws(EngineError) {
    for rule in rules() { try write(rule) }
  }

  /// Other limits from now on, journalled with who wanted them and why. What waits was let out under the
  /// old ones and stays.
  public mutating func change(
    _ limits: RiskLimits, by name: String, reason: String, at time: Timestamp
  ) throws(EngineError) {
    desk.now = max(desk.now, time)
    var changed = gate
    do { try changed.take(limits, equity: desk.account.equity) } catch { throw .limits(error) }
    try write(.changed(key: "risk_limits", value: limits.json.text(), at: desk.now))
    try write(.operated(act: "limits", by: name, reason: reason, at: desk.now))
    try commit()
    gate = changed
  }

  /// Does what a person asked for with the kill switch since this was called last; call it now and then
  /// where no events come.
  public mutating func heedSwitch(at time: Timestamp) throws(EngineError) {
    guard let act = gate.killSwitch?.nextAct(isKilled: gate.memory.isKilled) else { return }
    try operate(act, at: time)
  }

  mutating func heedSwitchIfPulled() throws(EngineError) {
    guard let killSwitch = gate.killSwitch else { return }
    killSwitch.look()
    if killSwitch.isPulled, !gate.memory.isKilled { try heedSwitch(at: desk.now) }
  }

  /// Journals what tripped or was set back, and takes back what may no longer wait.
  mutating func tellBreakers() throws(EngineError) {
    guard !gate.news.isEmpty else { return }
    for news in gate.takeNews() {
      switch news {
      case .tripped(let breaker):
        record.breakers.append(breaker)
        try write(
          .operated(
            act: "trip \(breaker.name)", by: "gate",
            reason: "\(breaker.action.rawValue): \(breaker.denial.finding)", at: desk.now))
        for id in desk.account.orders.open where isStopped(id, by: breaker) { desk.cancel(id) }
      case .recovered(let breaker):
        try write(
          .operated(
            act: "recover \(breaker.name)", by: "gate", reason: "the limit holds again",
            at: desk.now))
      }
    }
  }

  /// Whether a working order has to go: all of them, or those that would enlarge a position.
  private func isStopped(_ id: OrderID, by breaker: Breaker) -> Bool {
    guard let order = desk.account.orders[id]?.order,
      desk.account.table.contains(order.intent.instrument),
      breaker.instrument == nil || breaker.instrument == order.intent.instrument
    else { return false }
    switch breaker.action {
    case .reject: return false
    case .flatten, .halt: return true
    case .reduce:
      if order.link?.waitsForEntry == true { return false }
      let held = desk.account.position(order.intent.instrument).sign
      return held == 0 || held == (order.intent.side == .buy ? 1 : -1)
    }
  }

  /// Closes what is to be closed, one order an instrument, once nothing of it is under way.
  mutating func closePositions() throws(EngineError) {
    guard gate.isClosing else { return }
    for place in 0..<desk.account.table.count {
      let id = InstrumentID(place)
      let held = desk.account.position(id)
      guard gate.isClosing(id), !held.isZero, held != .min else { continue }
      let isUnderWay = desk.account.orders.open.contains {
        desk.account.orders[$0]?.order.intent.instrument == id
      }
      guard !isUnderWay else { continue }
      desk.submit(
        OrderIntent(
          held.isNegative ? .buy : .sell,
          Quantity(steps: held.isNegative ? -held.steps : held.steps), of: id))
    }
    try settle()
  }

  /// What was taken back is answered before what takes its place is judged.
  func mustWait(_ request: Desk.Request, _ tickets: [Ticket]) -> Bool {
    guard gate.isWatching, case .submit(let id) = request,
      let instrument = desk.account.orders[id]?.order.intent.instrument
    else { return false }
    return tickets.contains { ticket in
      guard case .cancel(let cancelled) = ticket.action else { return false }
      return desk.account.orders[cancelled]?.order.intent.instrument == instrument
    }
  }
}
