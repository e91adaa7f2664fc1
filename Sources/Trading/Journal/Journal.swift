import Runtime

/// An append-only file of records, each framed by its length and a checksum.
public final class Journal: JournalSink {
  public static let version: UInt32 = 1

  private let disk: any JournalDisk
  private let bytesMax: Int
  private let identity: UInt64
  private var segment: UInt64 = 0
  private var offset = 0
  private var pending = ByteWriter()
  private var record = ByteWriter()
  public private(set) var next: UInt64 = 0

  /// Begins a journal in an empty folder.
  public init(
    _ disk: any JournalDisk, identity: UInt64, segmentBytesMax: Int = 1 << 26
  ) throws(JournalError) {
    self.disk = disk
    self.identity = identity
    bytesMax = segmentBytesMax
    try file { () throws(FileError) in try begin(segment: 1) }
  }

  public func append(_ record: JournalRecord) throws(JournalError) {
    self.record.clear()
    record.write(to: &self.record)
    pending.write(UInt32(self.record.count))
    var checksum = CRC32C()
    checksum.update(next)
    self.record.bytes.withUnsafeBytes { checksum.update($0) }
    pending.write(checksum.value)
    for byte in self.record.bytes { pending.write(byte) }
    next += 1
  }

  public func commit() throws(JournalError) {
    guard pending.count > 0 else { return }
    try file { () throws(FileError) in
      try disk.write(pending.bytes, to: Segment.name(segment), at: offset)
      try disk.synchronize(Segment.name(segment))
    }
    offset += pending.count
    pending.clear()
    guard offset >= bytesMax else { return }
    try file { () throws(FileError) in try begin(segment: segment + 1) }
  }

  private func begin(segment number: UInt64) throws(FileError) {
    let header = Segment(
      version: Self.version, number: number, firstSequence: next, identity: identity
    ).header
    let name = Segment.name(number)
    try disk.create(name)
    try disk.write(header, to: name, at: 0)
    try disk.synchronize(name)
    try disk.synchronizeNames()
    (segment, offset) = (number, header.count)
  }

  private func file(_ body: () throws(FileError) -> Void) throws(JournalError) {
    do { try body() } catch { throw .file(error) }
  }
}
