import Runtime

extension Evaluation {
  /// As `metrics.json` has it: plain numbers, intervals as pairs, null where there is none.
  package var json: JSON {
    var json: JSON = ["part": JSON(part), "rows": JSON(count), "horizon": JSON(horizon)]
    if let classes {
      for member in classes.json(classIntervals).members ?? [] {
        json.append(member.key, member.value)
      }
    }
    if let points {
      json.append("mse", JSON(points.meanSquared))
      json.append("mae", JSON(points.meanAbsolute))
      json.append("mae_interval", points.meanAbsoluteInterval.json)
      json.append("direction", JSON(points.direction))
    }
    json.append("rank_ic", JSON(ranks?.ic))
    json.append("rank_ic_interval", (ranks?.interval).json)
    json.append("rank_ic_ir", JSON(ranks?.icir))
    json.append("rank_ic_cross_sectional", JSON(ranks?.isCrossSectional ?? false))
    json.append("trading", trading?.json ?? .null)
    if let tradingSilence { json.append("trading_silence", JSON(tradingSilence)) }
    json.append(
      "conformal",
      JSON(
        coverage.map {
          [
            "promised": JSON($0.promised), "found": JSON($0.found), "mean_size": JSON($0.meanSize),
          ]
        }))
    json.append("baselines", JSON(comparisons.map(\.json)))
    json.append("beats_baselines", JSON(beatsBaselines))
    json.append("verdict", JSON(verdict))
    return json
  }
}

extension ClassScores {
  fileprivate func json(_ intervals: ClassIntervals?) -> JSON {
    let names = PredictionOutput.classes.map(String.init)
    func byClass(_ value: (Int) -> JSON) -> JSON {
      .object((0..<3).map { JSON.Member(names[$0], value($0)) })
    }
    return [
      "accuracy": JSON(accuracy), "accuracy_interval": (intervals?.accuracy).json,
      "log_loss": JSON(logLoss), "log_loss_interval": (intervals?.logLoss).json,
      "brier": JSON(brier), "brier_interval": (intervals?.brier).json,
      "calibration_error": JSON(calibrationError),
      "macro_f1": JSON(
        ClassScores.mean((0..<3).map(f1).filter { !$0.isNaN })),
      "classes": byClass { c in
        [
          "precision": JSON(precision(c)), "precision_interval": (intervals?.precision[c]).json,
          "recall": JSON(recall(c)), "recall_interval": (intervals?.recall[c]).json,
          "f1": JSON(f1(c)), "f1_interval": (intervals?.f1[c]).json,
          "rows": JSON(confusion[c].reduce(0, +)),
        ]
      },
      "confusion": JSON(confusion.map { JSON($0.map { JSON($0) }) }),
      "reliability": JSON(
        reliability.map {
          [
            "count": JSON($0.count), "mean_probability": JSON($0.meanProbability),
            "share": JSON($0.share),
          ]
        }),
    ]
  }
}

extension ClosedRange<Double>?? {
  var json: JSON { flatMap { $0 }.json }
}
