import Numerics
import TestKit
import Testing
import Trading

@Suite("Schedules of faults") struct EngineProofTests {
  @Test(
    "Books, journal and venue agree after every schedule, and every kind of fault happens often")
  func schedules() throws {
    let count = FuzzBudget.inputs(usual: 10_000, nightly: 1_000_000)
    let proof = try EngineProof.run(seeds: count, from: 1)
    for violation in proof.violations {
      Issue.record("seed \(violation.seed): \(violation.finding)")
    }
    #expect(proof.seeds == count)
    #expect(proof.withFills * 10 >= count * 9)
    for fault in Fault.allCases {
      #expect((proof.faults[fault] ?? 0) * 100 >= count, "\(fault)")
    }
  }

  @Test(
    "Every fault that is planted in engine, ledger or journal is found", arguments: PlantedFault.all
  )
  func planted(fault: PlantedFault) throws {
    let proof = try EngineProof.run(seeds: 600, from: 1, planting: fault.plant())
    #expect(!proof.isClean)
  }

  /// What each seed once found: bookings that came after the gate had judged (14752), an order that closes
  /// before another that opens (64982), and shares booked after a restart of which no price was seen yet.
  @Test(
    "Schedules that once were reported stay clean", arguments: [14_752, 64_982, 170_381, 177_697])
  func reported(seed: UInt64) throws {
    let proof = try EngineProof.run(seeds: 1, from: seed)
    #expect(proof.violations == [])
  }

  @Test("There are twenty and more planted faults") func enough() {
    #expect(Set(PlantedFault.all.map(\.name)).count >= 20)
  }

  @Test("The same seed does the same again, alone or among others, on any number of threads")
  func again() throws {
    let fault = try #require(PlantedFault.all.first { $0.name == "commissions are forgotten" })
    let many = try EngineProof.run(seeds: 40, from: 100, planting: fault.plant())
    let first = try #require(many.violations.first)
    let alone = try EngineProof.run(seeds: 1, from: first.seed, planting: fault.plant())
    #expect(alone.violations == many.violations.filter { $0.seed == first.seed })
    let threads = try EngineProof.run(
      seeds: 40, from: 100, on: Pool(threads: 3), planting: fault.plant())
    #expect(threads.json == many.json)
  }
}
