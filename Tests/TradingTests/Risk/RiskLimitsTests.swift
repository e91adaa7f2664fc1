import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Limits as they are read") struct RiskLimitsTests {
  private func load(_ text: String) throws -> RiskLimits {
    try Configuration<RiskLimits>.load(
      sources: [ConfigurationSource(name: "limits.yaml", bytes: Array(text.utf8))]
    ).value
  }

  private func refusal(_ text: String) -> Diagnosis? {
    do {
      _ = try load(text)
      return nil
    } catch let error as ConfigurationError {
      return error.diagnosis
    } catch {
      return nil
    }
  }

  private static let folder = Package.path("production/config")

  @Test("the file for real money says all there is, and says what the profile does")
  func production() throws {
    let loaded = try Configuration<RiskLimits>.load(files: [Self.folder + "/risk_limits.yaml"])
    #expect(loaded.value == .production)
    #expect(loaded.effective.allSatisfy { $0.origin != .builtIn })
    let limits = loaded.value
    #expect(limits.position.most == .part(0.4) && limits.position.least == .part(0.05))
    #expect(limits.leverage.gross == .part(1) && !limits.leverage.isAllowed)
    #expect(limits.drawdown.part == .part(0.15) && limits.turnover.most == .part(0.3))
  }

  @Test("prod.yaml lies over it: 1,000 a position and 50 a day") func overlay() throws {
    let files = try ConfigurationLayers.files(
      base: Self.folder + "/risk_limits.yaml", environment: "prod")
    let limits = try Configuration<RiskLimits>.load(files: files).value
    #expect(limits.position.mostAmount == Cash(whole: 1000))
    #expect(limits.dailyLoss.amount == Cash(whole: 50) && limits.dailyLoss.part == .part(0.05))
    #expect(limits.position.most == .part(0.4))
  }

  @Test("an engine's own limits: 20% a position, 1.6 gross, 10% below the best") func defaults()
    throws
  {
    let limits = try load("cash:\n  reserve: 0.05\n")
    #expect(limits == RiskLimits())
    #expect(limits.position.most == .part(0.2) && limits.leverage.gross == .part(1.6))
    #expect(limits.drawdown.part == .part(0.1) && limits.capital.least == .part(0.8))
    #expect(limits.singleName.part == .part(0.08) && limits.weeklyLoss.part == .part(0.1))
    #expect(limits.correlation.most == 0.7 && limits.valueAtRisk.most == .part(0.05))
  }

  @Test(
    "what cannot be meant is refused with its place, and what to write instead",
    arguments: [
      ("leverage:\n  allowed: false\n", "limits.yaml", "would allow leverage"),
      (
        "leverage:\n  allowed: false\n  max_gross: 1.01\n", "limits.yaml:3:14",
        "1.01 would allow leverage"
      ),
      ("leverage:\n  allowed: false\n  max_gross: null\n", "limits.yaml:3:14", "leverage"),
      (
        "leverage:\n  allowed: false\n  max_gross: 1\nposition:\n  max_part: 1.2\n",
        "limits.yaml:5:13", "is leverage"
      ),
      (
        "position:\n  max_part: 0.04\n  min_part: 0.05\n", "limits.yaml:3:13",
        "no position can reach"
      ),
      ("position:\n  min_part: 0.5\n  max_part: null\n", "limits.yaml:2:13", "sector.max_part"),
      (
        """
        leverage: {allowed: false, max_gross: 1}
        cash: {reserve: 0.97}
        position: {min_part: 0.05}
        """, "limits.yaml:3:22", "cash.reserve leaves 0.03"
      ),
      ("correlation:\n  action: reduce\n", "limits.yaml:2:11", "does not mend"),
      ("value_at_risk: {action: reduce}\n", "limits.yaml:1:25", "does not mend"),
      ("messages: {action: reduce}\n", "limits.yaml:1:20", "does not mend"),
      ("sector:\n  of: [A=x, A=y]\n", "limits.yaml:2:7", "A is in x and in y"),
      ("sector:\n  of: [A]\n", "limits.yaml:2:8", "not a symbol and its sector"),
      ("turnover:\n  max_part: 0\n", "limits.yaml:2:13", "out of range"),
      ("position:\n  max_part: 20%\n", "limits.yaml:2:13", "a decimal number"),
      ("position:\n  max_prat: 0.2\n", "limits.yaml:2:3", "not known"),
      ("daily_loss:\n  action: panic\n", "limits.yaml:2:11", "one of reject"),
      ("cash:\n  reserve: -0.1\n", "limits.yaml:2:12", "out of range"),
      ("cash:\n  reserve: 0.123456789\n", "limits.yaml:2:12", "a decimal number"),
    ])
  func refused(text: String, place: String, finding: String) throws {
    let told = try #require(refusal(text), "\(text)")
    #expect(told.place.hasPrefix(place), "\(told)")
    #expect(told.finding.contains(finding), "\(told)")
    #expect(!told.remedy.isEmpty)
  }

  @Test("limits that an account never can meet are refused before it begins") func neverMet() throws
  {
    var bench = RiskBench {
      $0.position.least = .part(0.05)
      $0.position.mostAmount = Cash(whole: 1000)
    }
    let never = #expect(throws: RiskLimitsError.self) { try bench.gate() }
    #expect(
      never?.diagnosis.finding
        == "0.05 of the account's 100000 is more than position.max_amount, 1000")
    bench.cash = 20_000
    _ = try bench.gate()
    bench.limits.sector.most = .part(0.4)
    let sector = #expect(throws: RiskLimitsError.self) { try bench.gate() }
    #expect(sector?.diagnosis.remedy.contains("A=SECTOR") == true)
  }

  @Test("limits written down and read back are the same") func roundTrip() throws {
    for limits in [RiskLimits(), .production, .research] {
      #expect(try RiskLimits(limits.json) == limits)
    }
  }

  @Test("every denial has its own number, says what was found and what to do") func words() {
    #expect(Set(DenialCode.allCases.map(\.finding)).count > 55)
    for code in DenialCode.allCases {
      let denial = Denial(code, found: 0.25, allowed: 0.2)
      #expect(!denial.finding.isEmpty && !denial.remedy.isEmpty, "\(code)")
    }
    let position = Denial(.position, found: 0.25, allowed: 0.2)
    #expect(position.finding == "the position would be too large: 25.0%, allowed 20.0%")
  }

  @Test("docs/RISK.md names every key and every denial with its number") func documented() throws {
    let page = try String(contentsOfFile: Package.path("docs/RISK.md"), encoding: .utf8)
    let loaded = try Configuration<RiskLimits>.load()
    for row in loaded.effective
    where !row.key.hasSuffix(".action") && !row.key.hasSuffix(".recovery") {
      #expect(page.contains("`\(row.key)`"), "\(row.key)")
    }
    for code in DenialCode.allCases {
      let row = "| \(code.rawValue) | `\(code)` | \(code.finding) | \(code.remedy) |"
      #expect(page.contains(row), "\(row)")
    }
  }
}
