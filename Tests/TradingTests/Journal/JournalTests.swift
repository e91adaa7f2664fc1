import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

/// Records of a journal, and how they get there.
enum JournalWork {
  static let small: JournalSettings = {
    var settings = JournalSettings()
    settings.segmentBytesMax = 1500
    settings.blockBytesMax = 400
    settings.aheadBytes = 300
    return settings
  }()

  static func open(
    _ disk: any JournalDisk, settings: JournalSettings = small,
    replay: (StoredRecord) throws(JournalError) -> Void = { _ in }
  ) throws(JournalError) -> Journal {
    try Journal(disk, identity: 7, settings: settings, replay: replay)
  }

  /// All records, decoded, with the numbers checked.
  static func records(_ disk: any JournalDisk) throws -> [JournalRecord] {
    var records: [JournalRecord] = []
    _ = try JournalReader(disk).read { stored throws(JournalError) in
      #expect(stored.sequence == UInt64(records.count))
      records.append(try stored.decoded())
    }
    return records
  }

  /// Appends records `range`, and commits after every `batch` of them.
  static func write(_ range: Range<Int>, to journal: Journal, batch: Int) throws(JournalError) {
    for number in range {
      try journal.append(SampleRecords.record(number))
      if number % batch == batch - 1 { try journal.commit() }
    }
    try journal.commit()
  }
}

@Suite("Journal") struct JournalTests {
  @Test("What is written is read again, over many segments, on the true disk and the simulated one")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let disks: [any JournalDisk] = [SimulatedDisk(), try FolderDisk(folder.path("journal"))]
    for disk in disks {
      let journal = try JournalWork.open(disk)
      try JournalWork.write(0..<90, to: journal, batch: 7)
      #expect(journal.next == 90 && journal.durable == 90)
      #expect(try JournalWork.records(disk) == SampleRecords.records(0..<90))
      let summary = try JournalReader(disk).read { _ in }
      #expect(summary.parts.count > 2 && summary.tail == nil && !summary.isClosed)
      #expect(summary.parts.allSatisfy { $0.bytes <= 1500 })
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("journal"))
    #expect(files.count > 3)
  }

  @Test("A journal goes on where it ended, and hands out from a number on")
  func reopening() throws {
    let disk = SimulatedDisk()
    for round in 0..<6 {
      var seen: [UInt64] = []
      let journal = try JournalWork.open(disk) { seen.append($0.sequence) }
      #expect(seen == (0..<UInt64(round * 11)).map { $0 })
      try JournalWork.write(round * 11..<round * 11 + 11, to: journal, batch: 3)
      if round % 2 == 0 { try journal.close() }
    }
    #expect(try JournalWork.records(disk) == SampleRecords.records(0..<66))
    var late: [UInt64] = []
    _ = try JournalReader(disk).read(from: 60) { late.append($0.sequence) }
    #expect(late == [60, 61, 62, 63, 64, 65])
  }

  @Test("A batch shares one sync, and a commit of nothing costs none")
  func groupCommit() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk, settings: JournalSettings())
    let before = disk.syncs
    for number in 0..<50 { try journal.append(SampleRecords.record(number)) }
    #expect(journal.durable == 0)
    try journal.commit()
    #expect(disk.syncs == before + 1 && journal.durable == 50)
    try journal.commit()
    #expect(disk.syncs == before + 1)
  }

  @Test("A saved state stands for the records before it; a damaged one is passed over")
  func snapshots() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk)
    for save in 1...4 {
      try JournalWork.write((save - 1) * 10..<save * 10, to: journal, batch: 4)
      try journal.save([UInt8](repeating: UInt8(save), count: 100))
    }
    try JournalWork.write(40..<45, to: journal, batch: 4)
    #expect(disk.names().filter { $0.hasPrefix("snapshot") }.count == 2)
    func opened(_ disk: SimulatedDisk) throws -> (UInt8?, [UInt64]) {
      var (state, seen): (UInt8?, [UInt64]) = (nil, [])
      _ = try Journal(
        disk, identity: 7, settings: JournalWork.small, restore: { state = $0.state.first },
        replay: { seen.append($0.sequence) })
      return (state, seen)
    }
    let whole = try opened(SimulatedDisk(disk.state))
    #expect(whole.0 == 4 && whole.1 == [40, 41, 42, 43, 44])
    let damaged = SimulatedDisk(disk.state)
    let newest = try #require(disk.names().last { $0.hasPrefix("snapshot") })
    try damaged.flip(newest, at: 50)
    let older = try opened(damaged)
    #expect(older.0 == 3 && older.1.first == 30)
  }

  @Test("A snapshot beyond the last record means that safe records are lost")
  func lostTail() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk)
    try JournalWork.write(0..<40, to: journal, batch: 5)
    try journal.save([1])
    let last = try #require(disk.names().last { $0.hasPrefix("segment") })
    try disk.remove(last)
    let error = #expect(throws: JournalError.self) { try JournalWork.open(disk) }
    guard case .endsEarly = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("Records beyond a block's size, and one beyond a segment's")
  func largeRecords() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk)
    let time = Timestamp(seconds: 1)
    func large(_ count: Int) -> JournalRecord {
      .changed(key: "k", value: String(repeating: "x", count: count), at: time)
    }
    for count in [0, 399, 400, 401, 1350] { try journal.append(large(count)) }
    #expect(throws: JournalError.self) { try journal.append(large(1400)) }
    try journal.commit()
    #expect(try JournalWork.records(disk) == [0, 399, 400, 401, 1350].map(large))
    #expect(try JournalReader(disk).read { _ in }.parts.allSatisfy { $0.bytes <= 1500 })
  }

  @Test("Two processes cannot write to one journal, but another may read it")
  func locking() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("journal")
    var journal: Journal? = try JournalWork.open(try FolderDisk(path))
    try JournalWork.write(0..<5, to: try #require(journal), batch: 2)
    #expect(throws: JournalError.inUse(path)) { try FolderDisk(path) }
    #expect(try JournalWork.records(FolderDisk(reading: path)).count == 5)
    journal = nil
    journal = try JournalWork.open(try FolderDisk(path))
    #expect(journal?.next == 5)
  }

  @Test("Without syncs a commit does not touch the disk, and closing makes everything safe")
  func unsynced() throws {
    let disk = SimulatedDisk()
    var settings = JournalSettings()
    settings.isSynced = false
    let journal = try JournalWork.open(disk, settings: settings)
    let before = disk.acts
    try JournalWork.write(0..<100, to: journal, batch: 1)
    #expect(disk.acts == before)
    try journal.close()
    #expect(disk.state.losses().count == 1)
    #expect(try JournalWork.records(disk) == SampleRecords.records(0..<100))
  }
}

extension SimulatedDisk {
  /// Alters one bit, as a disk that rots does.
  func flip(_ name: String, at offset: Int, bit: Int = 0) throws {
    let byte = try read(name)[offset] ^ UInt8(1 << bit)
    try withUnsafeBytes(of: byte) { bytes in
      try write(bytes, to: name, at: offset)
    }
    try synchronize(name)
  }
}
