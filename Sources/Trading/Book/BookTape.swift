import Market
import Numerics
import Runtime

/// Changes of one instrument's book and its trades, in ticks, ready to be played.
public struct BookTape: Sendable {
  /// Half a line of the cache: one event.
  public struct Event: Hashable, Sendable, BitwiseCopyable {
    public enum Kind: UInt8, Sendable, BitwiseCopyable { case bid, ask, bought, sold, cleared }

    /// When it happened at the exchange, and when it was known here.
    public var time: Int64
    public var knownAt: Int64
    public var quantity: Int64
    public var tick: Int32
    public var kind: Kind

    public init(time: Int64, knownAt: Int64, kind: Kind, tick: Int32, quantity: Int64) {
      self.time = time
      self.knownAt = knownAt
      self.kind = kind
      self.tick = tick
      self.quantity = quantity
    }
  }

  public private(set) var events: [Event]
  public let tickSize: Price

  /// - Parameter events: in the order of the exchange, and known in that order
  public init(_ events: [Event], tickSize: Price) {
    self.events = events
    self.tickSize = tickSize
  }

  /// Levels of a book and the trades beside it; trades that name no side are those of who bought at the
  /// best ask or above.
  public init(
    levels: [BookEvent], trades: [Market.Trade], tickSize: Price
  ) throws(FixedPointError) {
    self.tickSize = tickSize
    events = []
    events.reserveCapacity(levels.count + trades.count)
    func tick(_ price: Price) throws(FixedPointError) -> Int32 {
      let whole = try price.rounded(toTick: tickSize).steps / tickSize.steps
      return Int32(clamping: whole)
    }
    var best = (bid: Int32.min, ask: Int32.max)
    var trade = 0
    for level in levels {
      while trade < trades.count, trades[trade].time < level.time {
        let print = trades[trade]
        let at = try tick(print.price)
        let isUp = at >= best.ask || best.bid == .min
        events.append(
          Event(
            time: print.time.nanoseconds, knownAt: print.knownAt.nanoseconds,
            kind: isUp ? .bought : .sold, tick: at, quantity: print.quantity.steps))
        trade += 1
      }
      let at = try tick(level.price)
      switch (level.kind, level.side) {
      case (.cleared, _):
        best = (.min, .max)
        append(level, .cleared, 0)
      case (.level, .bid), (.snapshot, .bid):
        if level.quantity > .zero { best.bid = max(best.bid, at) }
        append(level, .bid, at)
      case (.level, .ask), (.snapshot, .ask):
        if level.quantity > .zero { best.ask = min(best.ask, at) }
        append(level, .ask, at)
      default: break
      }
    }
  }

  private mutating func append(_ level: BookEvent, _ kind: Event.Kind, _ tick: Int32) {
    events.append(
      Event(
        time: level.time.nanoseconds, knownAt: level.knownAt.nanoseconds, kind: kind, tick: tick,
        quantity: level.quantity.steps))
  }

  /// The ticks that occur, and some more on either side.
  public var ticks: ClosedRange<Int32> {
    var (low, high) = (Int32.max, Int32.min)
    for event in events where event.kind != .cleared {
      low = min(low, event.tick)
      high = max(high, event.tick)
    }
    return low <= high ? max(low, 10) - 10...min(high, .max - 10) + 10 : 0...0
  }
}
