import Foundation
import Runtime
import TestKit
import Testing
import Trading

@Suite("Journal: damage, torn ends, versions") struct JournalDamageTests {
  private func closed(_ count: Int = 40) throws -> SimulatedDisk {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk)
    try JournalWork.write(0..<count, to: journal, batch: 5)
    try journal.close()
    return disk
  }

  @Test("Each byte of a closed journal, altered, is found with its segment; none is misread")
  func everyByte() throws {
    let whole = try closed()
    let expected = SampleRecords.records(0..<40)
    var unseen = 0
    for name in whole.names() {
      for offset in try whole.read(name).indices {
        let disk = SimulatedDisk(whole.state)
        try disk.flip(name, at: offset, bit: offset % 8)
        do {
          let records = try JournalWork.records(disk)
          // Only what fills a block up to eight bytes, or the word that the journal is closed.
          #expect(records == expected, "\(name) \(offset)")
          unseen += 1
        } catch let error as JournalError {
          guard case .damaged(let segment, let place, _) = error else {
            Issue.record("\(name) \(offset): \(error)")
            continue
          }
          #expect(segment.hasSuffix(name) && place <= offset)
        }
      }
    }
    let blocks = 10
    #expect(unseen < blocks * 7 + 40 + 1)
  }

  @Test(
    "Cut at each length, the last segment gives the records before the cut, or says what is lost")
  func everyLength() throws {
    let whole = try closed()
    let last = try #require(whole.names().last)
    let length = try whole.read(last).count
    for count in 0..<length {
      let disk = SimulatedDisk(whole.state)
      try disk.truncate(last, to: count)
      let records = try JournalWork.records(disk)
      #expect(records == SampleRecords.records(0..<records.count))
      let journal = try JournalWork.open(disk)
      #expect(journal.next == UInt64(records.count))
      try JournalWork.write(records.count..<50, to: journal, batch: 3)
      #expect(try JournalWork.records(disk) == SampleRecords.records(0..<50))
    }
  }

  @Test("A segment in the middle that is gone, or another journal's, stops with its name")
  func segments() throws {
    let disk = try closed(90)
    #expect(disk.names().count >= 3)
    let gone = SimulatedDisk(disk.state)
    try gone.remove("segment-00000002")
    #expect(throws: JournalError.missing(segment: "simulated disk/segment-00000002")) {
      try JournalWork.open(gone)
    }
    let other = SimulatedDisk()
    _ = try Journal(other, identity: 8, settings: JournalWork.small)
    let mixed = SimulatedDisk(disk.state)
    let foreign = try other.read("segment-00000001")
    try mixed.overwrite("segment-00000001", with: foreign)
    #expect(throws: JournalError.self) { try JournalWork.records(mixed) }
    let swapped = SimulatedDisk(disk.state)
    try swapped.overwrite("segment-00000002", with: try disk.read("segment-00000001"))
    #expect(throws: JournalError.foreign(segment: "simulated disk/segment-00000002")) {
      try JournalWork.records(swapped)
    }
  }

  @Test("An end that no sync had made safe is cut off even where later blocks arrived whole")
  func reorderedTail() throws {
    let disk = SimulatedDisk()
    let journal = try JournalWork.open(disk, settings: JournalSettings.manyBlocks)
    try JournalWork.write(0..<4, to: journal, batch: 2)
    // Blocks that fill up are written before anyone commits; the first of them is lost, the rest not.
    for number in 4..<40 { try journal.append(SampleRecords.record(number)) }
    let name = "segment-00000001"
    let start = try JournalReader(SimulatedDisk(disk.state.safe)).read { _ in }.parts[0].bytes
    let broken = SimulatedDisk(disk.state)
    try broken.flip(name, at: start + 50)
    let summary = try JournalReader(broken).read { _ in }
    #expect(summary.next == 4 && summary.tail?.offset == start)
    // The same block after a commit is damage: the disk had it.
    try journal.commit()
    try JournalWork.write(40..<42, to: journal, batch: 1)
    let damaged = SimulatedDisk(disk.state)
    try damaged.flip(name, at: start + 50)
    #expect(throws: JournalError.self) { try JournalWork.open(damaged) }
  }

  @Test("A journal of format 1 is read, goes on in format 2, and stays readable as a whole")
  func olderVersion() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("journal")
    try FileManager.default.copyItem(
      atPath: Package.path("Tests/TradingTests/Golden/JournalVersion1"), toPath: path)
    #expect(try JournalWork.records(FolderDisk(reading: path)) == SampleRecords.records(0..<100))
    let journal = try JournalWork.open(try FolderDisk(path))
    #expect(journal.found.parts.map(\.version) == [1, 1] && journal.next == 100)
    try JournalWork.write(100..<130, to: journal, batch: 4)
    let summary = try JournalReader(FolderDisk(reading: path)).read { _ in }
    #expect(Set(summary.parts.map(\.version)) == [1, 2])
    #expect(try JournalWork.records(FolderDisk(reading: path)) == SampleRecords.records(0..<130))
  }

  @Test("The fixture of format 1: a torn end is cut, damage in its first segment stops")
  func olderVersionBroken() throws {
    let disk = SimulatedDisk()
    for number in 1...2 {
      let name = "segment-0000000\(number)"
      let bytes = try Array(
        Data(
          contentsOf: URL(
            fileURLWithPath: Package.path(
              "Tests/TradingTests/Golden/JournalVersion1/\(name)"))))
      try disk.create(name)
      try disk.overwrite(name, with: bytes)
    }
    let torn = SimulatedDisk(disk.state)
    try torn.truncate("segment-00000002", to: 1700)
    let journal = try JournalWork.open(torn)
    #expect(journal.next < 100 && journal.found.tail != nil)
    try JournalWork.write(Int(journal.next)..<110, to: journal, batch: 4)
    #expect(try JournalWork.records(torn) == SampleRecords.records(0..<110))
    try disk.flip("segment-00000001", at: 1000)
    #expect(throws: JournalError.self) { try JournalWork.open(disk) }
  }

  @Test("A journal of a newer format is refused, and nothing of it is touched")
  func newerVersion() throws {
    let disk = try closed()
    var bytes = try disk.read("segment-00000001")
    bytes[8] = 3
    let sum = CRC32C.checksum(Array(bytes[..<60]))
    for place in 0..<4 { bytes[60 + place] = UInt8(truncatingIfNeeded: sum >> (8 * place)) }
    try disk.overwrite("segment-00000001", with: bytes)
    let before = disk.state
    let error = #expect(throws: JournalError.self) { try JournalWork.open(disk) }
    #expect(
      error
        == .newerVersion(segment: "simulated disk/segment-00000001", found: 3, known: 2))
    #expect(error?.diagnosis.exitCode == .refused)
    #expect(disk.state == before)
  }

  @Test("A record of a kind that this program does not know is named by its number")
  func unknownRecord() throws {
    let stored = StoredRecord(sequence: 12, bytes: [99, 0, 0])
    #expect(throws: JournalError.unreadable(record: 12, what: "kind of record at its byte 0")) {
      try stored.decoded()
    }
  }

  @Test("Files that are no journal at all: any bytes are refused or empty, never a crash")
  func anyBytes() throws {
    var random = SeededGenerator(seed: 3)
    let whole = try closed().read("segment-00000001")
    for round in 0..<FuzzBudget.inputs(usual: 2_000, nightly: 100_000) {
      let disk = SimulatedDisk()
      try disk.create("segment-00000001")
      var bytes = round % 2 == 0 ? whole : []
      for _ in 0..<Int.random(in: 1...20, using: &random) {
        let byte = UInt8.random(in: .min ... .max, using: &random)
        if bytes.isEmpty || Bool.random(using: &random) {
          bytes.append(byte)
        } else {
          bytes[Int.random(in: bytes.indices, using: &random)] = byte
        }
      }
      try disk.overwrite("segment-00000001", with: bytes)
      do {
        let records = try JournalWork.records(disk)
        #expect(records == SampleRecords.records(0..<records.count))
      } catch is JournalError {
      }
    }
  }
}

extension JournalSettings {
  fileprivate static let manyBlocks: JournalSettings = {
    var settings = JournalSettings()
    settings.blockBytesMax = 200
    return settings
  }()
}

extension SimulatedDisk {
  func overwrite(_ name: String, with bytes: [UInt8]) throws {
    try truncate(name, to: 0)
    try bytes.withUnsafeBytes { try write($0, to: name, at: 0) }
    try synchronize(name)
  }
}

extension DiskState {
  /// What a loss of power leaves at least.
  var safe: DiskState { losses()[0] }
}
