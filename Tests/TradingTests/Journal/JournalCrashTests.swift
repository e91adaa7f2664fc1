import Runtime
import TestKit
import Testing
import Trading

/// Power lost at every boundary of every act on the disk, in every way that `DiskState.losses` lists.
@Suite("Journal: loss of power at every write boundary") struct JournalCrashTests {
  /// A run of thirty records with saved states between them, as a function of what is there already.
  private static func run(
    on disk: SimulatedDisk, until count: Int = 30, acknowledged: (Int) -> Void = { _ in }
  ) throws {
    var folded: [UInt64] = []
    var settings = JournalWork.small
    settings.segmentBytesMax = 700
    settings.blockBytesMax = 250
    let journal = try Journal(
      disk, identity: 7, settings: settings, restore: { folded = Self.state(from: $0.state) },
      replay: { folded.append(Self.digest($0)) })
    #expect(folded.count == Int(journal.next))
    for number in folded.count..<count {
      let record = SampleRecords.record(number)
      try journal.append(record)
      folded.append(Self.digest(record))
      if number % 3 == 2 {
        try journal.commit()
        acknowledged(number + 1)
      }
      if number % 10 == 9 {
        try journal.save(Self.bytes(of: folded))
        acknowledged(number + 1)
      }
    }
    try journal.commit()
    acknowledged(count)
    // The state that saved ones and records led to is that of a run without interruption.
    #expect(folded == SampleRecords.records(0..<count).map(Self.digest))
  }

  private static func digest(_ record: StoredRecord) -> UInt64 {
    UInt64(CRC32C.checksum(Array(record.bytes)))
  }

  private static func digest(_ record: JournalRecord) -> UInt64 {
    var writer = ByteWriter()
    record.write(to: &writer)
    return UInt64(CRC32C.checksum(writer.bytes))
  }

  private static func bytes(of state: [UInt64]) -> [UInt8] {
    state.flatMap { digest in (0..<8).map { UInt8(truncatingIfNeeded: digest >> (8 * $0)) } }
  }

  private static func state(from bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
    }
  }

  private struct Boundary {
    let state: DiskState
    let acknowledged: Int
  }

  /// The disk after every act of an uninterrupted run, and how much had been acknowledged then.
  private static func boundaries(from start: DiskState = DiskState()) throws -> [Boundary] {
    var boundaries: [Boundary] = [Boundary(state: start, acknowledged: 0)]
    var acknowledged = 0
    let disk = SimulatedDisk(start)
    disk.afterEach = { boundaries.append(Boundary(state: $0, acknowledged: acknowledged)) }
    try run(on: disk) { acknowledged = $0 }
    return boundaries
  }

  @Test("Nothing acknowledged is lost, nothing is repeated, and the run ends as if uninterrupted")
  func everyBoundary() throws {
    let expected = SampleRecords.records(0..<30)
    let boundaries = try Self.boundaries()
    #expect(boundaries.count > 60)
    var losses: [DiskState: Int] = [:]
    for boundary in boundaries {
      for loss in boundary.state.losses() {
        losses[loss] = max(losses[loss] ?? 0, boundary.acknowledged)
      }
    }
    #expect(losses.count > 300)
    for (loss, acknowledged) in losses {
      let disk = SimulatedDisk(loss)
      let recovered = try JournalWork.records(disk).count
      #expect(recovered >= acknowledged)
      try Self.run(on: disk)
      #expect(try JournalWork.records(disk) == expected)
    }
  }

  @Test("Power lost again at every boundary of the recovery itself")
  func twice() throws {
    let expected = SampleRecords.records(0..<30)
    // The most different disks, one in so many; nightly all of them.
    let share = FuzzBudget.isNightly ? 1 : 19
    var first = Set<DiskState>()
    for boundary in try Self.boundaries() { first.formUnion(boundary.state.losses()) }
    let ordered = first.sorted { $0.byteCount < $1.byteCount }
    var tried = 0
    for (place, loss) in ordered.enumerated() where place % share == 0 {
      let before = try JournalWork.records(SimulatedDisk(loss)).count
      var again = Set<DiskState>()
      let disk = SimulatedDisk(loss)
      disk.afterEach = { again.formUnion($0.losses()) }
      _ = try JournalWork.open(disk)
      for second in again {
        tried += 1
        let disk = SimulatedDisk(second)
        #expect(try JournalWork.records(disk).count >= before)
        try Self.run(on: disk)
        #expect(try JournalWork.records(disk) == expected)
      }
    }
    #expect(tried > 50)
  }

  @Test("The disk fails at each act in turn: what was acknowledged is there, and the run can go on")
  func everyFailure() throws {
    let expected = SampleRecords.records(0..<30)
    let acts = try Self.boundaries().count - 1
    for error in [FileError.diskFull(path: "x"), .failed(path: "x", reason: "Input/output error")] {
      for act in 0..<acts {
        var acknowledged = 0
        let disk = SimulatedDisk()
        disk.failure = (act, error)
        do {
          try Self.run(on: disk) { acknowledged = $0 }
        } catch is JournalError {
        }
        #expect(disk.failure == nil)
        let left = disk.restarted()
        #expect(try JournalWork.records(left).count >= acknowledged)
        try Self.run(on: left)
        #expect(try JournalWork.records(left) == expected)
      }
    }
  }

  @Test(
    "A disk with room for each number of bytes: readable when full, and goes on when there is room")
  func everyCapacity() throws {
    for capacity in stride(from: 0, to: 3000, by: 13) {
      let disk = SimulatedDisk()
      disk.capacity = capacity
      var journal: Journal?
      var written = 0
      do {
        journal = try JournalWork.open(disk)
        for number in 0..<40 {
          try journal?.append(SampleRecords.record(number))
          written = number + 1
          if number % 4 == 3 { try journal?.commit() }
        }
      } catch {
        guard case JournalError.file(.diskFull) = error else {
          Issue.record("\(capacity): \(error)")
          continue
        }
      }
      let durable = Int(journal?.durable ?? 0)
      #expect(try JournalWork.records(disk.restarted()).count >= durable)
      disk.capacity = .max
      guard let journal else { continue }
      // The same journal, once there is room: what was taken is written, nothing twice.
      try journal.commit()
      #expect(Int(journal.durable) == written)
      #expect(try JournalWork.records(disk) == SampleRecords.records(0..<written))
    }
  }

  @Test("After a sync that failed nothing more is taken")
  func failedSync() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk, settings: JournalSettings())
    try JournalWork.write(0..<3, to: journal, batch: 1)
    try journal.append(SampleRecords.record(3))
    // One write of zeros ahead was done before, so the block is one act and the sync the next.
    disk.failure = (1, .failed(path: "x", reason: "Input/output error"))
    #expect(throws: JournalError.self) { try journal.commit() }
    #expect(journal.durable == 3)
    for _ in 0..<2 {
      #expect(throws: JournalError.self) { try journal.append(SampleRecords.record(4)) }
      #expect(throws: JournalError.self) { try journal.commit() }
    }
    #expect(journal.durable == 3)
  }
}
