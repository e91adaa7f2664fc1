import Market
import Numerics
import Runtime

/// What a venue takes, and the gate alone can make.
public struct Ticket: Hashable, Sendable, BitwiseCopyable {
  public enum Action: Hashable, Sendable, BitwiseCopyable {
    case submit(Order)
    case replace(OrderID, OrderTerms)
    case cancel(OrderID)
  }

  public let action: Action
  /// When it was approved.
  public let time: Timestamp

  // Private to this file: nothing but the gate below can let anything out.
  fileprivate init(_ action: Action, at time: Timestamp) {
    self.action = action
    self.time = time
  }
}

/// What the gate says to an order or a replacement.
public enum RiskVerdict: Hashable, Sendable, BitwiseCopyable {
  case approved(Ticket)
  /// Only a smaller quantity may leave; the ticket has it.
  case reduced(Ticket, Denial)
  case denied(Denial)
}

/// Stands before the venue: every order and replacement passes it or does not leave.
public struct RiskGate: Sendable {
  /// Nothing leaves but cancels.
  public private(set) var isHalted = false

  public init() {}

  mutating func take(_ act: OperatorAct) {
    switch act.kind {
    case .halt: isHalted = true
    case .resume: isHalted = false
    }
  }

  /// Looks at an order as it would leave now.
  public mutating func review(_ order: Order, of account: Account, at now: Timestamp) -> RiskVerdict
  {
    if isHalted { return .denied(Denial(.halted)) }
    if let denial = fault(order.intent, quantity: order.intent.quantity, account) {
      return .denied(denial)
    }
    return .approved(Ticket(.submit(order), at: now))
  }

  /// Looks at a replacement of a working order.
  public mutating func review(
    _ terms: OrderTerms, of id: OrderID, of account: Account, at now: Timestamp
  ) -> RiskVerdict {
    if isHalted { return .denied(Denial(.halted)) }
    guard let record = account.orders[id] else { return .denied(Denial(.unknownOrder)) }
    guard !record.state.isOver else { return .denied(Denial(.orderIsOver)) }
    var intent = record.order.intent
    intent.type = terms.type
    if let denial = fault(intent, quantity: terms.quantity, account) { return .denied(denial) }
    return .approved(Ticket(.replace(id, terms), at: now))
  }

  /// A cancel makes nothing larger: it always leaves.
  public func cancel(_ id: OrderID, at now: Timestamp) -> Ticket { Ticket(.cancel(id), at: now) }

  /// What no venue could take.
  private func fault(_ intent: OrderIntent, quantity: Quantity, _ account: Account) -> Denial? {
    guard account.table.contains(intent.instrument) else {
      return Denial(.unknownInstrument, found: Double(intent.instrument.index))
    }
    let instrument = account.table[intent.instrument]
    guard quantity > .zero else {
      return Denial(.quantityNotPositive, found: Double(quantity))
    }
    guard quantity.isMultiple(of: instrument.lotSize) else {
      return Denial(.offLot, found: Double(quantity), allowed: Double(instrument.lotSize))
    }
    for price in intent.type.prices {
      guard price > .zero else { return Denial(.priceNotPositive, found: Double(price)) }
      guard price.isMultiple(of: instrument.tickSize) else {
        return Denial(.offTick, found: Double(price), allowed: Double(instrument.tickSize))
      }
    }
    if case .trailing(.part(let part)) = intent.type,
      !(part > .zero && part.steps < Rate.stepsPerUnit)
    {
      return Denial(.priceNotPositive, found: Double(part))
    }
    return nil
  }
}
