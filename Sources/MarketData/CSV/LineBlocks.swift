import Foundation

/// A text file as blocks of whole lines, so that a file of any size passes through a few megabytes.
struct LineBlocks: ~Copyable {
  let path: String
  /// The number of the first line of the current block, counted from 1.
  private(set) var firstLine = 1
  private let source: any ByteSource
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var filled = 0
  private var consumed = 0
  private var isAtEnd = false

  /// How much is read at a time.
  private let blockSize: Int

  static let longestLine = 1 << 20

  init(_ source: any ByteSource, path: String) {
    self.path = path
    self.source = source
    // A small file is one block; its size is only a hint, because it may be growing.
    blockSize = min(Self.longestLine, max(1 << 16, (source.byteCount ?? Self.longestLine) + 1))
    buffer = .allocate(capacity: 2 * blockSize + 1)
  }

  deinit { buffer.deallocate() }

  /// How many bytes there will be, where that is known.
  var byteCount: Int? { source.byteCount }

  /// The next whole lines, each closed by a line feed, or `nil` behind the last one.
  /// Valid until the next call.
  mutating func next() throws(DataError) -> UnsafeBufferPointer<UInt8>? {
    let rest = filled - consumed
    if consumed > 0, let base = buffer.baseAddress {
      firstLine += Self.lineCount(UnsafeBufferPointer(rebasing: buffer[..<consumed]))
      memmove(base, base + consumed, rest)
    }
    filled = rest
    consumed = 0
    while !isAtEnd {
      try fill()
      if let last = lastLineFeed() {
        consumed = last + 1
        return UnsafeBufferPointer(rebasing: buffer[..<consumed])
      }
      guard filled <= blockSize else { throw tooLong() }
    }
    return nil
  }

  /// Reads up to a block more; closes an unfinished last line.
  private mutating func fill() throws(DataError) {
    var wanted = min(blockSize, 2 * blockSize - filled)
    while wanted > 0 {
      let room = UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + wanted])
      let count = try source.read(into: UnsafeMutableRawBufferPointer(room))
      if count == 0 {
        isAtEnd = true
        if filled > 0 && buffer[filled - 1] != 0x0a {
          buffer[filled] = 0x0a
          filled += 1
        }
        return
      }
      filled += count
      wanted -= count
    }
  }

  private func lastLineFeed() -> Int? {
    var position = filled - 1
    while position >= 0, buffer[position] != 0x0a { position -= 1 }
    return position >= 0 ? position : nil
  }

  private func tooLong() -> DataError {
    .wrongFormat(
      place: "\(path):\(firstLine)", found: "a line longer than a megabyte",
      remedy: "check that this is a text file with one bar a line")
  }

  /// How many lines `bytes` has, each closed by a line feed.
  static func lineCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in bytes where byte == 0x0a { count += 1 }
    return count
  }
}
