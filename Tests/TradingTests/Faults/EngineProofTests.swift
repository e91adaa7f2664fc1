import Numerics
import TestKit
import Testing
import Trading

@Suite("Schedules of faults") struct EngineProofTests {
  @Test("Books, journal and venue agree after every schedule, and every kind of fault happens often")
  func schedules() throws {
    let count = FuzzBudget.inputs(usual: 10_000, nightly: 1_000_000)
    let proof = try EngineProof.run(seeds: count, from: 1)
    for violation in proof.violations { Issue.record("seed \(violation.seed): \(violation.finding)") }
    #expect(proof.seeds == count)
    #expect(proof.withFills * 10 >= count * 9)
    for fault in Fault.allCases {
      #expect((proof.faults[fault] ?? 0) * 100 >= count, "\(fault)")
    }
  }
}
