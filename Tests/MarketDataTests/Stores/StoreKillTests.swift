import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Stores whose writer or server is killed", .serialized)
struct StoreKillTests {
  /// Series with some versions in several months, for a copy to be interrupted at.
  private func source(_ stand: StoreStand) throws -> any BarStore {
    let store = try stand.address("source").open()
    for number in 0..<12 {
      let key = try StoreSamples.key("S\(number)")
      try store.declare(key, as: StoreSamples.declaration)
      for round in 0..<3 {
        let rows = (0..<300).map { (place: $0, value: Double($0 % (round + 2))) }
        _ = try store.write(
          StoreSamples.batch(key, rows), to: key, recordedAt: StoreSamples.instant(round))
      }
    }
    return store
  }

  @Test(
    "a copy killed at fifty instants loses nothing it reported and doubles nothing",
    arguments: StoreStand.present)
  func killedWriter(kind: StoreAddress.Kind) throws {
    let origin = try StoreStand(.sqlite)
    let source = try source(origin)
    let stand = try StoreStand(kind)
    var random = SeededGenerator(seed: 7)
    var kills = 0
    var generation = 0
    // Shorter where this machine copies faster, so that most copies do not end in time.
    var longest = 0.25
    // Told of the present target; a finished one is followed by an empty one.
    var told: Set<String> = []
    let wanted = FuzzBudget.inputs(usual: 50, nightly: 400)
    for _ in 0..<wanted * 4 where kills < wanted {
      let target = stand.address("t\(generation)")
      let limit = String(format: "%.4f", Double.random(in: 0.005...longest, using: &random))
      let run = try copy(source, to: target, within: limit)
      told.formUnion(
        run.output.split(separator: "\n").filter { $0.hasSuffix("}") }.map(String.init))
      guard run.status != 0 else {
        try check(told, of: source, in: target, isWhole: true)
        told = []
        generation += 1
        longest = max(0.02, longest * 0.8)
        if kind == .postgres { try stand.empty() }
        continue
      }
      #expect(run.status == 137, "\(run.errors)")
      kills += 1
      // Reading everything after each kill would take longer than the kills do.
      if kills.isMultiple(of: 10) { try check(told, of: source, in: target, isWhole: false) }
    }
    #expect(kills == wanted)
    let last = stand.address("t\(generation)")
    #expect(try copy(source, to: last, within: "60").status == 0)
    try check(told, of: source, in: last, isWhole: true)
  }

  private func copy(
    _ source: any BarStore, to target: StoreAddress, within seconds: String
  ) throws -> Command {
    try Command.run(
      "timeout",
      [
        "--signal=KILL", seconds, Package.executable("martinet"), "data", "copy", "--json",
        "--from", source.address.description, "--to", "\(target.kind.rawValue):\(target.location)",
      ])
  }

  /// What was reported is there as it is in the source; at the end, everything is.
  private func check(
    _ told: Set<String>, of source: any BarStore, in address: StoreAddress, isWhole: Bool
  ) throws {
    if told.isEmpty, !isWhole { return }
    let target = try address.open()
    let present = Dictionary(try target.series().map { ($0.key, $0) }) { first, _ in first }
    for summary in try source.series() {
      let content = try source.content(of: summary.key)
      let isTold = told.contains { $0.contains("\"\(summary.key.symbol)\"") }
      guard isWhole || isTold else { continue }
      #expect(try target.content(of: summary.key) == content)
      #expect(present[summary.key]?.barCount == summary.barCount)
      #expect(present[summary.key]?.revisedCount == summary.revisedCount)
    }
  }

  @Test(
    "a PostgreSQL killed fifty times under a writer loses nothing acknowledged and doubles nothing",
    .needs(.postgreSQL))
  func killedServer() async throws {
    let server = try PostgreSQLServer()
    defer { server.stop() }
    let store = try StoreAddress(kind: .postgres, location: server.url).open()
    let key = try StoreSamples.key()
    try store.declare(key, as: StoreSamples.declaration)
    let kills = FuzzBudget.inputs(usual: 50, nightly: 300)
    var random = SeededGenerator(seed: 11)
    var model = StoreModel()
    var number = 0
    var crashes = 0
    while crashes < kills {
      // The server dies while the writer is somewhere in its work.
      let delay = UInt32.random(in: 0...40_000, using: &random)
      let crash = Task.detached { [server = Crasher(server)] in
        usleep(delay)
        return server.crash()
      }
      for _ in 0..<3 {
        let rows = (0..<40).map { _ in
          (place: Int.random(in: 0..<400, using: &random), value: Double(number))
        }
        number += 1
        _ = try store.write(
          StoreSamples.batch(key, rows), to: key, recordedAt: StoreSamples.instant(number))
        model.write(rows, at: StoreSamples.instant(number))
      }
      if await crash.value { crashes += 1 }
    }
    #expect(try store.history(of: key, starts: nil).lines == model.history)
    #expect(try store.series().first?.barCount == model.bars.count)
  }

  /// `@unchecked Sendable`: crashing reads a file and sends a signal, and nothing of the server changes.
  private struct Crasher: @unchecked Sendable {
    private let server: PostgreSQLServer
    init(_ server: PostgreSQLServer) { self.server = server }
    func crash() -> Bool { server.crash() }
  }
}
