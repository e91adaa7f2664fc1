import Evidence
import Foundation
import Market
import Runtime
import TestKit
import Testing

/// Golden/make_quantstats.py asked QuantStats itself.
@Suite("QuantStats' own figures") struct QuantStatsTests {
  @Test("are ours to 1e-9 wherever it computes what it says")
  func agree() throws {
    let path = Package.path("Tests/EvidenceTests/Golden/quantstats.json")
    let file = try JSON(
      parsing: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), source: path)
    let cases = try #require(file["cases"]?.elements)
    #expect(cases.count == 2)
    for golden in cases {
      let run = try RunSeries(Self.record(golden))
      let expected = try #require(golden["expected"]?.members)
      #expect(expected.count > 60)
      for member in expected {
        let value = try MetricCatalogue.metric(member.key)(run)
        if let words = member.value.string {
          #expect(value.json.string == words, "\(member.key)")
          continue
        }
        let theirs = try #require(member.value.double)
        let ours = try #require(value.number, "\(member.key): \(value)")
        #expect(
          abs(ours - theirs) <= 1e-9 * max(1, abs(theirs)), "\(member.key): \(ours), not \(theirs)")
      }
    }
  }

  private static func record(_ golden: JSON) throws -> RunHistory {
    let days = try (golden["days"]?.elements ?? []).map {
      try CivilDate(parsing: $0.string ?? "")
    }
    let returns = (golden["returns"]?.elements ?? []).compactMap(\.double)
    var values = [1.0]
    for value in returns { values.append(values[values.count - 1] * (1 + value)) }
    var record = RunHistory(
      annualisation: Annualisation(interval: .day, calendar: .nyse), zone: .utc,
      stamps: try days.map { try Timestamp(startOf: $0).adding(.seconds(16 * 3600)) },
      values: values)
    record.riskFreeRate = golden["risk_free_rate"]?.double ?? 0
    record.benchmark = golden["benchmark"]?.elements?.compactMap(\.double)
    return record
  }
}
