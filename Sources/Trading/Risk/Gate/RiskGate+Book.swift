import Foundation
import Market
import Numerics
import Runtime

// What an order would make of the book. Rates and worths are multiplied, not divided, so that a limit
// is met exactly; only where one is broken is it worked out how much less would do.
extension RiskGate {
  /// An order with what its side of the instrument may come to.
  private struct Enlargement {
    let place: Int
    let side: Side
    let steps: Int64
    /// Worth of one step of quantity at the dearest price.
    let unit: Int128
    /// What this side may come to without the order; negative while an order closes.
    let base: Int64

    init(_ request: Request, _ held: Int64, _ exposure: Exposure, _ account: Account) {
      let intent = request.intent
      place = intent.instrument.place
      side = intent.side
      steps = request.steps
      unit = Exposure.unit(
        intent.type.dearest(account.marks[place]), intent.instrument, account)
      let (signed, onTheWay) =
        side == .buy
        ? (held, exposure.buying[place]) : (held == .min ? .max : -held, exposure.selling[place])
      let (base, overflow) = signed.addingReportingOverflow(onTheWay)
      self.base = overflow ? .max : base
    }

    /// What the side comes to with the order.
    var worth: Int128 { Exposure.product(unit, after) }
    var after: Int64 {
      let (after, overflow) = base.addingReportingOverflow(steps)
      return overflow ? .max : max(0, after)
    }
    /// How large the order may be where the side may come to `worth`.
    func most(_ worth: Int128) -> Int64 {
      let (most, overflow) = Int64(clamping: max(0, worth) / unit)
        .subtractingReportingOverflow(base)
      return overflow ? .max : max(0, most)
    }
  }

  private static var one: Int128 { Int128(Rate.stepsPerUnit) }

  mutating func book(
    _ request: Request, _ held: Int64, _ account: Account, at now: Timestamp, _ sieve: inout Sieve
  ) -> Denial? {
    let order = Enlargement(request, held, exposure, account)
    guard order.worth < Exposure.greatest else { return Denial(.overflow) }
    return spending(order, &sieve) ?? gross(order, &sieve) ?? position(order, &sieve)
      ?? sector(order, &sieve) ?? turnover(order, &sieve) ?? minimum(order, sieve)
      ?? likeness(order, at: now) ?? valueAtRisk(order, sieve, at: now)
  }

  /// Cash is left when every purchase that has left is paid.
  private mutating func spending(_ order: Enlargement, _ sieve: inout Sieve) -> Denial? {
    guard order.side == .buy, let reserve = limits.cash.reserve else { return nil }
    let worth = Exposure.product(order.unit, order.steps)
    let left = exposure.cash - worth - Exposure.part(limits.cash.allowance, of: worth)
    guard left * Self.one < exposure.equity * Int128(reserve.steps) else { return nil }
    let room = exposure.cash - exposure.equity * Int128(reserve.steps) / Self.one
    let price = order.unit + Exposure.part(limits.cash.allowance, of: order.unit)
    let denial = Denial(
      .cash, found: share(left), allowed: Double(reserve))
    return take(
      denial, .cash, limits.cash.action, most: Int64(clamping: max(0, room) / price), &sieve)
  }

  private mutating func gross(_ order: Enlargement, _ sieve: inout Sieve) -> Denial? {
    if order.side == .sell, !limits.leverage.shortSelling {
      let denial = Denial(.shortSelling, found: Double(Quantity(steps: order.after)))
      if let denial = take(denial, .leverage, limits.leverage.action, most: 0, &sieve) {
        return denial
      }
    }
    guard let most = limits.leverage.gross else { return nil }
    let others = exposure.gross - exposure.worst[order.place]
    return restrict(
      order, .leverage, .leverage, others: others, most, limits.leverage.action, &sieve)
  }

  private mutating func position(_ order: Enlargement, _ sieve: inout Sieve) -> Denial? {
    if let most = limits.position.most,
      let denial = restrict(
        order, .position, .position, others: 0, most, limits.position.action, &sieve)
    {
      return denial
    }
    guard let amount = limits.position.mostAmount else { return nil }
    let room = Int128(amount.steps) * Exposure.perCash
    guard order.worth > room else { return nil }
    return take(
      Denial(.positionAmount, found: order.worth.currency, allowed: Double(amount)), .position,
      limits.position.action, most: order.most(room), &sieve)
  }

  private mutating func sector(_ order: Enlargement, _ sieve: inout Sieve) -> Denial? {
    guard let most = limits.sector.most else { return nil }
    var others: Int128 = 0
    for place in exposure.holdings where place != order.place {
      if sectors[place] == sectors[order.place] { others += exposure.worst[place] }
    }
    return restrict(order, .sector, .sector, others: others, most, limits.sector.action, &sieve)
  }

  /// The order's side and `others` together come to `most` of what the account is worth.
  private mutating func restrict(
    _ order: Enlargement, _ limit: RiskLimit, _ code: DenialCode, others: Int128, _ most: Rate,
    _ action: RiskAction, _ sieve: inout Sieve
  ) -> Denial? {
    let all = others + order.worth
    guard all * Self.one > exposure.equity * Int128(most.steps) else { return nil }
    let room = exposure.equity * Int128(most.steps) / Self.one - others
    return take(
      Denial(code, found: share(all), allowed: Double(most)), limit, action,
      most: order.most(room), &sieve)
  }

  /// What was traded today, what has left and this order.
  private mutating func turnover(_ order: Enlargement, _ sieve: inout Sieve) -> Denial? {
    guard let most = limits.turnover.most else { return nil }
    let day = Int128(memory.dayStart.steps) * Exposure.perCash
    let before = Int128(memory.traded.steps) * Exposure.perCash + exposure.ordered
    let all = before + Exposure.product(order.unit, order.steps)
    guard all * Self.one > day * Int128(most.steps) else { return nil }
    let room = day * Int128(most.steps) / Self.one - before
    let denial = Denial(
      .turnover, found: Double(wide: all) / Double(wide: max(1, day)), allowed: Double(most))
    return take(
      denial, .turnover, limits.turnover.action,
      most: Int64(clamping: max(0, room) / order.unit), &sieve)
  }

  /// The least a position may be yields to every limit that made the order smaller.
  private mutating func minimum(_ order: Enlargement, _ sieve: Sieve) -> Denial? {
    guard let least = limits.position.least, sieve.denial == nil,
      order.worth * Self.one < exposure.equity * Int128(least.steps)
    else { return nil }
    return Denial(.minimumPosition, found: share(order.worth), allowed: Double(least))
  }

  private mutating func likeness(_ order: Enlargement, at now: Timestamp) -> Denial? {
    guard let most = limits.correlation.most, let statistics else { return nil }
    let sign = order.side == .buy ? 1.0 : -1.0
    let row = order.place * exposure.worst.count
    for place in exposure.holdings where place != order.place {
      let together = statistics.correlation[row + place] * sign * Double(exposure.signs[place])
      if together <= most { continue }
      return stop(
        .correlation, limits.correlation.action, together.isNaN ? .riskUnknown : .correlation,
        together.isNaN ? Double(place) : together, most, now)
    }
    return nil
  }

  /// Of the book with the order, at a mean of nothing.
  private mutating func valueAtRisk(
    _ order: Enlargement, _ sieve: Sieve, at now: Timestamp
  ) -> Denial? {
    guard let most = limits.valueAtRisk.most, let statistics else { return nil }
    let after = Double(order.base) + Double(sieve.steps)
    exposure.weigh(
      order.place, Double(wide: order.unit) * after * (order.side == .buy ? 1 : -1))
    let variance = exposure.variance(statistics.covariance)
    let risk = riskQuantile * variance.squareRoot() / Double(wide: exposure.equity)
    if risk <= Double(most), exposure.equity > 0 { return nil }
    return stop(
      .valueAtRisk, limits.valueAtRisk.action, risk.isNaN ? .riskUnknown : .valueAtRisk,
      risk.isNaN ? Double(order.place) : risk, Double(most), now)
  }

  /// Of what the account is worth, for messages.
  private func share(_ worth: Int128) -> Double {
    Double(wide: worth) / Double(wide: exposure.equity == 0 ? 1 : exposure.equity)
  }
}
