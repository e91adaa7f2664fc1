import Market
import Numerics
import Runtime

// Market data as a recording keeps it.

extension Bar: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    for time in [start, end, knownAt] { writer.write(time) }
    for number in [open, high, low, close, volume] { writer.write(number) }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      start: try reader.readTime(), end: try reader.readTime(), knownAt: try reader.readTime(),
      open: try reader.readDouble(), high: try reader.readDouble(), low: try reader.readDouble(),
      close: try reader.readDouble(), volume: try reader.readDouble())
  }
}

extension Market.Trade: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(time)
    writer.write(knownAt)
    writer.write(price)
    writer.write(quantity)
    writer.write(venue)
    writer.write(conditions)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      time: try reader.readTime(), knownAt: try reader.readTime(), price: try reader.readAmount(),
      quantity: try reader.readAmount(), venue: try reader.read(), conditions: try reader.read())
  }
}

extension Quote.Side: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(price)
    writer.write(quantity)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(price: try reader.readAmount(), quantity: try reader.readAmount())
  }
}

extension Quote: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(time)
    writer.write(knownAt)
    writer.write(bid)
    writer.write(ask)
    writer.write(venue)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      time: try reader.readTime(), knownAt: try reader.readTime(), bid: try reader.readOptional(),
      ask: try reader.readOptional(), venue: try reader.read())
  }
}

extension BookEvent: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(time)
    writer.write(knownAt)
    writer.write(kind.rawValue)
    writer.write(side.rawValue)
    writer.write(price)
    writer.write(quantity)
    writer.write(orderID)
    writer.write(sequence)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      time: try reader.readTime(), knownAt: try reader.readTime(),
      kind: try reader.readCase("kind of book event"), side: try reader.readCase("side"),
      price: try reader.readAmount(), quantity: try reader.readAmount(),
      orderID: try reader.read(), sequence: try reader.read())
  }
}

extension ShareAction: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    switch self {
    case .split(let ratio):
      writer.write(UInt8(0))
      writer.write(ratio)
    case .dividend(let amount):
      writer.write(UInt8(1))
      writer.write(amount)
    case .delisted(let price):
      writer.write(UInt8(2))
      writer.write(price)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .split(ratio: try reader.readAmount())
    case 1: self = .dividend(try reader.readAmount())
    case 2: self = .delisted(at: try reader.readAmount())
    default: throw reader.malformed("corporate action before this byte")
    }
  }
}

extension TradingStatus: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    switch self {
    case .halted: writer.write(UInt8(0))
    case .resumed: writer.write(UInt8(1))
    case .bands(let lower, let upper):
      writer.write(UInt8(2))
      writer.write(lower)
      writer.write(upper)
    case .noBands: writer.write(UInt8(3))
    case .borrowable(let quantity):
      writer.write(UInt8(4))
      writer.write(quantity)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .halted
    case 1: self = .resumed
    case 2: self = .bands(lower: try reader.readAmount(), upper: try reader.readAmount())
    case 3: self = .noBands
    case 4: self = .borrowable(try reader.readAmount())
    default: throw reader.malformed("trading status before this byte")
    }
  }
}

extension MarketEvent: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(time)
    instrument.write(to: &writer)
    switch content {
    case .action(let action): writer.write(0, action)
    case .sessionOpened: writer.write(UInt8(1))
    case .status(let status): writer.write(2, status)
    case .bar(let bar, let series, let place):
      writer.write(3, bar)
      writer.write(series.index)
      writer.write(place.rawValue)
    case .trade(let trade): writer.write(4, trade)
    case .quote(let quote): writer.write(5, quote)
    case .book(let event): writer.write(6, event)
    case .sessionClosed: writer.write(UInt8(7))
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let time = try reader.readTime()
    let instrument = try InstrumentID(from: &reader)
    let content: Content
    switch try reader.read(UInt8.self) {
    case 0: content = .action(try ShareAction(from: &reader))
    case 1: content = .sessionOpened
    case 2: content = .status(try TradingStatus(from: &reader))
    case 3:
      let bar = try Bar(from: &reader)
      let series = SeriesID(Int(try reader.read(UInt16.self)))
      content = .bar(bar, series, SessionPlace(rawValue: try reader.read()))
    case 4: content = .trade(try Market.Trade(from: &reader))
    case 5: content = .quote(try Quote(from: &reader))
    case 6: content = .book(try BookEvent(from: &reader))
    case 7: content = .sessionClosed
    default: throw reader.malformed("market event before this byte")
    }
    self.init(time: time, instrument: instrument, content: content)
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ kind: UInt8, _ value: some ByteCoded) {
    write(kind)
    value.write(to: &self)
  }
}
