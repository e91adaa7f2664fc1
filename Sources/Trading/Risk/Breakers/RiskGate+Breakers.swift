import Market
import Numerics
import Runtime

// What the account is worth, as the gate follows it, and what trips when too much of it is lost.
extension RiskGate {
  /// Looks at what the account is worth now; what that leads to is in `news`.
  mutating func observe(_ account: Account, at now: Timestamp) {
    guard isWatching else { return }
    let today = zone.date(at: now)
    if memory.day != today { begin(today, account) }
    memory.latest = account.equity
    memory.best = max(memory.best, account.equity)
    judge(.dailyLoss, limits.dailyLoss, from: memory.dayStart, (.dailyLoss, .dailyLossAmount), now)
    judge(
      .weeklyLoss, limits.weeklyLoss, from: memory.weekStart, (.weeklyLoss, .weeklyLossAmount), now)
    judge(.drawdown, limits.drawdown, from: memory.best, (.drawdown, .drawdownAmount), now)
    judgeCapital(now)
    judgeNames(account, now)
  }

  /// A day's figures begin with what the account was worth when it was looked at last; a week's, on
  /// the first day of it.
  private mutating func begin(_ today: CivilDate, _ account: Account) {
    if let day = memory.day, today > day {
      let midnight = zone.instant(on: day, secondOfDay: 0)
      statistics?.add(
        account.marks.indices.map {
          account.markedAt[$0] >= midnight && !account.marks[$0].isZero
            ? Double(account.marks[$0]) : .nan
        })
    }
    if memory.day.map({ $0.monday != today.monday }) ?? true { memory.weekStart = memory.latest }
    memory.dayStart = memory.latest
    memory.traded = .zero
    memory.day = today
  }

  private mutating func judge(
    _ limit: RiskLimit, _ loss: LossLimit, from reference: Cash,
    _ codes: (part: DenialCode, amount: DenialCode), _ now: Timestamp
  ) {
    guard loss.isOn else { return }
    let denial = Self.loss(reference, memory.latest, loss, codes)
    set(limit, loss.action, denial, nil, recovery: loss.recovery, at: now)
  }

  /// Whether what is left of `reference` is too little.
  private static func loss(
    _ reference: Cash, _ left: Cash, _ limit: LossLimit,
    _ codes: (part: DenialCode, amount: DenialCode)
  ) -> Denial? {
    let lost = Int128(reference.steps) - Int128(left.steps)
    if let part = limit.part,
      lost * Int128(Rate.stepsPerUnit) > Int128(reference.steps) * Int128(part.steps)
    {
      return Denial(
        codes.part, found: Double(wide: lost) / Double(max(1, reference.steps)),
        allowed: Double(part))
    }
    if let amount = limit.amount, lost > Int128(amount.steps) {
      return Denial(
        codes.amount, found: Double(wide: lost) / Double(Cash.stepsPerUnit), allowed: Double(amount)
      )
    }
    return nil
  }

  private mutating func judgeCapital(_ now: Timestamp) {
    guard let least = limits.capital.least else { return }
    let isTooLittle =
      Int128(memory.latest.steps) * Int128(Rate.stepsPerUnit)
      < Int128(memory.start.steps) * Int128(least.steps)
    let denial = Denial(
      .capital, found: Double(memory.latest) / Double(memory.start), allowed: Double(least))
    set(
      .capital, limits.capital.action, isTooLittle ? denial : nil, nil,
      recovery: limits.capital.recovery, at: now)
  }

  /// What each position has lost of its cost, or since a person let its name trade again.
  private mutating func judgeNames(_ account: Account, _ now: Timestamp) {
    guard limits.singleName.isOn else { return }
    for place in memory.approvedPrices.indices {
      let id = InstrumentID(place)
      let held = account.position(id)
      if held.isZero { memory.approvedPrices[place] = .zero }
      guard !held.isZero, !account.marks[place].isZero else { continue }
      let denial = lossOfName(id, held, account)
      set(
        .singleName, limits.singleName.action, denial, id, recovery: limits.singleName.recovery,
        at: now)
    }
  }

  private func lossOfName(_ id: InstrumentID, _ held: Quantity, _ account: Account) -> Denial? {
    let multiplier = account.ledger.multiplier(of: id)
    func worth(_ price: Price) -> Cash? {
      do throws(FixedPointError) {
        return try CashAmount(price: price, quantity: held, multiplier: multiplier).cash
      } catch {
        return nil
      }
    }
    let approved = memory.approvedPrices[id.place]
    let reference = approved.isZero ? account.ledger.cost(id) : worth(approved)
    guard let reference, let left = worth(account.marks[id.place]) else {
      return Denial(.overflow)
    }
    // A position sold short has a negative cost: it loses when it becomes more negative.
    let lost = Int128(reference.steps) - Int128(left.steps)
    let base = Cash(steps: Int64(clamping: reference.steps.magnitude))
    return Self.loss(
      base, Cash(steps: Int64(clamping: Int128(base.steps) - lost)), limits.singleName,
      (.singleName, .singleNameAmount))
  }
}

// Breakers.
extension RiskGate {
  /// Trips a breaker where a limit is broken that asks for more than a refusal.
  mutating func trip(
    _ limit: RiskLimit, _ action: RiskAction, _ denial: Denial, _ instrument: InstrumentID?,
    recovery: RiskRecovery, at now: Timestamp
  ) {
    guard action == .flatten || action == .halt || limit.isOfWorth else { return }
    guard !memory.breakers.contains(where: { $0.limit == limit && $0.instrument == instrument })
    else { return }
    let breaker = Breaker(
      limit: limit, denial: denial, action: action, recovery: recovery, instrument: instrument,
      at: now)
    memory.breakers.append(breaker)
    news.append(.tripped(breaker))
  }

  /// Trips it where there is a denial, and sets it back where there is none and it may.
  private mutating func set(
    _ limit: RiskLimit, _ action: RiskAction, _ denial: Denial?, _ instrument: InstrumentID?,
    recovery: RiskRecovery, at now: Timestamp
  ) {
    if let denial {
      trip(limit, action, denial, instrument, recovery: recovery, at: now)
    } else if let place = memory.breakers.firstIndex(where: {
      $0.limit == limit && $0.instrument == instrument && $0.recovery == .automatic
    }) {
      news.append(.recovered(memory.breakers.remove(at: place)))
    }
  }

  /// Any position is to be closed.
  var isClosing: Bool {
    memory.isClosing || memory.breakers.contains { $0.action == .flatten }
  }

  /// This position is to be closed.
  func isClosing(_ instrument: InstrumentID) -> Bool {
    memory.isClosing
      || memory.breakers.contains {
        $0.action == .flatten && ($0.instrument == nil || $0.instrument == instrument)
      }
  }

  mutating func takeNews() -> [RiskNews] {
    let told = news
    news.removeAll(keepingCapacity: true)
    return told
  }
}

// What happens to the account.
extension RiskGate {
  /// A fill: traded today.
  mutating func take(_ fill: Fill, of account: Account) {
    guard isWatching else { return }
    let worth =
      Exposure.product(Exposure.unit(fill.price, fill.instrument, account), fill.quantity.steps)
      .magnitude
    let steps = Int64(clamping: worth / UInt128(Exposure.perCash) + 1)
    memory.traded = Cash(
      steps: Int64(clamping: Int128(memory.traded.steps) + Int128(steps)))
  }

  /// Money that came or went is no profit and no loss; a split puts prices on another scale.
  mutating func take(_ booking: VenueBooking) {
    guard isWatching else { return }
    if booking.kind == .split, let instrument = booking.instrument {
      statistics?.forget(instrument)
    }
    guard booking.kind == .deposit, booking.currency == .base else { return }
    for path: WritableKeyPath<RiskMemory, Cash> in [
      \.start, \.best, \.dayStart, \.weekStart, \.latest,
    ] {
      memory[keyPath: path] =
        memory[keyPath: path].addingReportingOverflow(booking.cash)
        .partialValue
    }
  }

  /// Closes of days before the first, the oldest first, so that risk is known from the start.
  public mutating func learn(days closes: [[Double]]) { statistics?.add(days: closes) }

  /// An act of a person, or of a watch.
  mutating func take(_ act: OperatorAct, _ account: Account, at now: Timestamp) {
    switch act.kind {
    case .halt: memory.isKilled = true
    case .flatten: (memory.isKilled, memory.isClosing) = (true, true)
    case .resume:
      memory.approve(account.marks)
      killSwitch?.reset()
    case .pause: pause(account, at: now)
    case .proceed:
      if let place = memory.breakers.firstIndex(where: \.isOfFeed) {
        news.append(.recovered(memory.breakers.remove(at: place)))
      }
    }
  }

  /// The prices of all instruments together are too old.
  private mutating func pause(_ account: Account, at now: Timestamp) {
    guard isWatching, !memory.breakers.contains(where: \.isOfFeed) else { return }
    let latest = account.markedAt.map(\.nanoseconds).max() ?? now.nanoseconds
    let denial = Denial(
      .stalePrice, found: (now.nanoseconds &- latest).seconds,
      allowed: limits.data.oldest?.nanoseconds?.seconds ?? 0)
    let breaker = Breaker(
      limit: .data, denial: denial, action: .reduce, recovery: .automatic, instrument: nil, at: now)
    memory.breakers.append(breaker)
    news.append(.tripped(breaker))
  }

  /// Other limits from now on.
  mutating func take(_ limits: RiskLimits, equity: Cash) throws(RiskLimitsError) {
    if let table { try limits.check(table, equity: equity) }
    self.limits = limits
    settle(limits)
  }

  /// What follows from limits and instruments alone.
  mutating func settle(_ limits: RiskLimits) {
    guard let table else { return }
    let names = Set(limits.sector.members.map(\.sector)).sorted()
    var sectorOf: [Symbol: Int] = [:]
    for member in limits.sector.members {
      sectorOf[member.symbol] = names.firstIndex(of: member.sector)
    }
    sectors = table.instruments.map { sectorOf[$0.symbol] ?? -1 }
    if limits.messages.mostPerSecond != messagesPerSecond {
      messagesPerSecond = limits.messages.mostPerSecond
      traffic = OrderTraffic(mostPerSecond: messagesPerSecond)
    }
    // A level that is none makes the risk unknown, which lets nothing out.
    do { riskQuantile = try NormalDistribution.standard.quantile(limits.valueAtRisk.level) } catch {
      riskQuantile = .nan
    }
    let isMeasured = limits.correlation.most != nil || limits.valueAtRisk.most != nil
    let windows = (limits.valueAtRisk.days, limits.correlation.days)
    if !isMeasured {
      statistics = nil
    } else if statistics?.window ?? (0, 0) != windows {
      statistics = ReturnStatistics(
        instruments: table.count, covarianceDays: windows.0, correlationDays: windows.1)
    }
  }
}

extension CivilDate {
  /// Of its week.
  fileprivate var monday: CivilDate {
    // 1970-01-01 was a Thursday.
    let days = Int(dayNumber) + 3
    return CivilDate(dayNumber: dayNumber - Int32(((days % 7) + 7) % 7))
  }
}
