import Market

extension Execution: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    id.write(to: &writer)
    writer.write(quantity)
    writer.write(cumulative)
    writer.write(price)
    writer.write(reference)
    writer.write(commission)
    writer.write(taxes)
    writer.write(reason.rawValue)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      id: try ExecutionID(from: &reader), quantity: try reader.readAmount(),
      cumulative: try reader.readAmount(), price: try reader.readAmount(),
      reference: try reader.readAmount(), commission: try reader.readAmount(),
      taxes: try reader.readAmount(), reason: try reader.readCase("reason of a fill"))
  }
}

extension VenueReport: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    order.write(to: &writer)
    writer.write(time)
    switch content {
    case .accepted: writer.write(UInt8(0))
    case .rejected(let why): writer.write(1, why)
    case .triggered: writer.write(UInt8(2))
    case .executed(let execution):
      writer.write(UInt8(3))
      execution.write(to: &writer)
    case .replaced(let terms):
      writer.write(UInt8(4))
      terms.write(to: &writer)
    case .replaceRejected(let why): writer.write(5, why)
    case .cancelRejected(let why): writer.write(6, why)
    case .ended(let end):
      writer.write(UInt8(7))
      writer.write(end.rawValue)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let order = try OrderID(from: &reader)
    self.init(order: order, time: try reader.readTime(), content: try Content(from: &reader))
  }
}

extension VenueReport.Content {
  fileprivate init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .accepted
    case 1: self = .rejected(try reader.readCase("rejection"))
    case 2: self = .triggered
    case 3: self = .executed(try Execution(from: &reader))
    case 4: self = .replaced(try OrderTerms(from: &reader))
    case 5: self = .replaceRejected(try reader.readCase("rejection"))
    case 6: self = .cancelRejected(try reader.readCase("rejection"))
    case 7: self = .ended(try reader.readCase("end of an order"))
    default: throw reader.malformed("report before this byte")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ kind: UInt8, _ why: Rejection) {
    write(kind)
    write(why.rawValue)
  }
}

extension VenueBooking: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    id.write(to: &writer)
    writer.write(time)
    writer.write(instrument)
    currency.write(to: &writer)
    writer.write(kind.rawValue)
    writer.write(cash)
    writer.write(quantity)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      id: try ExecutionID(from: &reader), time: try reader.readTime(),
      instrument: try reader.readOptional(), currency: try CurrencyID(from: &reader),
      kind: try reader.readCase("kind of a booking"), cash: try reader.readAmount(),
      quantity: try reader.readAmount())
  }
}

extension VenueMessage: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    switch self {
    case .report(let report):
      writer.write(UInt8(0))
      report.write(to: &writer)
    case .booking(let booking):
      writer.write(UInt8(1))
      booking.write(to: &writer)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .report(try VenueReport(from: &reader))
    case 1: self = .booking(try VenueBooking(from: &reader))
    default: throw reader.malformed("message before this byte")
    }
  }
}
