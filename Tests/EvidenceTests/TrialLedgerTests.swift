import Evidence
import Foundation
import Market
import Runtime
import Synchronization
import TestKit
import Testing

@Suite("The ledger of trials") struct TrialLedgerTests {
  static let time = Timestamp(seconds: 1_700_000_000)

  static func data(
    _ symbols: [String] = ["NVDA"], _ first: String = "2020-01-02", _ last: String = "2023-12-29",
    hash: String = "aa"
  ) throws -> TrialData {
    TrialData(
      symbols: try symbols.map { try #require(Symbol($0)) }, interval: "1d",
      first: try CivilDate(parsing: first), last: try CivilDate(parsing: last), hash: hash)
  }

  static func trial(_ configuration: String, sharpe: Double = 0.05) throws -> Trial {
    Trial(
      kind: .backtest, data: try data(), configuration: configuration, sharpe: sharpe, bars: 1000)
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func put(_ bytes: [UInt8], at path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test("gives back what was recorded, in order, each chained to the one before")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    #expect(try ledger.history().count == 0)
    let sweep = Trial(
      kind: .sweep, data: try Self.data(["NVDA", "AMD"]), configuration: "fast 5…50 \"ü\"\n",
      settings: 1035, effective: 87.5, sharpe: 0.1, sharpeMean: 0.02, sharpeDeviation: 0.03,
      bars: 39312)
    let trials = [try Self.trial("a"), sweep, try Self.trial("b", sharpe: -1e-9)]
    var places: [TrialLedger.Place] = []
    for trial in trials { places.append(try ledger.record(trial, at: Self.time)) }
    let history = try ledger.history()
    #expect(history.trials == trials)
    #expect(places.map(\.number) == [1, 2, 3] && Set(places.map(\.hash)).count == 3)
    #expect(history.head == places[2].hash)
  }

  @Test("a reader that goes on where it was finds what came since, and no more")
  func increments() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    var history = TrialHistory()
    for name in ["a", "b", "c"] {
      _ = try ledger.record(Self.trial(name), at: Self.time)
      try ledger.read(into: &history)
    }
    try ledger.read(into: &history)
    #expect(history.trials.map(\.configuration) == ["a", "b", "c"])
    #expect(history.head == (try ledger.history()).head)
    try Self.put([], at: ledger.path)
    #expect(throws: TrialError.self) { try ledger.read(into: &history) }
  }

  @Test("whatever a process that died left of a line is cut off, at every byte of it")
  func tornTail() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    _ = try ledger.record(Self.trial("a"), at: Self.time)
    let one = try Self.bytes(ledger.path)
    _ = try ledger.record(Self.trial("b"), at: Self.time)
    let two = try Self.bytes(ledger.path)
    for cut in one.count..<two.count {
      try Self.put(Array(two[..<cut]), at: ledger.path)
      #expect(try ledger.history().count == 1)
      let place = try ledger.record(Self.trial("b"), at: Self.time)
      #expect(place.number == 2)
      #expect(try Self.bytes(ledger.path) == two, "cut at \(cut)")
    }
    // The very first line too.
    for cut in 0..<one.count {
      try Self.put(Array(one[..<cut]), at: ledger.path)
      #expect(try ledger.record(Self.trial("a"), at: Self.time).number == 1)
      #expect(try Self.bytes(ledger.path) == one, "cut at \(cut)")
    }
    // A file system that kept the length and lost the bytes leaves zeros.
    try Self.put(one + [UInt8](repeating: 0, count: 300), at: ledger.path)
    #expect(try ledger.record(Self.trial("b"), at: Self.time).number == 2)
    #expect(try Self.bytes(ledger.path) == two)
  }

  @Test("any byte changed is found, with the line named; so are lines taken out or exchanged")
  func tampering() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    for name in ["a", "b", "c"] { _ = try ledger.record(Self.trial(name), at: Self.time) }
    let whole = try Self.bytes(ledger.path)
    for place in whole.indices where whole[place] != UInt8(ascii: "\n") {
      var bytes = whole
      bytes[place] ^= 1
      try Self.put(bytes, at: ledger.path)
      let line = 1 + whole[..<place].count { $0 == UInt8(ascii: "\n") }
      let error = #expect(throws: TrialError.self, "byte \(place)") { try ledger.history() }
      guard case .damaged(_, let found?, _) = error else {
        Issue.record("byte \(place): \(String(describing: error))")
        continue
      }
      // A changed hash is only noticed by the line after it, except that it has to fit its own line.
      #expect(found == line, "byte \(place)")
    }
    let lines = whole.split(separator: UInt8(ascii: "\n")).map { Array($0) + [10] }
    for order in [[1, 2], [0, 2], [0, 2, 1], [1, 0, 2], [0, 0, 1, 2]] {
      try Self.put(order.flatMap { lines[$0] }, at: ledger.path)
      #expect(throws: TrialError.self, "\(order)") { try ledger.history() }
    }
    // A forger who computes hashes anew is found by whoever knows the head.
    try Self.put(lines[0] + lines[1], at: ledger.path)
    #expect(try ledger.history().count == 2)
  }

  @Test("a ledger whose end is no trial is not written to")
  func foreignFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("notes", "these are my notes\n")
    let ledger = TrialLedger(path: folder.path("notes"))
    let error = #expect(throws: TrialError.self) {
      try ledger.record(Self.trial("a"), at: Self.time)
    }
    #expect(error?.diagnosis.exitCode == .refused)
    #expect(try Self.bytes(ledger.path) == Array("these are my notes\n".utf8))
    let full = TrialLedger(path: folder.path("trials"))
    let bytes = TrialLedger.longestConfiguration
    _ = try full.record(
      Self.trial(String(repeating: "\u{1}", count: bytes)), at: Self.time)
    #expect(throws: TrialError.tooLong(bytes: bytes + 1)) {
      try full.record(Self.trial(String(repeating: "a", count: bytes + 1)), at: Self.time)
    }
    #expect(try full.record(Self.trial("a"), at: Self.time).number == 2)
    #expect(try full.history().count == 2)
    let nowhere = TrialLedger(path: folder.path("no/such/folder/trials"))
    #expect(throws: TrialError.self) { try nowhere.record(Self.trial("a"), at: Self.time) }
  }

  @Test("many writers at once lose nothing and keep the chain")
  func concurrency() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("trials")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        // Every record opens the file anew, so that these exclude each other as processes do.
        group.addTask {
          for index in 0..<25 {
            _ = try TrialLedger(path: path).record(
              Self.trial("\(writer) \(index)"), at: Self.time)
          }
        }
      }
      try await group.waitForAll()
    }
    let history = try TrialLedger(path: path).history()
    #expect(history.count == 200)
    #expect(Set(history.trials.map(\.configuration)).count == 200)
  }

  @Test("the same again is no further trial; other bars, another symbol or other days are")
  func counting() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    func record(_ configuration: String, _ data: TrialData) throws {
      _ = try ledger.record(
        Trial(
          kind: .tuning, data: data, configuration: configuration, sharpe: 0.01, bars: 500),
        at: Self.time)
    }
    let early = try Self.data(["NVDA"], "2020-01-02", "2021-12-31", hash: "e")
    let late = try Self.data(["NVDA"], "2022-01-03", "2023-12-29", hash: "l")
    let both = try Self.data(["NVDA", "AMD"], "2021-06-01", "2022-06-01", hash: "b")
    let other = try Self.data(["MSFT"], hash: "o")
    for _ in 0..<3 { try record("a", early) }
    try record("b", early)
    try record("a", late)
    try record("a", both)
    try record("a", other)
    let history = try ledger.history()
    #expect(history.count == 7)
    #expect(history.group(on: early).settings == 3)
    #expect(history.group(on: late).settings == 2)
    #expect(history.group(on: both).settings == 4)
    #expect(history.group(on: other).settings == 1)
    #expect(history.byData.map(\.group.settings) == [2, 1, 1, 1])
  }

  @Test("the deviation of all Sharpe ratios is the one of the pooled settings")
  func pooled() throws {
    var history = TrialHistory()
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    let ratios = [0.01, 0.05, -0.03, 0.02, 0.08]
    _ = try ledger.record(Self.trial("a", sharpe: ratios[0]), at: Self.time)
    _ = try ledger.record(
      Trial(
        kind: .sweep, data: Self.data(), configuration: "s", sharpes: Array(ratios[1...]),
        effective: 4, bars: 1000), at: Self.time)
    try ledger.read(into: &history)
    let all = ratios.reduce(0, +) / 5
    let deviation = (ratios.reduce(0) { $0 + ($1 - all) * ($1 - all) } / 4).squareRoot()
    #expect(isNear(history.group(on: try Self.data()).sharpeDeviation, deviation, 1e-12))
  }
}
