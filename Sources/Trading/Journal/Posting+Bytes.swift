import Market

extension LedgerAccount: ByteCoded {
  /// The number by which journals know the kind of account, and the place in its table.
  private var coded: (kind: UInt8, place: Int32) {
    switch self {
    case .cash(let currency): (0, Int32(currency.index))
    case .unsettled(let currency): (1, Int32(currency.index))
    case .holdings(let instrument): (2, instrument.index)
    case .commission(let currency): (3, Int32(currency.index))
    case .taxes(let currency): (4, Int32(currency.index))
    case .borrowing(let currency): (5, Int32(currency.index))
    case .dividends(let currency): (6, Int32(currency.index))
    case .realised(let currency): (7, Int32(currency.index))
    case .capital(let currency): (8, Int32(currency.index))
    case .conversion(let currency): (9, Int32(currency.index))
    case .rounding(let currency): (10, Int32(currency.index))
    case .adopted(let currency): (11, Int32(currency.index))
    }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(coded.kind)
    writer.write(coded.place)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let kind: UInt8 = try reader.read()
    if kind == 2 {
      self = .holdings(try InstrumentID(from: &reader))
      return
    }
    guard let index = UInt8(exactly: try reader.read(Int32.self)) else {
      throw reader.malformed("currency before this byte")
    }
    let currency = CurrencyID(Int(index))
    switch kind {
    case 0: self = .cash(currency)
    case 1: self = .unsettled(currency)
    case 3: self = .commission(currency)
    case 4: self = .taxes(currency)
    case 5: self = .borrowing(currency)
    case 6: self = .dividends(currency)
    case 7: self = .realised(currency)
    case 8: self = .capital(currency)
    case 9: self = .conversion(currency)
    case 10: self = .rounding(currency)
    case 11: self = .adopted(currency)
    default: throw reader.malformed("account before this byte")
    }
  }
}

extension PostingCause: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    switch self {
    case .deposit: writer.write(UInt8(0))
    case .execution(let id): writer.write(1, id)
    case .settlement: writer.write(UInt8(2))
    case .dividend(let instrument): writer.write(3, instrument)
    case .split(let instrument): writer.write(4, instrument)
    case .borrowing(let instrument): writer.write(5, instrument)
    case .interest: writer.write(UInt8(6))
    case .conversion: writer.write(UInt8(7))
    case .rounding: writer.write(UInt8(8))
    case .delisting(let instrument): writer.write(9, instrument)
    case .adoption: writer.write(UInt8(10))
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .deposit
    case 1: self = .execution(try ExecutionID(from: &reader))
    case 2: self = .settlement
    case 3: self = .dividend(try InstrumentID(from: &reader))
    case 4: self = .split(try InstrumentID(from: &reader))
    case 5: self = .borrowing(try InstrumentID(from: &reader))
    case 6: self = .interest
    case 7: self = .conversion
    case 8: self = .rounding
    case 9: self = .delisting(try InstrumentID(from: &reader))
    case 10: self = .adoption
    default: throw reader.malformed("cause of a posting before this byte")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ kind: UInt8, _ value: some ByteCoded) {
    write(kind)
    value.write(to: &self)
  }
}

extension Posting.Line: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    account.write(to: &writer)
    currency.write(to: &writer)
    writer.write(amount)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      try LedgerAccount(from: &reader), try CurrencyID(from: &reader), try reader.readAmount())
  }
}

extension Posting.Change: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    instrument.write(to: &writer)
    writer.write(quantity)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(try InstrumentID(from: &reader), try reader.readAmount())
  }
}

extension Posting: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    cause.write(to: &writer)
    writer.write(time)
    writer.write(change)
    writer.write(residue)
    let lines = lines
    writer.write(UInt8(lines.count))
    for line in lines { line.write(to: &writer) }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let cause = try PostingCause(from: &reader)
    let time = try reader.readTime()
    let change: Change? = try reader.readOptional()
    let residue: CashResidue = try reader.readAmount()
    let count = Int(try reader.read(UInt8.self))
    guard (2...Self.mostLines).contains(count) else {
      throw reader.malformed("count of lines before this byte")
    }
    var lines: [Line] = []
    for _ in 0..<count { lines.append(try Line(from: &reader)) }
    func line(_ place: Int) -> Line? { place < count ? lines[place] : nil }
    self.init(
      cause, at: time, change: change, residue: residue, lines[0], lines[1], line(2), line(3),
      line(4), line(5))
  }
}
