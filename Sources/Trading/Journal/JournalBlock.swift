import Runtime

/// What one write puts into a segment: a header of 40 bytes, records one after another, each behind its
/// length, and zeros up to a multiple of eight.
///
/// The header says how many records were known to be on the disk when it was written. So a block that is
/// broken is damage exactly where a whole one after it says that it had been safe, and a torn end
/// otherwise.
struct JournalBlock {
  static let headerBytes = 40
  static let alignment = 8
  private static let magic: UInt32 = 0x6B6C_624D

  var byteCount: Int
  var first: UInt64
  /// Records before this one were on the disk.
  var durable: UInt64
  var count: Int
  /// The checksum of the header of the block before it, so that none is missing in between.
  var previous: UInt32
  var payloadSum: UInt32
  /// Of the header with its place, so that a block is valid only where it was written.
  private(set) var sum: UInt32 = 0

  init(
    byteCount: Int, first: UInt64, durable: UInt64, count: Int, previous: UInt32,
    payloadSum: UInt32
  ) {
    self.byteCount = byteCount
    self.first = first
    self.durable = durable
    self.count = count
    self.previous = previous
    self.payloadSum = payloadSum
  }

  /// With header and zeros.
  var length: Int { Self.length(of: byteCount) }

  static func length(of byteCount: Int) -> Int {
    (headerBytes + byteCount + alignment - 1) / alignment * alignment
  }

  /// Writes the header over the first bytes of `writer`, which holds the records behind it.
  mutating func seal(_ writer: inout ByteWriter, segment: UInt64, offset: Int) {
    writer.overwrite(Self.magic, at: 0)
    writer.overwrite(UInt32(byteCount), at: 4)
    writer.overwrite(first, at: 8)
    writer.overwrite(durable, at: 16)
    writer.overwrite(UInt32(count), at: 24)
    writer.overwrite(previous, at: 28)
    writer.overwrite(payloadSum, at: 32)
    sum = Self.sum(writer.bytes[0..<36], segment: segment, offset: offset)
    writer.overwrite(sum, at: 36)
    while writer.count < length { writer.write(UInt8(0)) }
  }

  /// The header at `offset`, or `nil` where there is none whole.
  init?(_ bytes: [UInt8], at offset: Int, segment: UInt64) {
    guard bytes.count - offset >= Self.headerBytes else { return nil }
    var reader = ByteReader(bytes[offset..<offset + Self.headerBytes])
    do throws(JournalError) {
      guard try reader.read(UInt32.self) == Self.magic else { return nil }
      byteCount = Int(try reader.read(UInt32.self))
      first = try reader.read()
      durable = try reader.read()
      count = Int(try reader.read(UInt32.self))
      previous = try reader.read()
      payloadSum = try reader.read()
      sum = try reader.read()
    } catch {
      return nil
    }
    guard sum == Self.sum(bytes[offset..<offset + 36], segment: segment, offset: offset) else {
      return nil
    }
  }

  private static func sum(_ header: ArraySlice<UInt8>, segment: UInt64, offset: Int) -> UInt32 {
    var checksum = CRC32C()
    checksum.update(segment)
    checksum.update(UInt64(offset))
    header.withUnsafeBytes { checksum.update($0) }
    return checksum.value
  }
}
