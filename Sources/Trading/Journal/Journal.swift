import Runtime

/// How a journal uses its disk.
public struct JournalSettings: Hashable, Sendable {
  /// Of one file.
  public var segmentBytesMax = 1 << 26
  /// Records that nobody commits are written when there are so many bytes of them.
  public var blockBytesMax = 1 << 18
  /// Zeros that are written ahead of the records, because a sync of bytes that were there already is
  /// several times as fast as one that makes a file longer.
  public var aheadBytes = 1 << 20
  /// Whether a commit waits for the disk. Without it records are written as blocks fill up, and what is
  /// not yet written is lost with the process.
  public var isSynced = true

  public init() {}
}

/// An append-only journal in files of limited size, made safe by one sync for each commit.
///
/// Opening one reads it: a torn end is cut off, damage before it is an error that names the place. A
/// failed write may be tried again; after a failed sync nothing more is taken, because what the disk has
/// is not known then.
public final class Journal: JournalSink {
  /// The format it writes; those before it are read.
  public static let version: UInt32 = 2

  /// What was found when it was opened.
  public private(set) var found: JournalSummary
  /// The number that the next record gets; they count from 0.
  public private(set) var next: UInt64
  /// Records before this one are on the disk.
  public private(set) var durable: UInt64

  private let disk: any JournalDisk
  private let settings: JournalSettings
  private var segment: UInt64 = 0
  private var name = ""
  private var offset = 0
  /// Up to here the file consists of zeros.
  private var ahead = 0
  private var sum: UInt32
  private var failure: JournalError?
  /// A block in the making: room for its header, then records.
  private var pending = ByteWriter(capacity: 1 << 16)
  private var pendingCount = 0
  private var record = ByteWriter(capacity: 1 << 10)

  /// Opens the journal on `disk`, or begins one there.
  ///
  /// - Parameters:
  ///   - identity: of a journal that is begun; its segments are told from others' by it.
  ///   - restore: takes the newest state that was saved, if there is one.
  ///   - replay: takes every record after it.
  public init(
    _ disk: any JournalDisk, identity: UInt64, settings: JournalSettings = JournalSettings(),
    restore: (JournalSnapshot) throws(JournalError) -> Void = { _ in },
    replay: (StoredRecord) throws(JournalError) -> Void = { _ in }
  ) throws(JournalError) {
    self.disk = disk
    self.settings = settings
    let snapshot = try Self.newestSnapshot(disk)
    if let snapshot { try restore(snapshot) }
    found = try JournalReader(disk).read(from: snapshot?.next ?? 0, replay)
    if let snapshot, snapshot.next > found.next {
      throw .endsEarly(place: disk.place, next: found.next, snapshot: snapshot.next)
    }
    (next, durable, sum) = (found.next, found.next, found.sum)
    if found.parts.isEmpty { found.identity = identity }
    startBlock()
    try mend()
    try resume()
  }

  // MARK: Writing

  public func append(_ record: JournalRecord) throws(JournalError) { try append(of: record) }

  /// Appends an event of a journal of market data.
  public func append(_ event: MarketEvent) throws(JournalError) { try append(of: event) }

  private func append(of content: some ByteCoded) throws(JournalError) {
    if let failure { throw failure }
    record.clear()
    content.write(to: &record)
    let length = record.count
    guard length <= roomForRecords else { throw .tooLarge(bytes: length, bytesMax: roomForRecords) }
    if pending.count + 4 + length > min(settings.blockBytesMax, room) { try flush() }
    pending.write(UInt32(length))
    pending.write(record.bytes)
    pendingCount += 1
    next += 1
  }

  /// Returns once every record appended before is on the disk.
  public func commit() throws(JournalError) {
    if let failure { throw failure }
    guard settings.isSynced, durable < next else { return }
    try flush()
    try synchronize()
  }

  /// Commits, and says in the journal that nothing follows, so that from now on any loss is noticed.
  public func close() throws(JournalError) {
    try flush()
    try synchronize()
    try writeBlock()
    try file { () throws(FileError) in try disk.truncate(name, to: offset) }
    ahead = offset
    try synchronize()
  }

  /// Keeps the state that all records so far lead to; of those before, the newest stays.
  public func save(_ state: [UInt8]) throws(JournalError) {
    try commit()
    let final = JournalSnapshot.name(next)
    try make(final + Self.unfinished, JournalSnapshot(next: next, state: state).bytes)
    try file { () throws(FileError) in
      try disk.rename(final + Self.unfinished, to: final)
      try disk.synchronizeNames()
      let old = try disk.names().compactMap(JournalSnapshot.next).sorted().dropLast(2)
      for next in old { try disk.remove(JournalSnapshot.name(next)) }
    }
  }

  private static let unfinished = ".tmp"

  /// Bytes of a block that fit into an empty segment.
  private var room: Int { settings.segmentBytesMax - Segment.headerBytes - JournalBlock.alignment }
  private var roomForRecords: Int { room - JournalBlock.headerBytes - 4 }

  /// Writes what was appended, without waiting for the disk.
  private func flush() throws(JournalError) {
    if let failure { throw failure }
    if pendingCount > 0 { try writeBlock() }
  }

  private func writeBlock() throws(JournalError) {
    let byteCount = pending.count - JournalBlock.headerBytes
    let length = JournalBlock.length(of: byteCount)
    if offset + length > settings.segmentBytesMax, offset > Segment.headerBytes {
      try turnOver()
    }
    var checksum = CRC32C()
    pending.bytes.withUnsafeBytes {
      checksum.update(UnsafeRawBufferPointer(rebasing: $0[JournalBlock.headerBytes...]))
    }
    var block = JournalBlock(
      byteCount: byteCount, first: next - UInt64(pendingCount), durable: durable,
      count: pendingCount, previous: sum, payloadSum: checksum.value)
    block.seal(&pending, segment: segment, offset: offset)
    do throws(FileError) {
      try writeAhead(to: offset + length)
      try disk.write(pending.bytes, to: name, at: offset)
    } catch {
      // As it was, for another try.
      pending.cut(to: JournalBlock.headerBytes + byteCount)
      throw .file(error)
    }
    offset += length
    ahead = max(ahead, offset)
    sum = block.sum
    startBlock()
  }

  private func startBlock() {
    pending.clear()
    for _ in 0..<JournalBlock.headerBytes / 8 { pending.write(UInt64(0)) }
    pendingCount = 0
  }

  private func writeAhead(to end: Int) throws(FileError) {
    guard settings.isSynced, settings.aheadBytes > 0, end > ahead else { return }
    let target = min(max(settings.segmentBytesMax, end), end + settings.aheadBytes)
    do throws(FileError) {
      try disk.write([UInt8](repeating: 0, count: target - ahead), to: name, at: ahead)
      ahead = target
    } catch {
      // The block itself may still fit.
      guard case .diskFull = error else { throw error }
    }
  }

  private func synchronize() throws(JournalError) {
    do throws(FileError) {
      try disk.synchronize(name)
    } catch {
      // The system may have dropped the pages it could not write, and would say nothing next time.
      let stopped = JournalError.stopped(error.diagnosis.finding)
      failure = stopped
      throw stopped
    }
    durable = next - UInt64(pendingCount)
  }

  // MARK: Segments

  private func turnOver() throws(JournalError) {
    if settings.isSynced { try synchronize() }
    try begin(segment + 1)
  }

  private func begin(_ number: UInt64) throws(JournalError) {
    let header = Segment(
      version: Self.version, number: number, firstSequence: next - UInt64(pendingCount),
      identity: found.identity
    ).header
    let fresh = Segment.name(number)
    try make(fresh, header)
    (segment, name, offset, ahead) = (number, fresh, header.count, header.count)
  }

  /// Returns once the disk has a new file of that name and content. Half made it would be in the way of
  /// another try, so what can be removed of it is.
  private func make(_ name: String, _ bytes: [UInt8]) throws(JournalError) {
    try file { () throws(FileError) in try disk.create(name) }
    do throws(FileError) {
      try disk.write(bytes, to: name, at: 0)
      try disk.synchronize(name)
      try disk.synchronizeNames()
    } catch {
      do throws(FileError) { try disk.remove(name) } catch let left {
        failure = .stopped(left.diagnosis.finding)
      }
      throw .file(error)
    }
  }

  // MARK: Opening

  private static func newestSnapshot(
    _ disk: any JournalDisk
  ) throws(JournalError) -> JournalSnapshot? {
    do throws(FileError) {
      for next in try disk.names().compactMap(JournalSnapshot.next).sorted().reversed() {
        if let snapshot = JournalSnapshot(try disk.read(JournalSnapshot.name(next))),
          snapshot.next == next
        {
          return snapshot
        }
      }
      return nil
    } catch {
      throw .file(error)
    }
  }

  /// Cuts off what was never safe, and makes safe what is there.
  private func mend() throws(JournalError) {
    try file { () throws(FileError) in
      if let tail = found.tail { try disk.truncate(tail.segment, to: tail.offset) }
      for name in try disk.names() where name.hasSuffix(Self.unfinished) { try disk.remove(name) }
      if let unfinished = found.unfinished { try disk.remove(unfinished) }
      if let last = found.parts.last { try disk.synchronize(last.name) }
      try disk.synchronizeNames()
    }
  }

  private func resume() throws(JournalError) {
    guard let last = found.parts.last else { return try begin(1) }
    segment = UInt64(found.parts.count)
    guard last.version == Self.version else { return try begin(segment + 1) }
    (name, offset) = (last.name, last.bytes)
    ahead = offset
  }

  private func file(_ body: () throws(FileError) -> Void) throws(JournalError) {
    do { try body() } catch { throw .file(error) }
  }
}
