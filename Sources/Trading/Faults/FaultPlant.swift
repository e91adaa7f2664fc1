import Market
import Runtime

/// Faults of the program itself, planted by the tests of the proof: a proof that finds none of them
/// proves nothing. The program plants none; each is left out unless a test sets it.
package struct FaultPlant: Sendable {
  /// What is sent in place of a ticket.
  package var tickets: (@Sendable (Ticket) -> [Ticket])?
  /// What the engine hears in place of a message.
  package var messages: (@Sendable (VenueMessage) -> [VenueMessage])?
  /// What is written in place of a record.
  package var records: (@Sendable (JournalRecord) -> [JournalRecord])?
  /// Whether a commit is passed on.
  package var commits: (@Sendable () -> Bool)?
  /// Whether errors of the journal are passed on.
  package var hidesErrors = false
  /// What is saved in place of a state.
  package var states: (@Sendable ([UInt8]) -> [UInt8])?
  /// The disk in place of a disk.
  package var disks: (@Sendable (any JournalDisk) -> any JournalDisk)?
  /// The account that a restart goes on with.
  package var accounts: (@Sendable (Account) -> Account)?
  /// The gate that a first start, or a restart, goes on with.
  package var gates: (@Sendable (_ gate: RiskGate, _ isFirst: Bool) -> RiskGate)?

  package init() {}
}

/// The journal under the eyes of the watch.
struct WatchedJournal: JournalSink {
  let journal: Journal
  let watch: FaultWatch
  let plant: FaultPlant
  private var writer = ByteWriter(capacity: 256)

  init(_ journal: Journal, _ watch: FaultWatch, _ plant: FaultPlant) {
    (self.journal, self.watch, self.plant) = (journal, watch, plant)
  }

  mutating func append(_ record: JournalRecord) throws(JournalError) {
    writer.clear()
    record.write(to: &writer)
    do throws(JournalError) {
      if let records = plant.records {
        for other in records(record) { try journal.append(other) }
      } else {
        try journal.append(record)
      }
    } catch {
      guard plant.hidesErrors else { throw error }
    }
    watch.recorded(record, digest: CRC32C.checksum(writer.bytes))
  }

  func commit() throws(JournalError) {
    if plant.commits?() != false {
      do throws(JournalError) { try journal.commit() } catch {
        guard plant.hidesErrors else { throw error }
      }
    }
    watch.committed()
  }

  func save(_ state: [UInt8]) throws(JournalError) {
    try journal.save(plant.states?(state) ?? state)
    watch.committed()
  }
}
