import Foundation
import Learning
import TestKit
import Testing

@Suite("Calibration")
struct CalibrationTests {
  /// Probabilities that are honest at a temperature of 1, and classes drawn from them.
  private func drawn(_ count: Int, seed: UInt64) -> (probabilities: [Double], classes: [Int]) {
    var chance = SeededGenerator(seed: seed)
    var (probabilities, classes): ([Double], [Int]) = ([], [])
    for _ in 0..<count {
      let raw = (0..<3).map { _ in exp(Double.random(in: -2...2, using: &chance)) }
      let sum = raw.reduce(0, +)
      let three = raw.map { $0 / sum }
      let u = Double.random(in: 0..<1, using: &chance)
      probabilities += three
      classes.append(u < three[0] ? 0 : u < three[0] + three[1] ? 1 : 2)
    }
    return (probabilities, classes)
  }

  @Test(
    "a temperature that was put on is found and taken off", arguments: [0.4, 0.7, 1.0, 1.8, 3.0])
  func temperature(sure: Double) {
    let (honest, classes) = drawn(6_000, seed: 7)
    // Raised to a power, as an overconfident model gives them.
    let bent = TemperatureScaling(temperature: 1 / sure).applied(to: honest)
    let found = TemperatureScaling(fitting: bent, classes: classes)
    #expect(abs(found.temperature / sure - 1) < 0.12, "\(found.temperature)")
    let mended = found.applied(to: bent)
    #expect(ClassScores.logLoss(mended, classes) <= ClassScores.logLoss(bent, classes) + 1e-12)
    for row in stride(from: 0, to: mended.count, by: 3) {
      #expect(abs(mended[row] + mended[row + 1] + mended[row + 2] - 1) < 1e-9)
      let three = (0..<3)
      #expect(
        three.max { mended[row + $0] < mended[row + $1] }
          == three.max { bent[row + $0] < bent[row + $1] })
    }
  }

  @Test("what is certain, or always the same, is left as it is")
  func edges() {
    let sure = TemperatureScaling(fitting: [1, 0, 0, 0, 1, 0], classes: [0, 1])
    #expect(sure.applied(to: [1, 0, 0]) == [1, 0, 0])
    #expect(TemperatureScaling(fitting: [], classes: []) == .none)
    let even = [Double](repeating: 1.0 / 3, count: 300)
    #expect(TemperatureScaling(fitting: even, classes: Array(repeating: 1, count: 100)) == .none)
  }

  @Test(
    "split conformal covers what it promises, and says when it cannot", arguments: [0.5, 0.75, 0.9])
  func coverage(promised: Double) {
    let (known, classes) = drawn(2_000, seed: 11)
    let conformal = SplitConformal(
      coverage: promised,
      scores: SplitConformal.scores(probabilities: known, classes: classes))
    let (later, came) = drawn(5_000, seed: 12)
    let inside = came.indices.count { conformal.set(later[3 * $0..<3 * $0 + 3])[came[$0]] }
    let found = Double(inside) / 5_000
    // Four deviations of the count of a binomial, and those of the calibration's quantile.
    let spread = 4 * (promised * (1 - promised) * (1 / 5_000.0 + 1 / 2_000.0)).squareRoot()
    #expect(abs(found - promised) < spread, "\(found)")
    #expect(SplitConformal(coverage: 0.9, scores: [0.1, 0.2, 0.3]).radius == .infinity)
    #expect(SplitConformal(coverage: 0.5, scores: [0.3, 0.1, 0.2]).radius == 0.2)
  }

  @Test("what is saved with a model is read back, the infinite radius too")
  func roundTrip() throws {
    let calibration = Calibration(
      temperature: TemperatureScaling(temperature: 1.25),
      conformal: [
        SplitConformal(coverage: 0.75, radius: 0.5, count: 40),
        SplitConformal(coverage: 0.9, radius: .infinity, count: 40),
      ], count: 80)
    #expect(Calibration(calibration.json) == calibration)
  }
}
