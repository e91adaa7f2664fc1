import Market
import Numerics
import Runtime
import Testing
import Trading

/// Books and gates for tests of limits: instruments A, B, C, … at prices, some of them held.
struct RiskBench {
  static let now = EngineBench.at(600)

  var limits = RiskLimits.research
  var cash: Int64 = 100_000
  var prices: [Double] = [100, 50]
  /// Whole units held of each, bought at the price or at what `costs` says.
  var held: [Int64] = []
  var costs: [Double] = []
  var priceAge: Int64 = 0
  var provenance = ProvenanceTable()

  static let symbols = ["A", "B", "C", "D", "E", "F", "G", "H"]

  /// Every limit off, but what `change` turns on.
  init(_ change: (inout RiskLimits) -> Void = { _ in }) { change(&limits) }

  func table() throws -> InstrumentTable {
    var table = InstrumentTable()
    for name in Self.symbols.prefix(prices.count) {
      _ = table.add(try Instrument(symbol: Symbol(parsing: name), venue: "NYSE"))
    }
    return table
  }

  /// What `cash` is left of is what was deposited before the purchases.
  func account() throws -> Account {
    let table = try table()
    var ledger = Ledger(table)
    try ledger.book(
      VenueBooking(
        id: ExecutionID(high: 0, low: 0), time: EngineBench.start, instrument: nil,
        currency: .base, kind: .deposit, cash: Cash(steps: cash * Cash.stepsPerUnit)))
    for (place, whole) in held.enumerated() where whole != 0 {
      let price = try Price(nearest: costs.isEmpty ? prices[place] : costs[place])
      let order = Order(
        id: OrderID(UInt64(place + 1)),
        intent: OrderIntent(
          whole > 0 ? .buy : .sell, Quantity(whole: abs(whole)), of: InstrumentID(place)),
        createdAt: EngineBench.start)
      let execution = Execution(
        id: ExecutionID(order: order.id, cumulative: whole), quantity: Quantity(whole: abs(whole)),
        cumulative: Quantity(whole: abs(whole)), price: price, reference: price,
        commission: .zero, reason: .venue)
      _ = try ledger.book(Fill(execution, of: order, at: EngineBench.start))
    }
    var account = Account(table, ledger)
    for (place, price) in prices.enumerated() {
      account.setMark(
        InstrumentID(place), try Price(nearest: price),
        at: Timestamp(nanoseconds: Self.now.nanoseconds - priceAge))
    }
    return account
  }

  func gate() throws -> RiskGate {
    try RiskGate(
      limits, table(), equity: Cash(steps: cash * Cash.stepsPerUnit), zone: .utc,
      provenance: provenance)
  }

  /// What the gate says to one order on this book.
  func says(_ intent: OrderIntent) throws -> Answer {
    var gate = try gate()
    return Answer(gate.review(Self.order(intent), of: try account(), at: Self.now))
  }

  static func order(_ intent: OrderIntent, number: UInt64 = 1) -> Order {
    Order(id: OrderID(number), intent: intent, createdAt: now)
  }

  static func buy(_ whole: Int64, _ place: Int = 0, _ type: OrderType = .market) -> OrderIntent {
    OrderIntent(.buy, Quantity(whole: whole), of: InstrumentID(place), type: type)
  }

  static func sell(_ whole: Int64, _ place: Int = 0, _ type: OrderType = .market) -> OrderIntent {
    OrderIntent(.sell, Quantity(whole: whole), of: InstrumentID(place), type: type)
  }
}

/// A verdict as tests compare it.
enum Answer: Equatable {
  case leaves
  case leavesWith(Int64, DenialCode)
  case stays(DenialCode)

  init(_ verdict: RiskVerdict) {
    switch verdict {
    case .approved: self = .leaves
    case .reduced(let ticket, let denial):
      guard case .submit(let order) = ticket.action else {
        self = .stays(denial.code)
        return
      }
      self = .leavesWith(order.intent.quantity.steps / Quantity.stepsPerUnit, denial.code)
    case .denied(let denial): self = .stays(denial.code)
    }
  }
}

extension Rate {
  static func part(_ value: Double) -> Rate {
    Rate(steps: Int64((value * Double(Rate.stepsPerUnit)).rounded()))
  }
}

extension Cash {
  init(whole: Int64) { self.init(steps: whole * Cash.stepsPerUnit) }
}

extension Price {
  static func at(_ value: Double) -> Price {
    Price(steps: Int64((value * Double(Price.stepsPerUnit)).rounded()))
  }
}
