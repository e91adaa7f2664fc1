import Trading

/// Records in memory.
struct MemoryJournal: JournalSink {
  private(set) var records: [JournalRecord] = []

  mutating func append(_ record: JournalRecord) { records.append(record) }
  mutating func commit() {}
}
