import Foundation
import TestKit
import Testing

@Suite("martinet doctor") struct DoctorTests {
  @Test("says in JSON what is here, with versions") func json() throws {
    let run = try Binary.run("doctor --json")
    let object = try run.object
    #expect(object["ok"] as? Bool == (run.status == 0))
    let findings = object["findings"] as? [[String: Any]] ?? []
    let topics = Set(findings.compactMap { $0["topic"] as? String })
    #expect(
      topics.isSuperset(of: [
        "processor", "memory", "library", "toolchain", "server", "browser", "clock", "time zones",
        "disk",
      ]))
    for finding in findings {
      let state = finding["state"] as? String
      #expect(["good", "attention", "missing"].contains(state))
      #expect((state == "good") == (finding["remedy"] is NSNull), "\(finding)")
    }
  }

  @Test("says which kernels OpenBLAS uses, and why those") func kernels() throws {
    let named = try Command.run(
      Binary.path, ["doctor"],
      environment: ["LC_ALL": "C.UTF-8", "MARTINET_BLAS_KERNELS": "Haswell"])
    #expect(named.output.contains("kernels Haswell\n"))
    #expect(named.output.contains("named by MARTINET_BLAS_KERNELS\n"))
    let findings = try Binary.run("doctor --json").object["findings"] as? [[String: Any]] ?? []
    let library = findings.first { $0["name"] as? String == "OpenBLAS" }
    #expect((library?["reason"] as? String)?.isEmpty == false)
  }

  @Test(
    "whatever OPENBLAS_CORETYPE says, the kernels that were chosen are the ones in use",
    arguments: ["Prescott", "Haswell", "Nonsense", "", "SapphireRapids"])
  func foreignVariable(value: String) throws {
    func kernels(_ environment: [String: String]) throws -> String {
      let run = try Command.run(
        Binary.path, ["doctor", "--json"],
        environment: ["LC_ALL": "C.UTF-8"].merging(environment) { $1 })
      let findings = try run.object["findings"] as? [[String: Any]] ?? []
      let library = findings.first { $0["name"] as? String == "OpenBLAS" }
      return try #require(library?["kernels"] as? String)
    }
    let own = try kernels([:])
    #expect(try kernels(["OPENBLAS_CORETYPE": value, "OPENBLAS_NUM_THREADS": "64"]) == own)
    // Kernels that are named for us and do not exist are not a crash either.
    let named = try kernels(["MARTINET_BLAS_KERNELS": "Nonsense"])
    #expect(!named.isEmpty)
  }

  @Test("says in words what is here and how to get what is not") func words() throws {
    let run = try Binary.run("doctor")
    #expect(run.status == 0)
    #expect(run.output.contains("✓ ok       processor   built for "))
    #expect(run.output.contains("next: martinet "))
    let bare = try Command.run(
      "bash", ["-c", "PATH=/nonexistent exec '\(Binary.path)' doctor"],
      environment: ["LC_ALL": "C.UTF-8"])
    #expect(bare.status == 0)
    #expect(bare.output.contains("! note     toolchain   Swift is not here"))
    #expect(bare.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(bare.output)")
  }
}
