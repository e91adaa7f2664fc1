import Foundation

/// One number that makes probabilities as sure as they have a right to be: they are raised to 1 ÷ T and
/// brought to a sum of 1 again (Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural
/// Networks, 2017). The likeliest class stays the likeliest.
package struct TemperatureScaling: Sendable, Equatable {
  /// Above 1 makes less sure, below 1 more.
  package let temperature: Double

  package static let none = TemperatureScaling(temperature: 1)

  package init(temperature: Double) {
    precondition(temperature > 0 && temperature.isFinite, "a temperature is above zero")
    self.temperature = temperature
  }

  /// The temperature with the least log-loss on samples that the model has not seen.
  ///
  /// - Parameters:
  ///   - probabilities: three a sample
  ///   - classes: 0, 1 or 2 for −1, 0 and 1
  package init(fitting probabilities: [Double], classes: [Int]) {
    guard !classes.isEmpty else {
      self = .none
      return
    }
    // The loss has one valley along the logarithm of the temperature; golden sections find its floor.
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(0.05), log(20.0))
    func loss(_ logarithm: Double) -> Double {
      let scaled = TemperatureScaling(temperature: exp(logarithm)).applied(to: probabilities)
      return ClassScores.logLoss(scaled, classes)
    }
    var (a, b) = (high - golden * (high - low), low + golden * (high - low))
    var (lossA, lossB) = (loss(a), loss(b))
    while high - low > 1e-6 {
      if lossA < lossB {
        (high, b, lossB) = (b, a, lossA)
        a = high - golden * (high - low)
        lossA = loss(a)
      } else {
        (low, a, lossA) = (a, b, lossB)
        b = low + golden * (high - low)
        lossB = loss(b)
      }
    }
    let best = (low + high) / 2
    // Where nothing is gained, as with a model that gives one and the same, nothing is changed.
    self = loss(best) < loss(0) - 1e-12 ? TemperatureScaling(temperature: exp(best)) : .none
  }

  package func applied(to probabilities: [Double]) -> [Double] {
    guard temperature != 1 else { return probabilities }
    var scaled = probabilities
    let power = 1 / temperature
    for row in stride(from: 0, to: probabilities.count, by: 3) {
      let most = max(probabilities[row], probabilities[row + 1], probabilities[row + 2])
      guard most > 0 else { continue }
      var sum = 0.0
      for c in row..<row + 3 {
        scaled[c] = pow(probabilities[c] / most, power)
        sum += scaled[c]
      }
      for c in row..<row + 3 { scaled[c] /= sum }
    }
    return scaled
  }
}
