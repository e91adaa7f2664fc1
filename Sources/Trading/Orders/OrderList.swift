import Market
import Numerics
import Runtime

/// Every order of an account and where it stands, as a function of what was reported of each: in any
/// order, any number of times.
public struct OrderList: Hashable, Sendable {
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

  mutating func awaitReplacement(_ id: OrderID, by terms: OrderTerms) {
    if let index = index(id) { records[index].replacement = terms }
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

  /// Takes a report into account. Whatever the order in which reports come, and however often each, the
  /// records are the same in the end; a late duplicate of an older word never undoes a newer one.
  mutating func apply(_ report: VenueReport) throws(FixedPointError) -> Effect {
    guard let index = index(report.order) else { return .unknownOrder }
    var effect = Effect.none
    records[index].isInDoubt = false
    switch report.content {
    case .executed(let execution):
      effect = try count(execution, index, at: report.time)
    case .accepted, .triggered: break
    case .rejected(let why): records[index].reject(why)
    case .replaced(let terms): records[index].replace(terms, at: report.time)
    case .replaceRejected: records[index].replacement = nil
    case .cancelRejected: records[index].awaitsCancel = false
    case .ended(let end): records[index].end(end)
    }
    if case .rejected = report.content {} else { records[index].isKnownToVenue = true }
    let wasOver = records[index].state.isOver
    let isDenied = records[index].state == .denied
    if !isDenied { records[index].state = records[index].stateOfReports }
    if records[index].state.isOver {
      records[index].awaitsCancel = false
      records[index].replacement = nil
      if !wasOver { close(report.order) }
    }
    return effect
  }

  /// Counts an execution once by its name, and not what a statement had brought already.
  private mutating func count(
    _ execution: Execution, _ index: Int, at time: Timestamp
  ) throws(FixedPointError) -> Effect {
    guard executions.insert(execution.id).inserted else { return .repeated }
    var counted = execution
    let record = records[index]
    if execution.id.isAssumed(of: record.order.id) {
      records[index].assumed = max(record.assumed, execution.cumulative)
    } else if !record.assumed.isZero {
      let beyond = try execution.cumulative.subtracting(record.assumed)
      guard beyond > .zero else { return .repeated }
      counted.quantity = min(beyond, execution.quantity)
    }
    records[index].filled = try record.filled.adding(counted.quantity)
    records[index].worth += Int128(counted.price.steps) * Int128(counted.quantity.steps)
    return .fill(Fill(counted, of: record.order, at: time))
  }

  /// The venue was asked and does not name this order: what became of it is unknown until it says.
  mutating func doubt(_ id: OrderID) {
    guard let index = index(id), !records[index].state.isOver else { return }
    records[index].isInDoubt = true
    records[index].state = records[index].stateOfReports
  }

  private mutating func close(_ id: OrderID) {
    if let place = open.firstIndex(of: id) { open.remove(at: place) }
  }
}

// Where two reports say different things the choice does not depend on which came first.
extension OrderRecord {
  mutating func reject(_ why: Rejection) {
    rejection = rejection.map { $0.rawValue < why.rawValue ? $0 : why } ?? why
  }

  mutating func end(_ how: OrderEnd) {
    end = end.map { $0.rawValue < how.rawValue ? $0 : how } ?? how
  }

  /// The terms agreed on last hold; of one instant, those of the greater quantity.
  mutating func replace(_ terms: OrderTerms, at time: Timestamp) {
    replacement = nil
    guard
      (termsTime, order.intent.quantity) < (time, terms.quantity)
        || (termsTime == time && order.intent.quantity == terms.quantity
          && terms.type.isBehind(order.intent.type))
    else { return }
    (order.intent.quantity, order.intent.type) = (terms.quantity, terms.type)
    termsTime = time
  }
}

extension OrderType {
  /// Some order among types, for choices that must always be made alike.
  fileprivate func isBehind(_ other: OrderType) -> Bool {
    var (own, others) = (ByteWriter(), ByteWriter())
    write(to: &own)
    other.write(to: &others)
    return others.bytes.lexicographicallyPrecedes(own.bytes)
  }
}

extension OrderList: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(firstNumber)
    writer.write(UInt64(records.count))
    for record in records { record.write(to: &writer) }
    writer.write(UInt32(open.count))
    for id in open { id.write(to: &writer) }
    // In order, so that the same state has the same bytes.
    writer.write(UInt64(executions.count))
    for id in executions.sorted() { id.write(to: &writer) }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(firstNumber: try reader.read())
    for _ in 0..<(try reader.read(UInt64.self)) { records.append(try OrderRecord(from: &reader)) }
    for _ in 0..<(try reader.read(UInt32.self)) { open.append(try OrderID(from: &reader)) }
    for _ in 0..<(try reader.read(UInt64.self)) {
      executions.insert(try ExecutionID(from: &reader))
    }
  }
}
