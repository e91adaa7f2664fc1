import Runtime

/// A feed that keeps what it gave, in the order it gave it: the stream of its own that market data has
/// beside the journal.
public struct CapturingFeed<Base: MarketFeed>: MarketFeed {
  private var base: Base
  public private(set) var capture = ByteWriter()

  public init(_ base: Base) { self.base = base }

  public var nextTime: Timestamp? { base.nextTime }

  public mutating func next(into batch: inout [MarketEvent]) throws(EngineError) {
    try base.next(into: &batch)
    for event in batch { event.write(to: &capture) }
  }
}

extension QueueFeed {
  /// The events that a capture kept.
  public init(captured bytes: [UInt8]) throws(JournalError) {
    self.init()
    var reader = ByteReader(bytes[...])
    while !reader.isAtEnd { append(try MarketEvent(from: &reader)) }
  }
}
