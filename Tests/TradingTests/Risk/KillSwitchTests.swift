import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("The kill switch", .serialized) struct KillSwitchTests {
  private let me = OperatorAct(.halt, by: "A. Lovelace", reason: "a loop")

  private func engine(
    _ folder: ScratchFolder
  ) throws -> Engine<ActingStrategy, QueueFeed, SimulatedVenue, MemoryJournal> {
    var strategy = ActingStrategy()
    strategy.closed = { bar, count, desk in
      desk.submit(
        OrderIntent(
          .buy, Quantity(whole: 1), of: InstrumentID(0), type: .limit(.at(1)),
          timeInForce: .untilCancelled))
    }
    let table = try EngineBench.table("A")
    let gate = try RiskGate(
      .research, table, equity: Cash(whole: 100_000), zone: .utc,
      killSwitch: try KillSwitch(folder: folder.path))
    return try EngineBench.engine(
      strategy, (0..<6).map { EngineBench.bar($0, 10) }, table,
      venue: EngineBench.venue(table), gate: gate)
  }

  @Test("while it is pulled what waits is cancelled and nothing leaves; a named person ends it")
  func file() throws {
    let folder = try ScratchFolder("kill")
    let acts = RiskActs(folder: folder.path)
    var engine = try engine(folder)
    try engine.run(until: EngineBench.at(2))
    #expect(engine.desk.account.orders.open.count == 2)
    try acts.stop(me, at: EngineBench.at(2))
    try engine.run(until: EngineBench.at(4))
    #expect(engine.desk.account.orders.open.isEmpty && engine.gate.isHalted)
    #expect(engine.record.denials.map(\.denial.code) == [.halted, .halted])
    #expect(throws: RiskActError.self) {
      try acts.resume(OperatorAct(.resume, by: " ", reason: "x"), at: EngineBench.at(4))
    }
    #expect(throws: RiskActError.self) {
      try acts.resume(OperatorAct(.resume, by: "x", reason: ""), at: EngineBench.at(4))
    }
    #expect(acts.isKilled)
    try acts.resume(
      OperatorAct(.resume, by: "C. Babbage", reason: "mended"), at: EngineBench.at(4))
    try engine.heedSwitch(at: EngineBench.at(4))
    try engine.run()
    #expect(engine.desk.account.orders.open.count == 2)
    let told = try engine.journal.records().compactMap { record -> String? in
      if case .operated(let act, let by, let reason, _) = record {
        "\(act), \(by), \(reason)"
      } else {
        nil
      }
    }
    #expect(told == ["halt, A. Lovelace, a loop", "resume, C. Babbage, mended"])
    #expect(acts.acts.map(\.kind) == [.halt, .resume])
  }

  @Test("only the file counts: empty, unreadable, a folder or a broken link, all of them stop")
  func faults() throws {
    let faults: [(String) throws -> Void] = [
      { try Data().write(to: URL(fileURLWithPath: $0)) },
      { try "{not json".write(toFile: $0, atomically: false, encoding: .utf8) },
      { try Data([0xff, 0, 1]).write(to: URL(fileURLWithPath: $0)) },
      { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: false) },
      {
        try "{\"act\": \"resume\", \"by\": \"x\", \"reason\": \"y\"}".write(
          toFile: $0, atomically: false, encoding: .utf8)
      },
    ]
    for (number, fault) in faults.enumerated() {
      let folder = try ScratchFolder("kill-\(number)")
      var engine = try engine(folder)
      try engine.run(until: EngineBench.at(1))
      try fault(folder.path("kill"))
      try engine.run()
      #expect(engine.venue.statement(at: EngineBench.at(9)).working.isEmpty, "fault \(number)")
      let act = try engine.journal.records().compactMap { record -> String? in
        if case .operated(let act, let by, _, _) = record { "\(act) \(by)" } else { nil }
      }
      #expect(act == ["halt unknown"], "fault \(number)")
    }
  }

  @Test(
    "a list of acts that cannot be written stops nothing from being stopped, and lets nobody go on")
  func brokenList() throws {
    let folder = try ScratchFolder("kill-list")
    let acts = RiskActs(folder: folder.path)
    // A folder stands where the list should be: every write of it fails.
    try FileManager.default.createDirectory(
      atPath: folder.path("acts.jsonl"), withIntermediateDirectories: false)
    var engine = try engine(folder)
    try engine.run(until: EngineBench.at(1))
    let told = #expect(throws: FileError.self) { try acts.stop(me, at: EngineBench.at(1)) }
    #expect(told?.diagnosis.finding.contains("stopped, but not noted down") == true)
    #expect(acts.isKilled && acts.killing == me)
    try engine.run(until: EngineBench.at(3))
    #expect(engine.gate.isHalted && engine.desk.account.orders.open.isEmpty)
    #expect(throws: RiskActError.self) {
      try acts.resume(OperatorAct(.resume, by: "x", reason: "y"), at: EngineBench.at(3))
    }
    #expect(acts.isKilled)
  }

  @Test("an account that is started while it is pulled sends nothing")
  func killedBeforeItBegins() throws {
    let folder = try ScratchFolder("kill-first")
    try RiskActs(folder: folder.path).stop(me, at: EngineBench.start)
    var engine = try engine(folder)
    try engine.run()
    #expect(engine.record.fills.isEmpty && engine.desk.account.orders.open.isEmpty)
    #expect(engine.record.denials.allSatisfy { $0.denial.code == .halted })
    #expect(engine.record.denials.count == 6)
  }

  @Test("a signal stops everything in the process, and a person lets it go on") func signal() throws
  {
    let folder = try ScratchFolder("kill-signal")
    KillSwitch.heed(signal: SIGUSR1)
    var engine = try engine(folder)
    try engine.run(until: EngineBench.at(1))
    let isHaltedBefore = engine.gate.isHalted
    #expect(!isHaltedBefore)
    // To the process, whose first thread takes it: others may have it blocked.
    kill(getpid(), SIGUSR1)
    for _ in 0..<500 where !engine.gate.isHalted { usleep(10_000) }
    let isHalted = engine.gate.isHalted
    #expect(isHalted)
    try engine.run(until: EngineBench.at(3))
    #expect(engine.desk.account.orders.open.isEmpty)
    try RiskActs(folder: folder.path).resume(
      OperatorAct(.resume, by: "x", reason: "y"), at: EngineBench.at(3))
    try engine.heedSwitch(at: EngineBench.at(3))
    #expect(!engine.gate.isHalted)
  }
}
