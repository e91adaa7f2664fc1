import Market
import Numerics
import Runtime

/// A value that a journal keeps: writes itself, and reads itself or refuses.
public protocol ByteCoded {
  func write(to writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(JournalError)
}

extension OrderID: ByteCoded {
  public func write(to writer: inout ByteWriter) { writer.write(number) }
  public init(from reader: inout ByteReader) throws(JournalError) { self.init(try reader.read()) }
}

extension ExecutionID: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(high)
    writer.write(low)
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(high: try reader.read(), low: try reader.read())
  }
}

extension InstrumentID: ByteCoded {
  public func write(to writer: inout ByteWriter) { writer.write(index) }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let index: Int32 = try reader.read()
    guard index >= 0 else { throw reader.malformed("instrument before this byte") }
    self.init(Int(index))
  }
}

extension CurrencyID: ByteCoded {
  public func write(to writer: inout ByteWriter) { writer.write(index) }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(Int(try reader.read(UInt8.self)))
  }
}

// Optional values: a flag, then the value where there is one.
extension ByteWriter {
  public mutating func write(_ value: (some ByteCoded)?) {
    write(value != nil)
    value?.write(to: &self)
  }

  public mutating func write<Unit>(_ amount: FixedPoint<Unit>?) {
    write(amount != nil)
    if let amount { write(amount) }
  }

  public mutating func write(_ number: Double?) {
    write(number != nil)
    if let number { write(number) }
  }
}

extension ByteReader {
  public mutating func readOptional<Value: ByteCoded>() throws(JournalError) -> Value? {
    try readFlag() ? try Value(from: &self) : nil
  }

  public mutating func readOptionalAmount<Unit>() throws(JournalError) -> FixedPoint<Unit>? {
    try readFlag() ? try readAmount() : nil
  }

  public mutating func readOptionalDouble() throws(JournalError) -> Double? {
    try readFlag() ? try readDouble() : nil
  }
}

// Rows of amounts: a count, then each.
extension ByteWriter {
  mutating func write<Unit>(_ amounts: [FixedPoint<Unit>]) {
    write(UInt32(amounts.count))
    for amount in amounts { write(amount) }
  }
}

extension ByteReader {
  /// As many as there must be.
  mutating func readCount(_ count: Int) throws(JournalError) {
    guard Int(try read(UInt32.self)) == count else { throw malformed("count of \(count)") }
  }

  mutating func readAmounts<Unit>(_ count: Int) throws(JournalError) -> [FixedPoint<Unit>] {
    try readCount(count)
    var amounts: [FixedPoint<Unit>] = []
    amounts.reserveCapacity(count)
    for _ in 0..<count { amounts.append(try readAmount()) }
    return amounts
  }
}
