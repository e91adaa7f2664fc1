import Market
import Numerics
import Runtime

/// What is known of an account: its books, its orders, and the latest prices of what it may hold.
public struct Account: Sendable {
  public internal(set) var ledger: Ledger
  public internal(set) var orders: OrderList
  /// The last traded price of each instrument, and when it became known.
  public private(set) var marks: [Price?]
  public private(set) var markedAt: [Timestamp?]
  /// What one unit of each currency is worth in the account's own.
  public private(set) var exchange: [Rate]
  /// What it is worth at the marks: cash and holdings.
  public private(set) var equity: Cash
  /// The value of all holdings at the marks, sales counted as negative.
  public private(set) var holdings = Cash.zero

  public init(_ ledger: Ledger, firstOrder: UInt64 = 1) {
    self.ledger = ledger
    orders = OrderList(firstNumber: firstOrder)
    marks = Array(repeating: nil, count: ledger.table.count)
    markedAt = Array(repeating: nil, count: ledger.table.count)
    exchange = Array(
      repeating: Rate(steps: Rate.stepsPerUnit), count: ledger.table.currencies.count)
    equity = ledger.cash(.base)
  }

  public var table: InstrumentTable { ledger.table }
  public func position(_ id: InstrumentID) -> Quantity { ledger.position(id) }
  public func cash(_ currency: CurrencyID = .base) -> Cash { ledger.cash(currency) }
  public func mark(_ id: InstrumentID) -> Price? { marks[id.place] }

  mutating func setMark(_ id: InstrumentID, _ price: Price, at time: Timestamp) {
    marks[id.place] = price
    markedAt[id.place] = time
  }

  mutating func setExchange(_ currency: CurrencyID, _ rate: Rate) {
    exchange[currency.place] = rate
  }

  /// Values everything anew.
  mutating func revalue() throws(FixedPointError) {
    var total = ledger.cash(.base)
    for index in exchange.indices.dropFirst() {
      total = try total.adding(
        CashAmount(ledger.cash(CurrencyID(index)), times: exchange[index]).cash)
    }
    var held = Cash.zero
    for index in marks.indices {
      let id = InstrumentID(index)
      let quantity = ledger.position(id)
      guard !quantity.isZero, let mark = marks[index] else { continue }
      held = try held.adding(value(of: quantity, of: id, at: mark))
    }
    holdings = held
    equity = try total.adding(held)
  }

  /// In the account's own currency.
  public func value(
    of quantity: Quantity, of id: InstrumentID, at price: Price
  ) throws(FixedPointError) -> Cash {
    let value = try table[id].value(of: quantity, at: price).cash
    let currency = table.currency(of: id)
    guard currency != .base else { return value }
    return try CashAmount(value, times: exchange[currency.place]).cash
  }

  /// An amount of the account's own currency in that of an instrument.
  func inCurrency(of id: InstrumentID, _ cash: Cash) throws(FixedPointError) -> Cash {
    let currency = table.currency(of: id)
    guard currency != .base else { return cash }
    return try cash.scaled(
      by: Rate.stepsPerUnit, over: exchange[currency.place].steps, rounding: .towardZero)
  }
}
