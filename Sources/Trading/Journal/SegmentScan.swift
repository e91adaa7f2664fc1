import Runtime

/// Goes through the blocks of one segment.
struct SegmentScan {
  let segment: Segment
  let bytes: [UInt8]
  /// Where the next block begins.
  private(set) var offset = Segment.headerBytes
  /// The number of the next record.
  private(set) var next: UInt64
  /// Of the last block's header.
  private(set) var sum: UInt32
  /// The last block holds no records: whoever wrote it said that nothing follows.
  private(set) var isClosed = false

  enum Step {
    /// Records, each with its number and where it lies.
    case records([(sequence: UInt64, range: Range<Int>)])
    /// Nothing more was written.
    case end
    /// What follows is no block, or only part of one.
    case broken(String)
  }

  init(_ segment: Segment, _ bytes: [UInt8], after sum: UInt32) {
    self.segment = segment
    self.bytes = bytes
    self.sum = sum
    next = segment.firstSequence
  }

  mutating func step() -> Step {
    if isEmpty(from: offset) { return .end }
    return segment.version == 1 ? stepVersion1() : stepBlock()
  }

  private mutating func stepBlock() -> Step {
    guard let block = JournalBlock(bytes, at: offset, segment: segment.number) else {
      return .broken("no whole block begins here")
    }
    guard block.first == next else {
      return .broken("record \(block.first) stands where record \(next) belongs")
    }
    guard block.previous == sum else { return .broken("it does not follow the block before it") }
    let payload =
      offset + JournalBlock.headerBytes..<offset + JournalBlock.headerBytes
      + block.byteCount
    guard payload.upperBound <= bytes.count else { return .broken("only part of it is there") }
    guard checksum(payload) == block.payloadSum else {
      return .broken("its records are not what was written")
    }
    var records: [(UInt64, Range<Int>)] = []
    var place = payload.lowerBound
    while place < payload.upperBound {
      let start = place + 4
      guard let length = length(at: place), start + length <= payload.upperBound else {
        return .broken("a record of it is longer than the block")
      }
      records.append((next + UInt64(records.count), start..<start + length))
      place = start + length
    }
    guard records.count == block.count else { return .broken("it has not the records it names") }
    offset += block.length
    next += UInt64(records.count)
    sum = block.sum
    isClosed = records.isEmpty
    return .records(records)
  }

  /// Format 1 framed each record by itself: its length, and a checksum of its number and bytes.
  private mutating func stepVersion1() -> Step {
    let start = offset + 8
    guard let length = length(at: offset), start + length <= bytes.count else {
      return .broken("only part of a record is there")
    }
    var checksum = CRC32C()
    checksum.update(next)
    bytes[start..<start + length].withUnsafeBytes { checksum.update($0) }
    guard length > 0, UInt32(self.length(at: offset + 4) ?? 0) == checksum.value else {
      return .broken("a record is not what was written")
    }
    let record = (next, start..<start + length)
    offset = start + length
    next += 1
    return .records([record])
  }

  /// Whether a whole block after `offset` says that record `next` had been on the disk.
  func isClaimedSafe() -> Bool {
    guard segment.version > 1 else { return false }
    var place = offset + JournalBlock.alignment
    while place + JournalBlock.headerBytes <= bytes.count {
      if let later = JournalBlock(bytes, at: place, segment: segment.number), later.durable > next {
        return true
      }
      place += JournalBlock.alignment
    }
    return false
  }

  private func isEmpty(from start: Int) -> Bool {
    start >= bytes.count || bytes[start...].allSatisfy { $0 == 0 }
  }

  private func length(at offset: Int) -> Int? {
    guard bytes.count - offset >= 4 else { return nil }
    return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private func checksum(_ range: Range<Int>) -> UInt32 {
    var checksum = CRC32C()
    bytes[range].withUnsafeBytes { checksum.update($0) }
    return checksum.value
  }
}
