import Features
import Market
import Numerics
import Runtime

/// Fills each order at the open of the first bar that starts after the order was made.
struct NextOpenVenue: Sendable {
  let costs: Costs

  /// The fill at `bar`'s open, or `nil` where `cash` does not pay for one share.
  func fill(
    _ order: NextOpenOrder, at bar: BarValues, opening time: Timestamp, cash: Cash
  ) throws(FixedPointError) -> NextOpenFill? {
    precondition(time >= order.createdAt, "a bar cannot fill an order that it led to")
    let isBuy = order.quantity > .zero
    let open = try Price(nearest: bar.open)
    let halfSpread = try Price.product(open, costs.halfSpread).value
    let price = isBuy ? try open.adding(halfSpread) : try open.subtracting(halfSpread)
    let quantity = isBuy ? min(order.quantity, try affordable(cash, price)) : order.quantity
    guard !quantity.isZero else { return nil }
    let notional = try CashAmount(price: price, quantity: quantity).cash.magnitude()
    let fee = try CashAmount(notional, times: costs.commission, rounding: .up).cash
    return NextOpenFill(
      symbol: order.symbol, quantity: quantity, price: price, fee: fee, orderedAt: order.createdAt,
      time: time, reason: quantity == order.quantity ? .nextOpen : .cutToCash)
  }

  /// Whole shares that `cash` pays for, the commission included.
  func affordable(_ cash: Cash, _ price: Price) throws(FixedPointError) -> Quantity {
    let commission = try Price.product(price, costs.commission, rounding: .up).value
    // One step of cash is kept back, because the fee is rounded up.
    let spendable = max(.zero, try cash.subtracting(.step).subtracting(.step))
    return try Quantity(of: spendable, at: price.adding(commission)).rounded(toLot: .one)
  }
}

extension Quantity {
  static let one = Quantity(steps: stepsPerUnit)
}
