import Market
import Numerics
import Runtime

/// Every order of an account and where it stands, as a function of what was reported of each: in any
/// order, any number of times.
public struct OrderList: Sendable {
  /// By number; the first has `firstNumber`.
  public private(set) var records: [OrderRecord] = []
  private let firstNumber: UInt64
  /// The numbers of orders that are not over, in the order they were made.
  public private(set) var open: [OrderID] = []
  private var executions: Set<ExecutionID> = []

  public init(firstNumber: UInt64 = 1) { self.firstNumber = firstNumber }

  public var nextID: OrderID { OrderID(firstNumber + UInt64(records.count)) }

  public subscript(id: OrderID) -> OrderRecord? { index(id).map { records[$0] } }

  private func index(_ id: OrderID) -> Int? {
    guard id.number >= firstNumber, id.number - firstNumber < UInt64(records.count) else {
      return nil
    }
    return Int(id.number - firstNumber)
  }

  /// Adds an order, whose number is `nextID`.
  mutating func add(_ order: Order) {
    precondition(order.id == nextID, "orders are numbered in the order they are made")
    records.append(OrderRecord(order))
    open.append(order.id)
  }

  mutating func deny(_ id: OrderID) {
    guard let index = index(id) else { return }
    records[index].state = .denied
    close(id)
  }

  /// The gate made it smaller before it left.
  mutating func setQuantity(_ id: OrderID, _ quantity: Quantity) {
    guard let index = index(id) else { return }
    records[index].order.intent.quantity = quantity
  }

  mutating func awaitCancel(_ id: OrderID) {
    if let index = index(id) { records[index].awaitsCancel = true }
  }

  mutating func awaitReplacement(_ id: OrderID) {
    if let index = index(id) { records[index].awaitsReplacement = true }
  }

  /// What a report means for the books.
  public enum Effect: Hashable, Sendable {
    case none
    case fill(Fill)
    /// An execution that was counted before.
    case repeated
    /// An order this account never made.
    case unknownOrder
  }

  mutating func apply(_ report: VenueReport) throws(FixedPointError) -> Effect {
    guard let index = index(report.order) else { return .unknownOrder }
    var effect = Effect.none
    switch report.content {
    case .executed(let execution):
      guard executions.insert(execution.id).inserted else { return .repeated }
      records[index].filled = try records[index].filled.adding(execution.quantity)
      effect = .fill(Fill(execution, of: records[index].order, at: report.time))
    case .accepted, .triggered: records[index].isKnownToVenue = true
    case .rejected(let why): records[index].rejection = why
    case .replaced(let terms):
      records[index].order.intent.quantity = terms.quantity
      records[index].order.intent.type = terms.type
      records[index].awaitsReplacement = false
    case .replaceRejected: records[index].awaitsReplacement = false
    case .cancelRejected: records[index].awaitsCancel = false
    case .ended(let end): records[index].end = end
    }
    let wasOver = records[index].state.isOver
    records[index].state = records[index].stateOfReports
    if records[index].state.isOver {
      records[index].awaitsCancel = false
      records[index].awaitsReplacement = false
      if !wasOver { close(report.order) }
    }
    return effect
  }

  private mutating func close(_ id: OrderID) {
    if let place = open.firstIndex(of: id) { open.remove(at: place) }
  }
}
