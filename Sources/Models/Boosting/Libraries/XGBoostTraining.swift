/// Grows a model with XGBoost.
package enum XGBoostTraining {
  /// The model of the best round in UBJSON: the same bytes for the same rows, settings and threads.
  ///
  /// - Parameters:
  ///   - settings: by XGBoost's own names, the seed among them
  ///   - validation: looked at after every round; without it all rounds are grown and kept
  package static func model(
    _ settings: [(String, String)], bins: Int, plan: BoostingPlan, train: BoostingRows,
    validation: BoostingRows? = nil, watch: BoostingWatch = { _, _, _ in nil }
  ) throws(BoostingError) -> [UInt8] {
    let matrix = try XGBoostMatrix(train, bins: bins, threads: plan.threads)
    let booster = try XGBoostBooster.made(
      on: matrix,
      settings: settings + [
        ("max_bin", String(bins)), ("nthread", String(plan.threads)), ("verbosity", "0"),
      ])
    guard let validation else {
      for round in 0..<plan.rounds { try booster.update(round: round, on: matrix) }
      return try booster.saved()
    }
    let held = try XGBoostMatrix(
      validation, bins: bins, threads: plan.threads, reference: matrix.handle)
    var best = BestRound()
    for round in 1...plan.rounds {
      try booster.update(round: round - 1, on: matrix)
      let losses = try booster.losses(round: round - 1, matrix, held)
      best.take(round, loss: losses.validation)
      if watch(round, losses.train, losses.validation) != nil { break }
    }
    return try booster.prefix(rounds: max(1, best.round)).saved()
  }

  /// The library's own predictions of a saved model, for comparison with ours.
  package static func predict(
    _ model: [UInt8], _ rows: [Float], width: Int, isRaw: Bool = false
  ) throws(BoostingError) -> [Double] {
    try XGBoostBooster.read(model).predict(rows, width: width, isRaw: isRaw)
  }
}
