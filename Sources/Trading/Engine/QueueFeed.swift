import Market
import Runtime

/// Events handed in as they arrive: a live feed's, a recording's or a test's.
public struct QueueFeed: MarketFeed {
  private var events: [MarketEvent] = []
  private var place = 0

  public init(_ events: [MarketEvent] = []) {
    for event in events { append(event) }
  }

  /// Adds an event behind those of its time and rank. What arrives late takes the time of what was
  /// there before it: nothing becomes known in the past.
  public mutating func append(_ event: MarketEvent) {
    var event = event
    if let last = events.last, last.time > event.time { event.time = last.time }
    var index = events.count
    while index > place, events[index - 1].time == event.time, events[index - 1].rank > event.rank {
      index -= 1
    }
    events.insert(event, at: index)
  }

  /// The events that a recording kept, one after the other.
  public init(captured bytes: [UInt8]) throws(JournalError) {
    self.init()
    var reader = ByteReader(bytes[...])
    while !reader.isAtEnd { append(try MarketEvent(from: &reader)) }
  }

  public var nextTime: Timestamp? { place < events.count ? events[place].time : nil }

  public mutating func next(into batch: inout [MarketEvent]) {
    batch.removeAll(keepingCapacity: true)
    guard place < events.count else { return }
    let (time, rank) = (events[place].time, events[place].rank)
    while place < events.count, events[place].time == time, events[place].rank == rank {
      batch.append(events[place])
      place += 1
    }
    if place == events.count {
      events.removeAll(keepingCapacity: true)
      place = 0
    }
  }
}
