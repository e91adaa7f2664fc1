internal import CChecksum

/// The CRC-32C of some bytes (Castagnoli's polynomial, RFC 3720): finds what a disk did to them, not
/// what a person did.
public struct CRC32C: Sendable {
  private var register: UInt32 = .max
  private let usesProcessor: Bool

  /// - Parameter usesProcessor: whether the processor's own instruction is used where it has one; the
  ///   table gives the same.
  public init(usesProcessor: Bool = true) {
    self.usesProcessor = usesProcessor && MARTINET_HAS_CRC32C != 0
  }

  public var value: UInt32 { ~register }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var register = register
    var offset = 0
    if usesProcessor {
      while offset &+ 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        register = martinet_crc32c_word(register, UInt64(littleEndian: word))
        offset &+= 8
      }
      while offset < bytes.count {
        register = martinet_crc32c_byte(register, bytes[offset])
        offset &+= 1
      }
    } else {
      for byte in bytes {
        register = Self.table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8)
      }
    }
    self.register = register
  }

  public mutating func update(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { update($0) }
  }

  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32C()
    bytes.withUnsafeBytes { crc.update($0) }
    return crc.value
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1
    }
  }
}
