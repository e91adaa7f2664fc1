import Runtime

/// A record as it lies in a journal.
public struct StoredRecord: Sendable {
  public let sequence: UInt64
  public let bytes: ArraySlice<UInt8>

  public init(sequence: UInt64, bytes: ArraySlice<UInt8>) {
    self.sequence = sequence
    self.bytes = bytes
  }

  /// What it says.
  public func decoded() throws(JournalError) -> JournalRecord {
    try decoded(as: JournalRecord.self)
  }

  /// The event, in a journal of market data.
  public func decodedEvent() throws(JournalError) -> MarketEvent {
    try decoded(as: MarketEvent.self)
  }

  private func decoded<Content: ByteCoded>(
    as type: Content.Type
  ) throws(JournalError) -> Content {
    var reader = ByteReader(bytes)
    do throws(JournalError) {
      let record = try Content(from: &reader)
      guard reader.isAtEnd else { throw reader.malformed("end of the record") }
      return record
    } catch {
      guard case .malformed(let what, let offset) = error else { throw error }
      throw .unreadable(record: sequence, what: "\(what) at its byte \(offset)")
    }
  }
}

/// What a journal consists of.
public struct JournalSummary: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public let name: String
    public let version: UInt32
    public let first: UInt64
    public internal(set) var records: Int
    /// Up to the end of its last block.
    public internal(set) var bytes: Int
  }

  /// Bytes at the end that no sync had made safe.
  public struct TornTail: Hashable, Sendable {
    public let segment: String
    public let offset: Int
    public let bytes: Int
    public let finding: String
  }

  public internal(set) var identity: UInt64 = 0
  public internal(set) var parts: [Part] = []
  /// The number that the next record gets.
  public internal(set) var next: UInt64 = 0
  public internal(set) var tail: TornTail?
  /// Whoever wrote it closed it.
  public internal(set) var isClosed = false
  /// The name of a segment that was being made, and holds nothing yet.
  var unfinished: String?
  var sum: UInt32 = 0
}

/// Reads a journal from its first record on and changes nothing.
public struct JournalReader {
  private let disk: any JournalDisk

  public init(_ disk: any JournalDisk) { self.disk = disk }

  /// Hands out every record from number `start` on, and stops with the place where one is lost that had
  /// been safe.
  public func read(
    from start: UInt64 = 0, _ body: (StoredRecord) throws(JournalError) -> Void
  ) throws(JournalError) -> JournalSummary {
    let names = try self.names()
    var summary = JournalSummary()
    for (place, number) in names.enumerated() {
      let name = Segment.name(number)
      let isLast = place == names.count - 1
      guard number == UInt64(place + 1) else {
        throw .missing(segment: disk.place + "/" + Segment.name(UInt64(place + 1)))
      }
      let bytes = try self.bytes(of: name)
      guard let segment = Segment(header: bytes[...]) else {
        guard isLast, isUnfinished(bytes, number: number, next: summary.next) else {
          throw damaged(name, 0, "its header is not what was written")
        }
        summary.unfinished = name
        break
      }
      try check(segment, name, number, &summary)
      var scan = SegmentScan(segment, bytes, after: segment.version == 1 ? 0 : summary.sum)
      try read(&scan, name, isLast: isLast, from: start, &summary, body)
    }
    return summary
  }

  private func read(
    _ scan: inout SegmentScan, _ name: String, isLast: Bool, from start: UInt64,
    _ summary: inout JournalSummary, _ body: (StoredRecord) throws(JournalError) -> Void
  ) throws(JournalError) {
    scanning: while true {
      switch scan.step() {
      case .records(let records):
        for (sequence, range) in records where sequence >= start {
          try body(StoredRecord(sequence: sequence, bytes: scan.bytes[range]))
        }
      case .end: break scanning
      case .broken(let finding):
        guard isLast, !scan.isClaimedSafe() else { throw damaged(name, scan.offset, finding) }
        summary.tail = JournalSummary.TornTail(
          segment: name, offset: scan.offset, bytes: scan.bytes.count - scan.offset,
          finding: finding)
        break scanning
      }
    }
    summary.parts.append(
      JournalSummary.Part(
        name: name, version: scan.segment.version, first: scan.segment.firstSequence,
        records: Int(scan.next - scan.segment.firstSequence), bytes: scan.offset))
    summary.next = scan.next
    summary.sum = scan.sum
    summary.isClosed = scan.isClosed
  }

  private func check(
    _ segment: Segment, _ name: String, _ number: UInt64, _ summary: inout JournalSummary
  ) throws(JournalError) {
    let place = disk.place + "/" + name
    guard segment.version <= Journal.version else {
      throw .newerVersion(segment: place, found: segment.version, known: Journal.version)
    }
    if summary.parts.isEmpty { summary.identity = segment.identity }
    guard segment.identity == summary.identity, segment.number == number else {
      throw .foreign(segment: place)
    }
    guard segment.firstSequence == summary.next else {
      throw damaged(
        name, 0, "it begins with record \(segment.firstSequence), not with \(summary.next)")
    }
  }

  /// Whether a last segment without a whole header was only being made: nothing in it says that a record
  /// had been safe in it.
  private func isUnfinished(_ bytes: [UInt8], number: UInt64, next: UInt64) -> Bool {
    var place = Segment.headerBytes
    while place + JournalBlock.headerBytes <= bytes.count {
      if JournalBlock(bytes, at: place, segment: number) != nil { return false }
      place += JournalBlock.alignment
    }
    return true
  }

  private func damaged(_ name: String, _ offset: Int, _ finding: String) -> JournalError {
    .damaged(segment: disk.place + "/" + name, offset: offset, finding: finding)
  }

  private func names() throws(JournalError) -> [UInt64] {
    do { return try disk.names().compactMap(Segment.number).sorted() } catch { throw .file(error) }
  }

  private func bytes(of name: String) throws(JournalError) -> [UInt8] {
    do { return try disk.read(name) } catch { throw .file(error) }
  }
}
