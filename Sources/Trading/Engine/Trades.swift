import Market
import Numerics
import Runtime

/// Round trips, made from the fills of one symbol.
struct TradeBook {
  let symbol: Symbol
  private(set) var trades: [Trade] = []
  private var fills: [NextOpenFill] = []
  private var held = Quantity.zero
  private var openedAtBar = 0

  init(symbol: Symbol) { self.symbol = symbol }

  mutating func add(_ fill: NextOpenFill, bar: Int) throws(FixedPointError) {
    if fills.isEmpty { openedAtBar = bar }
    fills.append(fill)
    held = try held.adding(fill.quantity)
    guard held.isZero else { return }
    trades.append(try trade(until: fill.time, bar: bar, last: nil))
    fills = []
  }

  /// Values what is still held at `price`.
  mutating func close(at price: Price, time: Timestamp, bar: Int) throws(FixedPointError) {
    guard !held.isZero else { return }
    trades.append(try trade(until: time, bar: bar, last: price))
  }

  private func trade(until exit: Timestamp, bar: Int, last: Price?) throws(FixedPointError) -> Trade
  {
    var paid = Cash.zero
    var received = Cash.zero
    var fees = Cash.zero
    var bought = Quantity.zero
    for fill in fills {
      let worth = try CashAmount(price: fill.price, quantity: fill.quantity).cash
      if worth.isNegative {
        received = try received.subtracting(worth)
      } else {
        paid = try paid.adding(worth)
        bought = try bought.adding(fill.quantity)
      }
      fees = try fees.adding(fill.fee)
    }
    if let last {
      received = try received.adding(CashAmount(price: last, quantity: held).cash)
    }
    let profit = try received.subtracting(paid).subtracting(fees)
    return Trade(
      symbol: symbol, entry: fills[0].time, exit: exit, quantity: bought,
      entryPrice: Double(paid) / Double(bought), exitPrice: Double(received) / Double(bought),
      fees: fees, profit: profit, profitRatio: Double(profit) / Double(paid),
      bars: bar - openedAtBar, isOpen: last != nil)
  }
}
