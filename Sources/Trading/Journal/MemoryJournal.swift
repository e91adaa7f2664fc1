import Runtime

/// A journal in memory: each record's length and bytes, one after the other, as runs are compared by.
public struct MemoryJournal: JournalSink, Sendable {
  public private(set) var writer = ByteWriter()
  private var record = ByteWriter()

  public init() {}

  public mutating func append(_ entry: JournalRecord) {
    record.clear()
    entry.write(to: &record)
    writer.write(UInt32(record.count))
    writer.write(record.bytes)
  }

  public mutating func commit() {}

  /// The records, in order.
  public func records() throws(JournalError) -> [JournalRecord] {
    var reader = ByteReader(writer.bytes[...])
    var records: [JournalRecord] = []
    while !reader.isAtEnd {
      _ = try reader.read(UInt32.self)
      records.append(try JournalRecord(from: &reader))
    }
    return records
  }

  public func digest() -> SHA256Digest { SHA256.hash(writer.bytes) }
}
