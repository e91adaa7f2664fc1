import Runtime

/// What a run must show before its model may trade.
package struct PromotionCriteria: Configured, Equatable {
  package var needsSanity = true
  package var needsCertificate = true
  package var beatsBaselines = true
  package var leastAccuracy: Double?
  package var leastRankIC: Double?
  package var leastSharpe: Double?
  package var mostCalibrationError: Double?
  package var leastDeflated: Double?

  package init() {}

  package static let schema = Schema<Self>("What a run must show before its model may trade") {
    Field("sane", \.needsSanity, "It climbed the whole ladder of sanity")
    Field("certified", \.needsCertificate, "Its features were proved not to look ahead")
    Field("beats_baselines", \.beatsBaselines, "It beats every baseline beyond luck")
    Field("accuracy_min", \.leastAccuracy, in: 0...1, "Least accuracy of the test part")
    Field("rank_ic_min", \.leastRankIC, in: -1...1, "Least rank IC of the test part")
    Field("sharpe_min", \.leastSharpe, in: -100...100, "Least Sharpe ratio a year, after costs")
    Field(
      "calibration_error_max", \.mostCalibrationError, in: 0...1, "Largest calibration error")
    Field(
      "deflated_sharpe_min", \.leastDeflated, in: 0...1,
      "Least chance that the Sharpe ratio is no luck after all trials")
  }

  /// One criterion, and what the run shows.
  package struct Verdict: Sendable, Equatable {
    package let name: String
    package let isMet: Bool
    package let needed, found: String

    var json: JSON {
      [
        "criterion": JSON(name), "met": JSON(isMet), "needed": JSON(needed), "found": JSON(found),
      ]
    }
  }

  package func verdicts(_ run: TrainingRunRecord, metrics: JSON) -> [Verdict] {
    var all: [Verdict] = []
    func require(_ name: String, _ isMet: Bool, _ needed: String, _ found: String) {
      all.append(Verdict(name: name, isMet: isMet, needed: needed, found: found))
    }
    func limit(_ name: String, _ limit: Double?, isLeast: Bool, _ found: Double?) {
      guard let limit else { return }
      let isMet = found.map { isLeast ? $0 >= limit : $0 <= limit } ?? false
      require(
        name, isMet, "\(isLeast ? "at least" : "at most") \(limit)", found.map { "\($0)" } ?? "none"
      )
    }
    if needsSanity {
      require("sane", run.isSane, "true", run.manifest["sane"]?.text() ?? "nothing")
    }
    if needsCertificate {
      let verdict = run.manifest["certificate"]?["verdict"]?.string
      require("certified", verdict == "clean", "clean", verdict ?? "none")
    }
    if beatsBaselines {
      let beats = metrics["beats_baselines"] == .bool(true)
      require("beats_baselines", beats, "true", beats ? "true" : "false")
    }
    limit("accuracy_min", leastAccuracy, isLeast: true, metrics["accuracy"]?.double)
    limit("rank_ic_min", leastRankIC, isLeast: true, metrics["rank_ic"]?.double)
    let trading = metrics["trading"]
    limit("sharpe_min", leastSharpe, isLeast: true, trading?["model"]?["sharpe"]?.double)
    limit(
      "calibration_error_max", mostCalibrationError, isLeast: false,
      metrics["calibration_error"]?.double)
    limit(
      "deflated_sharpe_min", leastDeflated, isLeast: true, trading?["deflated_sharpe"]?.double)
    return all
  }
}
