/// The quantity at each tick of both sides of a book, in a fixed range of ticks.
///
/// Sides may disagree for a moment, as feeds of changes do: where a new bid meets asks, those are taken
/// to be gone, and the best ask is the next one above.
public struct DepthLadder: Sendable {
  public let ticks: ClosedRange<Int32>
  private var bids: [Int64]
  private var asks: [Int64]
  // Outside `ticks` where there is none.
  private var highestBid: Int32
  private var lowestBid: Int32
  private var lowestAsk: Int32
  private var highestAsk: Int32
  /// Changes at prices outside the range, which are left out.
  public private(set) var outside = 0

  public init(ticks: ClosedRange<Int32>) {
    self.ticks = ticks
    bids = Array(repeating: 0, count: ticks.count)
    asks = bids
    (highestBid, lowestBid) = (Self.noBid, Self.noAsk)
    (lowestAsk, highestAsk) = (Self.noAsk, Self.noBid)
  }

  static let noBid = Int32.min
  static let noAsk = Int32.max

  public var bestBid: Int32? { highestBid == Self.noBid ? nil : highestBid }
  public var bestAsk: Int32? { lowestAsk == Self.noAsk ? nil : lowestAsk }

  /// For comparisons in loops: below every tick where there is no bid, above every tick without ask.
  @inline(__always) var bidOrBelow: Int32 { highestBid }
  @inline(__always) var askOrAbove: Int32 { lowestAsk }

  public func bid(at tick: Int32) -> Int64 { ticks.contains(tick) ? bids[place(tick)] : 0 }
  public func ask(at tick: Int32) -> Int64 { ticks.contains(tick) ? asks[place(tick)] : 0 }

  @inline(__always) private func place(_ tick: Int32) -> Int { Int(tick &- ticks.lowerBound) }

  public mutating func clear() { self = DepthLadder(ticks: ticks) }

  @inline(__always) public mutating func setBid(_ tick: Int32, _ quantity: Int64) {
    guard ticks.contains(tick) else {
      outside += 1
      return
    }
    bids[place(tick)] = quantity
    if quantity == 0 {
      if tick == highestBid { highestBid = nextBid(below: tick) }
      return
    }
    if tick > highestBid {
      highestBid = tick
      if tick >= lowestAsk { lowestAsk = nextAsk(above: tick) }
    }
    lowestBid = min(lowestBid, tick)
  }

  @inline(__always) public mutating func setAsk(_ tick: Int32, _ quantity: Int64) {
    guard ticks.contains(tick) else {
      outside += 1
      return
    }
    asks[place(tick)] = quantity
    if quantity == 0 {
      if tick == lowestAsk { lowestAsk = nextAsk(above: tick) }
      return
    }
    if tick < lowestAsk {
      lowestAsk = tick
      if tick <= highestBid { highestBid = nextBid(below: tick) }
    }
    highestAsk = max(highestAsk, tick)
  }

  private mutating func nextBid(below tick: Int32) -> Int32 {
    var next = tick
    while next > lowestBid {
      next &-= 1
      if bids[place(next)] > 0 { return next }
    }
    lowestBid = Self.noAsk
    return Self.noBid
  }

  private mutating func nextAsk(above tick: Int32) -> Int32 {
    var next = tick
    while next < highestAsk {
      next &+= 1
      if asks[place(next)] > 0 { return next }
    }
    highestAsk = Self.noBid
    return Self.noAsk
  }
}
