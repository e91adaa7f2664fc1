import Market
import Numerics
import Runtime

/// What is known of an account: its books, its orders, and the latest prices of what it may hold.
public struct Account: Sendable {
  public let table: InstrumentTable
  public internal(set) var ledger: Ledger
  public internal(set) var orders: OrderList
  /// The last price of each instrument, zero where there was none yet, and when it became known.
  public private(set) var marks: [Price]
  public private(set) var markedAt: [Timestamp]
  /// What one unit of each currency is worth in the account's own.
  public private(set) var rates: [Rate]
  /// What it is worth at the marks.
  public private(set) var value = AccountValue()
  /// Bookings that were entered.
  private var bookings: Set<ExecutionID> = []

  public init(_ table: InstrumentTable, _ ledger: Ledger, firstOrder: UInt64 = 1) {
    self.table = table
    self.ledger = ledger
    orders = OrderList(firstNumber: firstOrder)
    marks = Array(repeating: .zero, count: table.count)
    markedAt = Array(repeating: Timestamp(nanoseconds: .min), count: table.count)
    rates = Array(repeating: Rate(steps: Rate.stepsPerUnit), count: table.currencies.count)
    (value.cash, value.equity) = (ledger.cash(), ledger.cash())
  }

  public var equity: Cash { value.equity }
  public func position(_ id: InstrumentID) -> Quantity { ledger.position(id) }
  public func cash(_ currency: CurrencyID = .base) -> Cash { ledger.cash(currency) }
  /// The last price, where there was one.
  public func mark(_ id: InstrumentID) -> Price? {
    marks[id.place].isZero ? nil : marks[id.place]
  }

  public mutating func setMark(_ id: InstrumentID, _ price: Price, at time: Timestamp) {
    marks[id.place] = price
    markedAt[id.place] = time
  }

  mutating func setRate(_ currency: CurrencyID, _ rate: Rate) { rates[currency.place] = rate }

  /// Values everything anew.
  mutating func revalue() throws(LedgerError) {
    value = try ledger.value(marks: marks, rates: rates)
  }

  /// An amount of the account's own currency in that of an instrument.
  func inCurrency(of id: InstrumentID, _ cash: Cash) throws(FixedPointError) -> Cash {
    let currency = table.currency(of: id)
    guard currency != .base else { return cash }
    return try cash.scaled(
      by: Rate.stepsPerUnit, over: rates[currency.place].steps, rounding: .towardZero)
  }
}

// The venue's word.
extension Account {
  /// What a message led to.
  public struct Taken: Hashable, Sendable {
    public var effect = OrderList.Effect.none
    public var posting: Posting?
  }

  /// Takes one message into orders and books: an execution or a booking counts once, whenever it comes
  /// and in whatever state its order is.
  public mutating func take(_ message: VenueMessage) throws(EngineError) -> Taken {
    var taken = Taken()
    switch message {
    case .booking(let booking):
      guard bookings.insert(booking.id).inserted else {
        taken.effect = .repeated
        return taken
      }
      do { taken.posting = try ledger.book(booking) } catch { throw .ledger(error) }
    case .report(let report):
      do { taken.effect = try orders.apply(report) } catch { throw .amount(error) }
      guard case .fill(let fill) = taken.effect else { return taken }
      do { taken.posting = try ledger.book(fill) } catch { throw .ledger(error) }
      // A first price, so that what is held has a worth after a restart, too.
      if marks[fill.instrument.place].isZero {
        setMark(fill.instrument, fill.price, at: fill.time)
      }
    }
    return taken
  }
}

// A state that was saved.
extension Account {
  /// Everything that is known of the account, as a snapshot keeps it.
  public var saved: [UInt8] {
    var writer = ByteWriter(capacity: 4096)
    ledger.write(to: &writer)
    orders.write(to: &writer)
    writer.write(marks)
    for time in markedAt { writer.write(time) }
    writer.write(rates)
    for cash in [value.cash, value.long, value.short, value.equity] { writer.write(cash) }
    writer.write(UInt64(bookings.count))
    for id in bookings.sorted() { id.write(to: &writer) }
    return writer.bytes
  }

  /// Takes a saved state up again, of the same instruments.
  public init(_ table: InstrumentTable, saved: [UInt8]) throws(JournalError) {
    var reader = ByteReader(saved[...])
    self.init(table, try Ledger(table, from: &reader))
    orders = try OrderList(from: &reader)
    marks = try reader.readAmounts(table.count)
    for place in markedAt.indices { markedAt[place] = try reader.readTime() }
    rates = try reader.readAmounts(table.currencies.count)
    value = AccountValue(
      cash: try reader.readAmount(), long: try reader.readAmount(),
      short: try reader.readAmount(), equity: try reader.readAmount())
    for _ in 0..<(try reader.read(UInt64.self)) {
      bookings.insert(try ExecutionID(from: &reader))
    }
    guard reader.isAtEnd else { throw reader.malformed("end of the saved account") }
  }

  /// Whether the two have the same books, orders and bookings, whatever prices they have seen.
  public func agrees(with other: Account) -> Bool {
    ledger == other.ledger && orders == other.orders && bookings == other.bookings
  }
}
