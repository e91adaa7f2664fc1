// Archives made by hand, so that no program is needed to make them and every byte of them is known.

/// Gzip (RFC 1952) with stored blocks: nothing is made smaller.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + storedBlocks(bytes) + little(crc32(bytes), 4)
    + little(UInt32(bytes.count), 4)
}

func gzip(_ text: String) -> [UInt8] { gzip(Array(text.utf8)) }

/// One Zstandard frame (RFC 8878) of raw blocks without a checksum.
func zstd(_ bytes: [UInt8]) -> [UInt8] {
  var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(1 << 16)
    rest = rest.dropFirst(block.count)
    frame += little(UInt32(block.count) << 3 | (rest.isEmpty ? 1 : 0), 3) + block
  } while !rest.isEmpty
  return frame
}

/// A Zstandard frame that unpacks to `text` and `count` times 128 KiB of one byte.
func zstdBomb(_ text: String = "", blocks count: Int, byte: UInt8) -> [UInt8] {
  var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]
  frame += little(UInt32(text.utf8.count) << 3, 3) + Array(text.utf8)
  for block in 0..<count {
    frame += little(UInt32(1 << 17) << 3 | 1 << 1 | (block == count - 1 ? 1 : 0), 3) + [byte]
  }
  return frame
}

/// A zip archive of stored members.
///
/// - Parameters:
///   - flags: of every member; 1 says that it is encrypted.
///   - damage: added to the checksum of every member.
func zip(
  _ members: [(name: String, bytes: [UInt8])], flags: UInt16 = 0, damage: UInt32 = 0
) -> [UInt8] {
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in members {
    let fields =
      little(UInt32(flags), 2) + little(0, 2) + little(0, 4) + little(crc32(bytes) &+ damage, 4)
      + little(UInt32(bytes.count), 4) + little(UInt32(bytes.count), 4)
      + little(UInt32(name.utf8.count), 2) + little(0, 2)
    directory +=
      [0x50, 0x4b, 1, 2, 20, 3, 20, 0] + fields + little(0, 6) + little(0o100644 << 16, 4)
      + little(UInt32(archive.count), 4) + Array(name.utf8)
    archive += [0x50, 0x4b, 3, 4, 20, 0] + fields + Array(name.utf8) + bytes
  }
  let count = little(UInt32(members.count), 2)
  return archive + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count
    + little(UInt32(directory.count), 4) + little(UInt32(archive.count), 4) + [0, 0]
}

func zip(_ name: String, _ text: String) -> [UInt8] { zip([(name, Array(text.utf8))]) }

private func storedBlocks(_ bytes: [UInt8]) -> [UInt8] {
  var blocks: [UInt8] = []
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(60_000)
    rest = rest.dropFirst(block.count)
    let count = UInt32(block.count)
    blocks += [rest.isEmpty ? 1 : 0] + little(count, 2) + little(~count, 2) + block
  } while !rest.isEmpty
  return blocks
}

private func little(_ value: UInt32, _ count: Int) -> [UInt8] {
  (0..<count).map { $0 < 4 ? UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) : 0 }
}

/// Bit by bit, as the standard writes it.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
    }
  }
}
