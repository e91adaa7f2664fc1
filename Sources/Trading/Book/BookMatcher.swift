/// How an order's place in the queue at its price changes.
public enum QueueModel: Sendable {
  /// Only trades, and a queue that is shorter than what was ahead, bring it forward: whoever leaves stood
  /// behind.
  case cautious
  /// Whoever leaves stood ahead as often as their number says.
  case proportional
}

/// An order that waits in a book.
public struct QueuedOrder: Hashable, Sendable, BitwiseCopyable {
  public var id: UInt64
  public var side: Side
  public var tick: Int32
  public var quantity: Int64
  /// What stands before it at its price.
  public var ahead: Int64
}

/// A fill of a waiting order, or of one that crossed the spread.
public struct BookFill: Hashable, Sendable, BitwiseCopyable {
  public var id: UInt64
  public var side: Side
  public var tick: Int32
  public var quantity: Int64
  public var reason: FillReason
  /// At the exchange, in nanoseconds since 1970.
  public var time: Int64

  public init(
    id: UInt64, side: Side, tick: Int32, quantity: Int64, reason: FillReason, time: Int64
  ) {
    self.id = id
    self.side = side
    self.tick = tick
    self.quantity = quantity
    self.reason = reason
    self.time = time
  }
}

extension BookFill {
  fileprivate init(
    _ order: QueuedOrder, _ quantity: Int64, _ reason: FillReason, _ time: Int64
  ) {
    self.init(
      id: order.id, side: order.side, tick: order.tick, quantity: quantity, reason: reason,
      time: time)
  }
}

/// An exchange's book as changes of levels and trades show it, with our own orders in its queues.
///
/// Our orders move nobody: a fill of ours leaves the book as it was.
public struct BookMatcher: Sendable {
  public private(set) var ladder: DepthLadder
  public let queue: QueueModel
  /// An order is filled whole when its turn comes; otherwise by what traded beyond those ahead.
  public let fillsWhole: Bool
  public private(set) var buys: [QueuedOrder] = []
  public private(set) var sells: [QueuedOrder] = []
  public private(set) var fills: [BookFill] = []

  public init(ticks: ClosedRange<Int32>, queue: QueueModel = .cautious, fillsWhole: Bool = false) {
    ladder = DepthLadder(ticks: ticks)
    self.queue = queue
    self.fillsWhole = fillsWhole
  }

  /// What has been filled since it was last asked.
  public mutating func takeFills() -> [BookFill] {
    defer { fills.removeAll(keepingCapacity: true) }
    return fills
  }

  public mutating func clear() { ladder.clear() }

  /// The quantity at a bid is now this.
  @inline(__always) public mutating func setBid(_ tick: Int32, _ quantity: Int64, at time: Int64) {
    let best = ladder.bidOrBelow
    if !buys.isEmpty { Self.requeue(&buys, tick, from: ladder.bid(at: tick), to: quantity, queue) }
    ladder.setBid(tick, quantity)
    // Somebody would pay what we ask, or more.
    if ladder.bidOrBelow > best, !sells.isEmpty {
      Self.cross(&sells, upTo: ladder.bidOrBelow, time, &fills)
    }
  }

  @inline(__always) public mutating func setAsk(_ tick: Int32, _ quantity: Int64, at time: Int64) {
    let best = ladder.askOrAbove
    if !sells.isEmpty {
      Self.requeue(&sells, tick, from: ladder.ask(at: tick), to: quantity, queue)
    }
    ladder.setAsk(tick, quantity)
    if ladder.askOrAbove < best, !buys.isEmpty {
      Self.cross(&buys, upTo: ladder.askOrAbove, time, &fills)
    }
  }

  /// Somebody bought: of our sales those below the price are filled, those at it move forward.
  @inline(__always) public mutating func tradeUp(_ tick: Int32, _ quantity: Int64, at time: Int64) {
    if !sells.isEmpty { Self.serve(&sells, tick, quantity, time, whole: fillsWhole, &fills) }
  }

  /// Somebody sold.
  @inline(__always) public mutating func tradeDown(
    _ tick: Int32, _ quantity: Int64, at time: Int64
  ) {
    if !buys.isEmpty { Self.serve(&buys, tick, quantity, time, whole: fillsWhole, &fills) }
  }

  /// What became of an order that came in.
  public enum Arrival: Sendable {
    case queued
    /// It would have crossed the spread, and was only to wait.
    case refused
    case filled
  }

  public mutating func submit(
    _ id: UInt64, _ side: Side, _ tick: Int32, _ quantity: Int64, onlyWaits: Bool, at time: Int64
  ) -> Arrival {
    let opposite = side == .buy ? ladder.askOrAbove : ladder.bidOrBelow
    let crosses = side == .buy ? tick >= opposite : tick <= opposite
    if crosses {
      guard !onlyWaits else { return .refused }
      fills.append(
        BookFill(
          id: id, side: side, tick: opposite, quantity: quantity, reason: .crossedSpread,
          time: time))
      return .filled
    }
    let ahead = side == .buy ? ladder.bid(at: tick) : ladder.ask(at: tick)
    let order = QueuedOrder(id: id, side: side, tick: tick, quantity: quantity, ahead: ahead)
    if side == .buy { buys.append(order) } else { sells.append(order) }
    return .queued
  }

  /// Whether the order was still there.
  public mutating func cancel(_ id: UInt64) -> Bool {
    if let place = buys.firstIndex(where: { $0.id == id }) {
      buys.remove(at: place)
      return true
    }
    if let place = sells.firstIndex(where: { $0.id == id }) {
      sells.remove(at: place)
      return true
    }
    return false
  }

  private static func requeue(
    _ orders: inout [QueuedOrder], _ tick: Int32, from before: Int64, to quantity: Int64,
    _ queue: QueueModel
  ) {
    for place in orders.indices where orders[place].tick == tick {
      let ahead = orders[place].ahead
      if queue == .proportional, quantity < before, before > 0 {
        orders[place].ahead = min(ahead - (before - quantity) * ahead / before, quantity)
      } else {
        orders[place].ahead = min(ahead, quantity)
      }
    }
  }

  private static func cross(
    _ orders: inout [QueuedOrder], upTo tick: Int32, _ time: Int64, _ fills: inout [BookFill]
  ) {
    var place = 0
    while place < orders.count {
      let order = orders[place]
      guard order.side == .sell ? order.tick <= tick : order.tick >= tick else {
        place += 1
        continue
      }
      orders.remove(at: place)
      fills.append(BookFill(order, order.quantity, .tradedThrough, time))
    }
  }

  private static func serve(
    _ orders: inout [QueuedOrder], _ tick: Int32, _ quantity: Int64, _ time: Int64,
    whole: Bool, _ fills: inout [BookFill]
  ) {
    var place = 0
    while place < orders.count {
      let order = orders[place]
      if order.side == .sell ? order.tick < tick : order.tick > tick {
        orders.remove(at: place)
        fills.append(BookFill(order, order.quantity, .tradedThrough, time))
        continue
      }
      if order.tick == tick {
        orders[place].ahead -= quantity
        let beyond = -orders[place].ahead
        if beyond > 0 {
          let filled = whole ? order.quantity : min(order.quantity, beyond)
          orders[place].ahead = 0
          orders[place].quantity -= filled
          fills.append(BookFill(order, filled, .queueReached, time))
          if orders[place].quantity == 0 {
            orders.remove(at: place)
            continue
          }
        }
      }
      place += 1
    }
  }
}
