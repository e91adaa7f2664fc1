import Numerics
import Runtime

/// Reads what a `ByteWriter` wrote, and refuses anything else with the place.
public struct ByteReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  public private(set) var offset = 0

  public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  public var isAtEnd: Bool { offset == bytes.count }

  public func malformed(_ what: String) -> JournalError { .malformed(what: what, offset: offset) }

  public mutating func read<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self
  ) throws(JournalError) -> Number {
    let size = MemoryLayout<Number>.size
    guard bytes.count - offset >= size else { throw malformed("whole number of \(size) bytes") }
    var number: Number = 0
    for place in 0..<size {
      number |= Number(truncatingIfNeeded: bytes[bytes.startIndex + offset + place]) << (8 * place)
    }
    offset += size
    return number
  }

  public mutating func readDouble() throws(JournalError) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }

  public mutating func readFlag() throws(JournalError) -> Bool {
    let byte = try read(UInt8.self)
    guard byte <= 1 else { throw malformed("flag of 0 or 1") }
    return byte == 1
  }

  public mutating func readAmount<Unit>() throws(JournalError) -> FixedPoint<Unit> {
    FixedPoint(steps: try read())
  }

  public mutating func readTime() throws(JournalError) -> Timestamp {
    Timestamp(nanoseconds: try read())
  }

  public mutating func readText() throws(JournalError) -> String {
    let count = Int(try read(UInt32.self))
    guard bytes.count - offset >= count else { throw malformed("text of \(count) bytes") }
    let start = bytes.startIndex + offset
    guard let text = String(validating: bytes[start..<start + count], as: UTF8.self) else {
      throw malformed("UTF-8")
    }
    offset += count
    return text
  }

  /// One of the cases of an enumeration of bytes.
  public mutating func readCase<Value: RawRepresentable>(
    _ what: String
  ) throws(JournalError) -> Value where Value.RawValue: FixedWidthInteger {
    let place = offset
    guard let value = Value(rawValue: try read()) else {
      throw .malformed(what: what, offset: place)
    }
    return value
  }
}
