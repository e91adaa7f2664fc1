import Market
import Numerics
import Runtime

/// What a strategy that is not part of the program asks for; numbers are as they came.
public enum StrategyAct: Hashable, Sendable {
  /// To hold a part of the instrument's share of the account, −1 to 1.
  case hold(instrument: Int, part: Double)
  /// To hold a part of the whole account, −1 to 1.
  case weigh(instrument: Int, part: Double)
  /// To buy, or to sell where the quantity is below zero.
  case order(instrument: Int, quantity: Double, kind: Kind)
  /// To take back whatever was ordered of it and is not filled.
  case cancel(instrument: Int)

  public enum Kind: Hashable, Sendable {
    case market, limit(Double), stop(Double)
  }
}

extension Desk {
  /// Does what was asked for, or says why it cannot be meant; whether an order leaves is for the gate to say.
  mutating func perform(_ act: StrategyAct) throws(StrategyFailure) {
    switch act {
    case .hold(let place, let part):
      let id = try instrument(place)
      guard part.isFinite else { throw Self.nonsense("hold", "the part \(part)") }
      hold(part, of: id)
    case .weigh(let place, let part):
      let id = try instrument(place)
      guard part.isFinite else { throw Self.nonsense("weigh", "the part \(part)") }
      hold(part, ofAccountIn: id)
    case .order(let place, let quantity, let kind):
      try order(try instrument(place), quantity, kind)
    case .cancel(let place):
      let id = try instrument(place)
      for order in account.orders.open where account.orders[order]?.order.intent.instrument == id {
        cancel(order)
      }
    }
  }

  private func instrument(_ place: Int) throws(StrategyFailure) -> InstrumentID {
    guard place >= 0, place < account.table.count else {
      throw Self.nonsense("an act", "instrument \(place) of \(account.table.count)")
    }
    return InstrumentID(place)
  }

  private mutating func order(
    _ id: InstrumentID, _ quantity: Double, _ kind: StrategyAct.Kind
  ) throws(StrategyFailure) {
    guard quantity.isFinite, quantity != 0 else {
      throw Self.nonsense("order", "the quantity \(quantity)")
    }
    do throws(FixedPointError) {
      let type: OrderType
      switch kind {
      case .market: type = .market
      case .limit(let price): type = .limit(try Price(nearest: price))
      case .stop(let price): type = .stop(try Price(nearest: price))
      }
      submit(
        OrderIntent(
          quantity > 0 ? .buy : .sell, try Quantity(nearest: abs(quantity)), of: id, type: type,
          timeInForce: kind == .market ? .day : .untilCancelled))
    } catch {
      throw Self.nonsense("order", error.diagnosis.finding)
    }
  }

  private static func nonsense(_ what: String, _ found: String) -> StrategyFailure {
    StrategyFailure(
      "strategy", "\(what) asks for what cannot be: \(found)", "correct the strategy")
  }
}
