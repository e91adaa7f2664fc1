import Runtime

/// Forecasts that take no learning, and the model against each of them.
///
/// - `majority`: the commonest class of training, and its shares as probabilities; of changes the mean.
/// - `previous`: the class, or the change, that the symbol's latest settled label had.
struct Baselines {
  let comparisons: [Comparison]

  init(
    _ output: PredictionOutput, _ samples: Windows, _ instants: Instants, naive: [Double]
  ) {
    let isClasses = samples.target == .classes
    comparisons =
      isClasses
      ? Self.ofClasses(output, samples, instants, shares: naive)
      : Self.ofPoints(output, samples, instants, mean: naive.first ?? 0)
  }

  private static func ofClasses(
    _ output: PredictionOutput, _ samples: Windows, _ instants: Instants, shares: [Double]
  ) -> [Comparison] {
    let truth = samples.classes
    guard shares.count == 3 else { return [] }
    let majority = (0..<3).reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
    let errors = truth.indices.map { output.choice($0) + 1 == truth[$0] ? 0.0 : 1 }
    var all = [
      comparison(
        "majority", "error", errors, truth.map { $0 == majority ? 0 : 1 }, instants,
        samples.horizon)
    ]
    if !output.probabilities.isEmpty {
      let fixed = truth.indices.flatMap { _ in shares }
      all.append(
        comparison(
          "majority", "log_loss", ClassScores.losses(output.probabilities, truth),
          ClassScores.losses(fixed, truth), instants, samples.horizon))
    }
    let latest = previous(samples)
    let known = latest.indices.filter { latest[$0] != nil }
    let previousErrors = truth.indices.map {
      latest[$0].map { Int($0) + 1 } == truth[$0] ? 0.0 : 1
    }
    if let one = among(known, "previous", "error", errors, previousErrors, samples) {
      all.append(one)
    }
    return all
  }

  private static func ofPoints(
    _ output: PredictionOutput, _ samples: Windows, _ instants: Instants, mean: Double
  ) -> [Comparison] {
    let truth = samples.labels
    func squares(_ points: [Double]) -> [Double] {
      zip(points, truth).map { ($0 - $1) * ($0 - $1) }
    }
    let own = squares(output.points)
    var all = [
      comparison(
        "majority", "squared", own, squares(truth.map { _ in mean }), instants, samples.horizon)
    ]
    let latest = previous(samples)
    let known = latest.indices.filter { latest[$0] != nil }
    if let one = among(
      known, "previous", "squared", own, squares(latest.map { $0 ?? 0 }), samples)
    {
      all.append(one)
    }
    return all
  }

  /// The label that each sample's symbol had so many bars before as labels look ahead: by now it is
  /// settled.
  private static func previous(_ samples: Windows) -> [Double?] {
    let (codes, labels) = (samples.codes, samples.labels)
    var seen: [Int32: [Double]] = [:]
    return codes.indices.map { row in
      let own = seen[codes[row], default: []]
      seen[codes[row], default: []].append(labels[row])
      return own.count >= samples.horizon ? own[own.count - samples.horizon] : nil
    }
  }

  private static func among(
    _ rows: [Int], _ name: String, _ loss: String, _ first: [Double], _ second: [Double],
    _ samples: Windows
  ) -> Comparison? {
    guard rows.count > 3 else { return nil }
    let times = samples.datetimes
    return comparison(
      name, loss, rows.map { first[$0] }, rows.map { second[$0] }, Instants(rows.map { times[$0] }),
      samples.horizon)
  }

  private static func comparison(
    _ name: String, _ loss: String, _ first: [Double], _ second: [Double], _ instants: Instants,
    _ horizon: Int
  ) -> Comparison {
    Comparison(
      name, loss: loss, model: ClassScores.mean(first), other: ClassScores.mean(second),
      first: instants.means { first[$0] }, second: instants.means { second[$0] }, horizon: horizon)
  }
}
