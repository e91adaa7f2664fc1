import Market
import Runtime

// State is a fold of records.
extension Account {
  /// Takes a record of the journal into account, as the engine did when it was written.
  ///
  /// A posting that follows from the venue's word is made again and must be the same; any other, an
  /// adoption, is entered as it stands.
  public mutating func replay(
    _ record: JournalRecord, expecting postings: inout [Posting]
  ) throws(EngineError) {
    switch record {
    case .submitted(let order): try addOrShrink(order)
    case .reduced(let order, _): try addOrShrink(order)
    case .denied(let order, _):
      try addOrShrink(order)
      orders.deny(order.id)
    case .replacing(let id, let terms, _): orders.awaitReplacement(id, by: terms)
    case .cancelling(let id, _): orders.awaitCancel(id)
    case .doubted(let id, _): orders.doubt(id)
    case .told(let message):
      if let posting = try take(message).posting { postings.append(posting) }
    case .posted(let posting):
      guard let expected = postings.first else {
        do { try ledger.post(posting) } catch { throw .ledger(error) }
        return
      }
      postings.removeFirst()
      guard expected == posting else { throw .replayDiffers(expected: expected, found: posting) }
    case .began, .clock, .timer, .replaceDenied, .changed, .operated, .ended: break
    }
  }

  private mutating func addOrShrink(_ order: Order) throws(EngineError) {
    if orders[order.id] == nil {
      guard order.id == orders.nextID else {
        throw .orderMissing(expected: orders.nextID, found: order.id)
      }
      orders.add(order)
    } else {
      orders.setQuantity(order.id, order.intent.quantity)
    }
  }
}
