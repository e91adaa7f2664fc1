import Market
import Numerics

extension OrderType: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    switch self {
    case .market: writer.write(UInt8(0))
    case .limit(let price): writer.write(UInt8(1), price)
    case .stop(let price): writer.write(UInt8(2), price)
    case .stopLimit(let stop, let limit):
      writer.write(UInt8(3), stop)
      writer.write(limit)
    case .trailing(.amount(let amount)): writer.write(UInt8(4), amount)
    case .trailing(.part(let part)): writer.write(UInt8(5), part)
    case .atOpen(let limit):
      writer.write(UInt8(6))
      writer.write(limit)
    case .atClose(let limit):
      writer.write(UInt8(7))
      writer.write(limit)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .market
    case 1: self = .limit(try reader.readAmount())
    case 2: self = .stop(try reader.readAmount())
    case 3: self = .stopLimit(stop: try reader.readAmount(), limit: try reader.readAmount())
    case 4: self = .trailing(.amount(try reader.readAmount()))
    case 5: self = .trailing(.part(try reader.readAmount()))
    case 6: self = .atOpen(limit: try reader.readOptionalAmount())
    case 7: self = .atClose(limit: try reader.readOptionalAmount())
    default: throw reader.malformed("order type before this byte")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write<Unit>(_ kind: UInt8, _ amount: FixedPoint<Unit>) {
    write(kind)
    write(amount)
  }
}

extension OrderIntent: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    instrument.write(to: &writer)
    writer.write(side.rawValue)
    writer.write(quantity)
    type.write(to: &writer)
    writer.write(timeInForce.rawValue)
    writer.write(outsideHours)
    writer.write(provenance != nil)
    if let provenance { writer.write(provenance.index) }
    writer.write(confidence)
    writer.write(intervalWidth)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let instrument = try InstrumentID(from: &reader)
    let side: Side = try reader.readCase("side")
    let quantity: Quantity = try reader.readAmount()
    let type = try OrderType(from: &reader)
    let timeInForce: TimeInForce = try reader.readCase("time in force")
    let outsideHours = try reader.readFlag()
    var provenance: ProvenanceID?
    if try reader.readFlag() { provenance = ProvenanceID(Int(try reader.read(UInt32.self))) }
    self.init(
      side, quantity, of: instrument, type: type, timeInForce: timeInForce,
      outsideHours: outsideHours, provenance: provenance,
      confidence: try reader.readOptionalDouble(),
      intervalWidth: try reader.readOptionalDouble())
  }
}

extension OrderLink: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    group.write(to: &writer)
    writer.write(role.rawValue)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(group: try OrderID(from: &reader), role: try reader.readCase("role of an order"))
  }
}

extension Order: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    id.write(to: &writer)
    intent.write(to: &writer)
    writer.write(createdAt)
    writer.write(link)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      id: try OrderID(from: &reader), intent: try OrderIntent(from: &reader),
      createdAt: try reader.readTime(), link: try reader.readOptional())
  }
}

extension OrderTerms: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(quantity)
    type.write(to: &writer)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(quantity: try reader.readAmount(), type: try OrderType(from: &reader))
  }
}

extension Denial: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(code.rawValue)
    writer.write(found)
    writer.write(allowed)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      try reader.readCase("code of a denial"), found: try reader.readDouble(),
      allowed: try reader.readDouble())
  }
}
