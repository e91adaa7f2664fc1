import Runtime

/// A journal that goes on behind what is in it: an engine that starts again makes the same records as
/// before, which are held against those there are and written no second time.
final class ResumedJournal: JournalSink {
  private let journal: Journal?
  private var earlier: [[UInt8]] = []
  private(set) var place = 0
  private var writer = ByteWriter(capacity: 256)
  /// What is made to be safe before any record is: the market that led to it.
  private let market: Journal?

  /// Opens the journal for writing.
  init(_ disk: any JournalDisk, identity: UInt64, after market: Journal) throws(JournalError) {
    self.market = market
    var records: [[UInt8]] = []
    journal = try Journal(
      disk, identity: identity,
      replay: { stored throws(JournalError) in records.append(Array(stored.bytes)) })
    earlier = records
  }

  /// Only looks at what is there.
  init(reading disk: any JournalDisk) throws(JournalError) {
    (journal, market) = (nil, nil)
    var records: [[UInt8]] = []
    _ = try JournalReader(disk).read { stored throws(JournalError) in
      records.append(Array(stored.bytes))
    }
    earlier = records
  }

  /// Whether everything that was there has been made again.
  var hasCaughtUp: Bool { place >= earlier.count }

  /// The record that has to come next, or `nil` where new ones begin.
  func nextRecord() throws(JournalError) -> JournalRecord? {
    guard place < earlier.count else { return nil }
    var reader = ByteReader(earlier[place][...])
    return try JournalRecord(from: &reader)
  }

  func append(_ record: JournalRecord) throws(JournalError) {
    guard place < earlier.count else {
      place += 1
      try journal?.append(record)
      return
    }
    writer.clear()
    record.write(to: &writer)
    guard writer.bytes == earlier[place] else {
      throw .unreadable(record: UInt64(place), what: Self.difference)
    }
    place += 1
  }

  static let difference = "record that the market and the strategy lead to now"

  func commit() throws(JournalError) {
    guard hasCaughtUp else { return }
    try market?.commit()
    try journal?.commit()
  }

  func close() throws(JournalError) {
    try market?.close()
    try journal?.close()
  }
}
