/// Grows a model with LightGBM.
package enum LightGBMTraining {
  /// The model of the best round as text: the same bytes for the same rows, settings and threads.
  ///
  /// - Parameters:
  ///   - settings: by LightGBM's own names, the seed among them
  ///   - validation: looked at after every round; without it all rounds are grown and kept
  package static func model(
    _ settings: [(String, String)], plan: BoostingPlan, train: BoostingRows,
    validation: BoostingRows? = nil, watch: BoostingWatch = { _, _, _ in nil }
  ) throws(BoostingError) -> String {
    // Left to itself it tries which way of counting is quicker, and the clock would decide on sums.
    let text =
      (settings + [
        ("num_threads", String(plan.threads)), ("deterministic", "true"),
        ("force_row_wise", "true"), ("verbose", "-1"),
      ]).map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    let dataset = try LightGBMDataset.made(train, settings: text)
    guard let validation else {
      let booster = try LightGBMBooster(on: dataset, settings: text)
      for _ in 0..<plan.rounds { guard try booster.update() else { break } }
      return try booster.saved(rounds: plan.rounds)
    }
    let held = try LightGBMDataset.made(validation, settings: text, reference: dataset.handle)
    let booster = try LightGBMBooster(
      on: dataset, settings: text + " is_provide_training_metric=true")
    try booster.add(validation: held)
    var best = BestRound()
    for round in 1...plan.rounds {
      let grows = try booster.update()
      let losses = (train: try booster.loss(on: 0), validation: try booster.loss(on: 1))
      best.take(round, loss: losses.validation)
      if watch(round, losses.train, losses.validation) != nil || !grows { break }
    }
    return try booster.saved(rounds: max(1, best.round))
  }

  /// The library's own predictions of a saved model, for comparison with ours.
  package static func predict(
    _ model: String, _ rows: [Float], width: Int, outputs: Int, isRaw: Bool = false
  ) throws(BoostingError) -> [Double] {
    try LightGBMBooster(model).predict(rows, width: width, outputs: outputs, isRaw: isRaw)
  }
}
