import Runtime

/// What is learned on a slice of the validation part that the model never saw, and kept with it: a
/// temperature from the slice's first half, and radii of intervals from its second.
package struct Calibration: Sendable, Equatable {
  package let temperature: TemperatureScaling
  package let conformal: [SplitConformal]
  /// Samples of the slice; 0 where it was too small to be used.
  package let count: Int

  package static let coverages = [0.75, 0.9]
  package static let none = Calibration(temperature: .none, conformal: [], count: 0)

  package init(temperature: TemperatureScaling, conformal: [SplitConformal], count: Int) {
    self.temperature = temperature
    self.conformal = conformal
    self.count = count
  }

  /// - Parameters:
  ///   - output: of the model as it is, in the order of time
  ///   - samples: what it foresaw
  package init(_ output: PredictionOutput, samples: Windows) {
    guard samples.count >= SteeringSplit.least else {
      self = .none
      return
    }
    let half = samples.count / 2
    let scores: [Double]
    if output.probabilities.isEmpty {
      temperature = .none
      scores = SplitConformal.scores(
        points: Array(output.points[half...]), truth: Array(samples.labels[half...]))
    } else {
      let classes = samples.classes
      temperature = TemperatureScaling(
        fitting: Array(output.probabilities[..<(3 * half)]), classes: Array(classes[..<half]))
      let scaled = temperature.applied(to: Array(output.probabilities[(3 * half)...]))
      scores = SplitConformal.scores(probabilities: scaled, classes: Array(classes[half...]))
    }
    conformal = Self.coverages.map { SplitConformal(coverage: $0, scores: scores) }
    count = samples.count
  }

  package func applied(to output: PredictionOutput) -> PredictionOutput {
    var calibrated = output
    calibrated.probabilities = temperature.applied(to: output.probabilities)
    return calibrated
  }

  package var json: JSON {
    [
      "samples": JSON(count), "temperature": JSON(temperature.temperature),
      "conformal": JSON(
        conformal.map {
          ["coverage": JSON($0.coverage), "radius": JSON($0.radius), "samples": JSON($0.count)]
        }),
    ]
  }

  package init?(_ json: JSON) {
    guard let count = json["samples"]?.whole, let degree = json["temperature"]?.double,
      degree > 0, degree.isFinite, let parts = json["conformal"]?.elements
    else { return nil }
    var conformal: [SplitConformal] = []
    for part in parts {
      guard let coverage = part["coverage"]?.double, let samples = part["samples"]?.whole,
        let radius = part["radius"]
      else { return nil }
      // JSON has no word for the infinite radius of too few samples.
      conformal.append(
        SplitConformal(
          coverage: coverage, radius: radius.double ?? .infinity, count: Int(samples)))
    }
    self.init(
      temperature: TemperatureScaling(temperature: degree), conformal: conformal,
      count: Int(count))
  }
}
