import Runtime

/// The state that records up to a number lead to, so that they need not be read again.
///
/// It follows from the journal: one that is damaged is passed over, and more records are read instead.
public struct JournalSnapshot: Hashable, Sendable {
  /// The number of the first record that is not part of it.
  public let next: UInt64
  public let state: [UInt8]

  private static let prefix = "snapshot-"
  private static let magic: UInt64 = 0x746F_6873_7061_6E73
  private static let version: UInt32 = 1

  static func name(_ next: UInt64) -> String {
    let digits = String(next)
    return prefix + String(repeating: "0", count: 20 - digits.count) + digits
  }

  static func next(in name: String) -> UInt64? {
    guard name.hasPrefix(prefix), let next = UInt64(name.dropFirst(prefix.count)),
      Self.name(next) == name
    else { return nil }
    return next
  }

  init(next: UInt64, state: [UInt8]) {
    self.next = next
    self.state = state
  }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: state.count + 32)
    writer.write(Self.magic)
    writer.write(Self.version)
    writer.write(next)
    writer.write(UInt64(state.count))
    writer.write(state)
    writer.write(CRC32C.checksum(writer.bytes))
    return writer.bytes
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 32 else { return nil }
    let content = bytes.dropLast(4)
    var (reader, tail) = (ByteReader(content), ByteReader(bytes.suffix(4)))
    do throws(JournalError) {
      guard try reader.read(UInt64.self) == Self.magic, try reader.read(UInt32.self) == Self.version
      else { return nil }
      next = try reader.read()
      guard try reader.read(UInt64.self) == UInt64(bytes.count - 32),
        try tail.read() == CRC32C.checksum(Array(content))
      else { return nil }
    } catch {
      return nil
    }
    state = Array(content.dropFirst(28))
  }
}
