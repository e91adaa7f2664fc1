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
    buffer = .allocate(capacity: 2 * blockSize + 1 + DigitRun.readAhead)
  }

  deinit { buffer.deallocate() }

  /// How many bytes there will be, where that is known.
  var byteCount: Int? { source.byteCount }

  /// The next whole lines, each closed by a line feed, or `nil` behind the last one.
  /// Valid until the next call; `DigitRun.readAhead` bytes behind the block may be read.
  ///
  /// - Parameter lineCount: how many lines the block before has, where the caller counted them.
  mutating func next(
    lineCount: Int? = nil
  ) throws(DataError) -> UnsafeBufferPointer<UInt8>? {
    let rest = filled - consumed
    if consumed > 0, let base = buffer.baseAddress {
      let block = UnsafeBufferPointer(rebasing: buffer[..<consumed])
      firstLine += lineCount ?? Self.lineCount(block)
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
    let raw = UnsafeRawBufferPointer(bytes)
    var count = 0
    var offset = 0
    while offset + 8 <= raw.count {
      // A byte keeps its highest bit clear only where it was a line feed.
      let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ 0x0a0a_0a0a_0a0a_0a0a
      let marks = ((bits & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f) | bits
      count += (~marks & 0x8080_8080_8080_8080).nonzeroBitCount
      offset += 8
    }
    for byte in raw[offset...] where byte == 0x0a { count += 1 }
    return count
  }
}
