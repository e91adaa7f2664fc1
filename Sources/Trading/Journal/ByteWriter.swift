import Numerics
import Runtime

/// Appends values as fixed little-endian fields.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  public var count: Int { bytes.count }

  /// Forgets the bytes, keeps the memory.
  public mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  @inline(__always) public mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  public mutating func write(_ number: Double) { write(number.bitPattern) }
  public mutating func write(_ flag: Bool) { write(UInt8(flag ? 1 : 0)) }
  public mutating func write<Unit>(_ amount: FixedPoint<Unit>) { write(amount.steps) }
  public mutating func write(_ time: Timestamp) { write(time.nanoseconds) }

  public mutating func write(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }

  /// Puts a number over bytes that are there.
  mutating func overwrite<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
    for place in 0..<MemoryLayout<Number>.size {
      bytes[offset + place] = UInt8(truncatingIfNeeded: number >> (8 * place))
    }
  }

  /// Forgets all bytes after the first `count`.
  mutating func cut(to count: Int) { bytes.removeLast(bytes.count - count) }

  /// A length of four bytes and UTF-8.
  public mutating func write(_ text: String) {
    let utf8 = Array(text.utf8)
    write(UInt32(utf8.count))
    bytes.append(contentsOf: utf8)
  }
}
