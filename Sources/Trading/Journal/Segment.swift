import Runtime

/// One file of a journal: a header of 64 bytes, then records until it is full.
struct Segment {
  static let headerBytes = 64
  private static let magic: [UInt8] = Array("martinet".utf8)

  /// The layout of what follows the header. The header itself is the same in every version.
  var version: UInt32
  /// They count from 1.
  var number: UInt64
  /// Of the first record in it.
  var firstSequence: UInt64
  /// The same in all segments of one journal.
  var identity: UInt64

  static func name(_ number: UInt64) -> String {
    "segment-" + String(repeating: "0", count: max(0, 8 - String(number).count)) + "\(number)"
  }

  /// The number in the name of a segment's file.
  static func number(in name: String) -> UInt64? {
    guard name.hasPrefix("segment-"), let number = UInt64(name.dropFirst(8)),
      Self.name(number) == name
    else { return nil }
    return number
  }

  var header: [UInt8] {
    var writer = ByteWriter(capacity: Self.headerBytes)
    for byte in Self.magic { writer.write(byte) }
    writer.write(version)
    writer.write(UInt32(Self.headerBytes))
    for field in [number, firstSequence, identity] { writer.write(field) }
    while writer.count < Self.headerBytes - 4 { writer.write(UInt8(0)) }
    writer.write(CRC32C.checksum(writer.bytes))
    return writer.bytes
  }

  /// The header at the beginning of a file, or `nil` where there is none whole.
  init?(header bytes: ArraySlice<UInt8>) {
    guard bytes.count >= Self.headerBytes, bytes.starts(with: Self.magic) else { return nil }
    let header = Array(bytes.prefix(Self.headerBytes))
    var reader = ByteReader(header[...])
    do throws(JournalError) {
      _ = try reader.read(UInt64.self)
      version = try reader.read()
      _ = try reader.read(UInt32.self)
      number = try reader.read()
      firstSequence = try reader.read()
      identity = try reader.read()
      var tail = ByteReader(header[(Self.headerBytes - 4)...])
      guard try tail.read() == CRC32C.checksum(Array(header.dropLast(4))) else { return nil }
    } catch {
      return nil
    }
  }

  init(version: UInt32, number: UInt64, firstSequence: UInt64, identity: UInt64) {
    self.version = version
    self.number = number
    self.firstSequence = firstSequence
    self.identity = identity
  }
}
