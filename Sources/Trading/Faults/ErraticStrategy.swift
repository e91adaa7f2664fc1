import Market
import Numerics
import Runtime

/// Orders anything at any time, as chance has it: a function of its seed and of the bar, so that it needs
/// no memory over a restart.
struct ErraticStrategy: Strategy {
  let seed: UInt64

  var name: String { "erratic" }
  var warmUp: Int { 0 }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    var dice = FaultDice(
      seed: seed ^ UInt64(bitPattern: bar.bar.start.nanoseconds) &+ UInt64(bar.series.index),
      "strategy")
    guard dice.happens(60) else { return }
    act(bar, &dice, &desk)
  }

  private func act(_ bar: BarOfSeries, _ dice: inout FaultDice, _ desk: inout Desk) {
    switch dice.below(12) {
    case 0: desk.hold(dice.part() * 2 - 1, of: bar.instrument)
    case 1:
      if !desk.account.orders.open.isEmpty {
        desk.cancel(dice.one(of: desk.account.orders.open))
      }
    case 2:
      guard !desk.account.orders.open.isEmpty else { return }
      let id = dice.one(of: desk.account.orders.open)
      guard let order = desk.account.orders[id]?.order else { return }
      desk.replace(
        id,
        with: OrderTerms(
          quantity: quantity(&dice), type: order.intent.type.isMarket ? .market : type(bar, &dice)))
    case 3:
      var entry = intent(bar, &dice)
      entry.type = dice.happens(50) ? .market : .limit(price(bar, 0.99, &dice))
      let (up, down) = (price(bar, 1.03, &dice), price(bar, 0.97, &dice))
      let isBuy = entry.side == .buy
      desk.submitBracket(
        entry, takeProfit: isBuy ? up : down, stopLoss: .stop(isBuy ? down : up))
    case 4: desk.submitAlternatives([intent(bar, &dice), intent(bar, &dice)])
    case 5:
      // What no gate may let out.
      var wrong = intent(bar, &dice)
      switch dice.below(4) {
      case 0: wrong.instrument = InstrumentID(77)
      case 1: wrong.quantity = .zero
      case 2: wrong.quantity = .step
      default: wrong.type = .limit(.zero)
      }
      desk.submit(wrong)
    default: desk.submit(intent(bar, &dice))
    }
  }

  private func intent(_ bar: BarOfSeries, _ dice: inout FaultDice) -> OrderIntent {
    OrderIntent(
      dice.happens(65) ? .buy : .sell, quantity(&dice), of: bar.instrument,
      type: dice.happens(50) ? .market : type(bar, &dice),
      timeInForce: dice.happens(70) ? .untilCancelled : dice.one(of: TimeInForce.allCases))
  }

  private func quantity(_ dice: inout FaultDice) -> Quantity {
    Quantity(steps: Int64(1 + dice.below(300)) * Quantity.stepsPerUnit)
  }

  private func type(_ bar: BarOfSeries, _ dice: inout FaultDice) -> OrderType {
    let near = price(bar, 0.98 + dice.part() * 0.04, &dice)
    switch dice.below(7) {
    case 0, 1: return .limit(near)
    case 2: return .stop(near)
    case 3: return .stopLimit(stop: near, limit: price(bar, 0.98 + dice.part() * 0.04, &dice))
    case 4: return .trailing(.amount(Price(steps: Int64(1 + dice.below(300)) * 1_000_000)))
    case 5: return .atOpen(limit: dice.happens(50) ? nil : near)
    default: return .atClose(limit: dice.happens(50) ? nil : near)
    }
  }

  /// About so many times the bar's close, in whole cents.
  private func price(_ bar: BarOfSeries, _ part: Double, _ dice: inout FaultDice) -> Price {
    let cents = (bar.bar.close * part * 100).rounded() + Double(dice.below(3))
    return Price(steps: Int64(max(1, min(cents, 1e9))) * 1_000_000)
  }
}

extension OrderType {
  fileprivate var isMarket: Bool { self == .market }
}
