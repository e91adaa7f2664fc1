import Foundation

/// The CRC-32 and the length that stand at the end of a gzip file (RFC 1952, section 2.3.1).
struct GzipChecksum {
  private var remainder: UInt32 = .max
  private var length: UInt32 = 0

  /// Eight tables, so that eight bytes are taken at a time (Kounavis and Berry 2005).
  private static let tables: [[UInt32]] = {
    var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
      tables[0][byte] = value
    }
    for table in 1..<8 {
      for byte in 0..<256 {
        let before = tables[table - 1][byte]
        tables[table][byte] = before >> 8 ^ tables[0][Int(before & 0xff)]
      }
    }
    return tables
  }()
  private static let flat: [UInt32] = tables.flatMap(\.self)

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt32(truncatingIfNeeded: bytes.count)
    var value = remainder
    Self.flat.withUnsafeBufferPointer { table in
      var position = 0
      while position + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
        let mixed = word ^ UInt64(value)
        value = 0
        for byte in 0..<8 {
          value ^=
            table[(7 - byte) << 8 + Int(truncatingIfNeeded: mixed >> (8 * UInt64(byte)) & 0xff)]
        }
        position += 8
      }
      while position < bytes.count {
        value = value >> 8 ^ table[Int((value ^ UInt32(bytes[position])) & 0xff)]
        position += 1
      }
    }
    remainder = value
  }

  /// Whether the last eight bytes of the file say the same.
  func matches(trailerOf path: String) throws(DataError) -> Bool {
    let trailer = try FileBytes(path: path).end(8)
    guard trailer.count == 8 else { return false }
    func word(_ start: Int) -> UInt32 {
      trailer[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    return word(0) == ~remainder && word(4) == length
  }
}

extension FileBytes {
  /// The last bytes of the file, at most `count` of them.
  fileprivate func end(_ count: Int) throws(DataError) -> [UInt8] {
    try seek(fromEnd: min(count, byteCount ?? 0))
    return try start(count)
  }
}
