import Evidence
import Market
import Numerics
import Runtime

extension OrderCounts {
  /// What became of the orders of a run. An entry is an order that was to open a position or make it
  /// larger, by what was held when it was made.
  init(_ orders: OrderList, _ record: RunRecord) {
    self.init()
    rejectedSignals = record.denials.count
    var held: [InstrumentID: Int64] = [:]
    var (next, nextBooking) = (0, 0)
    let (fills, bookings) = (record.fills, record.bookings)
    var bytes = ByteWriter()
    for order in orders.records where order.state != .denied {
      while next < fills.count, fills[next].time < order.order.createdAt {
        held[fills[next].instrument, default: 0] += fills[next].quantity.steps
        next += 1
      }
      while nextBooking < bookings.count, bookings[nextBooking].time < order.order.createdAt {
        let booking = bookings[nextBooking]
        if let id = booking.instrument { held[id, default: 0] += booking.quantity.steps }
        nextBooking += 1
      }
      self.orders += 1
      order.order.write(to: &bytes)
      let intent = order.order.intent
      let isEntry = (held[intent.instrument] ?? 0).signum() * intent.signedQuantity.sign >= 0
      count(order, isEntry: isEntry)
    }
    hash = SHA256.hash(bytes.bytes).description
  }

  private mutating func count(_ order: OrderRecord, isEntry: Bool) {
    let isPart = order.filled < order.order.intent.quantity
    if order.end == .expired, isPart {
      if isEntry { entryTimeouts += 1 } else { exitTimeouts += 1 }
    }
    guard isEntry else { return }
    if order.end != nil, order.filled.isZero { cancelledEntries += 1 }
    if order.end == .cancelled { cancelledEntryOrders += 1 }
    if order.wasReplaced { replacedEntryOrders += 1 }
  }
}

extension RoundTrip {
  /// Notes how far it was in loss and in profit.
  mutating func measure(low: Column<Double>, high: Column<Double>) {
    let size = Double(quantity)
    var (worst, best) = (
      min(0, (exitPrice - entryPrice) * size), max(0, (exitPrice - entryPrice) * size)
    )
    func see(_ price: Double) {
      guard price.isFinite else { return }
      worst = min(worst, (price - entryPrice) * size)
      best = max(best, (price - entryPrice) * size)
    }
    for row in rows {
      let scale = splits.isEmpty ? 1 : splits.reduce(1) { $1.row > row ? $0 * $1.ratio : $0 }
      see(low[row] / scale)
      see(high[row] / scale)
    }
    (adverse, favourable) = (worst, best)
  }
}
