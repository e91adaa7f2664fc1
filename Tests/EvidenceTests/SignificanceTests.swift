import Evidence
import Foundation
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Significance") struct SignificanceTests {
  static func normals(_ count: Int, seed: UInt64, mean: Double = 0) -> [Double] {
    var random = RandomStream(seed: seed, purpose: "test returns")
    return (0..<count).map { _ in mean + random.normal() }
  }

  static func matrix(
    bars: Int, columns: Int, seed: UInt64, mean: (Int) -> Double = { _ in 0 }
  ) -> Matrix<Double> {
    var random = RandomStream(seed: seed, purpose: "test matrix")
    return Matrix(rows: bars, columns: columns) { _, column in random.normal() + mean(column) }
  }

  @Test("the probabilistic Sharpe ratio, its error and the least track record are scipy's")
  func sharpe() throws {
    let golden = try #require(GoldenFile.read("significance.json")["sharpe"])
    let estimate = try #require(SharpeEstimate(returns: golden.numbers("returns")))
    #expect(isNear(estimate.sharpe, try golden.number("sharpe"), 1e-12))
    #expect(isNear(estimate.skewness, try golden.number("skewness"), 1e-12))
    #expect(isNear(estimate.kurtosis, try golden.number("kurtosis"), 1e-12))
    #expect(isNear(estimate.standardError, try golden.number("error"), 1e-12))
    #expect(isNear(estimate.chance(above: 0), try golden.number("chance_zero"), 1e-12))
    #expect(isNear(estimate.chance(above: 0.02), try golden.number("chance_some"), 1e-12))
    #expect(isNear(estimate.minimumCount(above: 0.02), try golden.number("minimum"), 1e-10))
    let maxima = try #require(golden["expected_maximum"]?.members)
    for member in maxima {
      let trials = try #require(Double(member.key))
      let value = try #require(member.value.double)
      #expect(isNear(Deflation.expectedMaximum(trials: trials), value, 1e-12))
    }
  }

  @Test("with as many bars as the least track record asks for, the chance is the confidence")
  func trackRecord() throws {
    let estimate = SharpeEstimate(sharpe: 0.1, skewness: -0.5, kurtosis: 6, count: 500)
    let least = try #require(estimate.minimumCount(above: 0.02))
    // The formula gives a number that need not be whole: the chance at both neighbours brackets it.
    func chance(_ count: Int) -> Double {
      SharpeEstimate(sharpe: 0.1, skewness: -0.5, kurtosis: 6, count: count).chance(above: 0.02)
    }
    #expect(chance(Int(least.rounded(.down))) <= 0.95 && chance(Int(least.rounded(.up))) >= 0.95)
    #expect(estimate.minimumCount(above: 0.1) == nil)
    #expect(SharpeEstimate(returns: [0.1, 0.1, 0.1]) == nil)
  }

  @Test("the power that is printed is how often a true ratio is found")
  func power() throws {
    let count = 120
    let truth = 0.25
    let normal = SharpeEstimate(sharpe: truth, skewness: 0, kurtosis: 3, count: count)
    let said = normal.power(ofTrue: truth, above: 0)
    let found = (0..<2000).count { seed in
      let estimate = SharpeEstimate(
        returns: Self.normals(count, seed: UInt64(seed), mean: truth))
      return (estimate?.chance(above: 0) ?? 0) > 0.95
    }
    #expect(abs(Double(found) / 2000 - said) < 0.04, "\(found) of 2000, said \(said)")
  }

  @Test("what the bootstrap can see follows from how many bars there are")
  func bootstrap() {
    func performance(_ seed: UInt64) -> Performance {
      var values = [1.0]
      for value in Self.normals(400, seed: seed) {
        values.append(values[values.count - 1] * (1 + 0.01 * value))
      }
      return Performance(values: values, barsPerYear: 252)
    }
    let bootstrap = Bootstrap(performance(1), against: performance(2), resamples: 800, seed: 3)
    // Without memory the ratio's error is √(N ÷ n) a year (Lo, 2002).
    let expected = 2.8 * (252.0 / 400).squareRoot()
    #expect(abs(bootstrap.detectableSharpe / expected - 1) < 0.15, "\(bootstrap)")
    let again = Bootstrap(performance(1), against: performance(2), resamples: 800, seed: 3)
    #expect(again.sharpe == bootstrap.sharpe && again.maxDrawdown == bootstrap.maxDrawdown)
  }

  @Test("the mean of the greatest of many is what chance makes it", arguments: [2, 10, 100])
  func expectedMaximum(trials: Int) {
    var random = RandomStream(seed: 5, purpose: "maxima")
    let mean =
      (0..<20_000).reduce(0.0) { sum, _ in
        sum + (0..<trials).reduce(-.infinity) { greatest, _ in max(greatest, random.normal()) }
      } / 20_000
    // The approximation is asymptotic: 8% off at two, 1% at a hundred.
    #expect(abs(Deflation.expectedMaximum(trials: Double(trials)) - mean) < 0.06)
    #expect(Deflation.expectedMaximum(trials: 1) == 0)
  }

  @Test("copies are one trial, unrelated trials are as many as they are, like ones lie between")
  func effectiveTrials() throws {
    let unrelated = Self.matrix(bars: 400, columns: 40, seed: 3)
    let many = try EffectiveTrials.byLuck(returns: unrelated, seed: 1)
    #expect(many > 25 && many <= 40, "\(many)")
    let copies = Matrix<Double>(rows: 400, columns: 40) { row, _ in unrelated[row, 0] }
    let one = try EffectiveTrials.byLuck(returns: copies, seed: 1)
    #expect(one < 1.7, "\(one)")
    // Correlations of a half: clusters would say 1. The best of 40 is √½ × 2.16 lucky.
    let alike = Matrix<Double>(rows: 400, columns: 40) { row, column in
      unrelated[row, 0] + unrelated[row, column]
    }
    let between = try EffectiveTrials.byLuck(returns: alike, seed: 1)
    #expect(between > 6 && between < 25, "\(between)")
    #expect(EffectiveTrials.byMeanCorrelation(0.5, trials: 40) == 20.5)
    let frozen = Matrix<Double>(rows: 400, columns: 3) { _, _ in 0 }
    #expect(try EffectiveTrials.byLuck(returns: frozen, seed: 1) < 1.01)
  }

  @Test("Diebold and Mariano's statistics are statsmodels', corrected", arguments: [0, 1])
  func dieboldMariano(index: Int) throws {
    let golden = try #require(GoldenFile.read("significance.json")["diebold_mariano"])
    let known = try #require(golden["cases"]?.elements)[index]
    let (first, second) = (try golden.numbers("first"), try golden.numbers("second"))
    let horizon = Int(try known.number("horizon"))
    let bartlett = try DieboldMariano(
      losses: first, against: second, horizon: horizon, variance: .bartlett)
    #expect(isNear(bartlett.statistic, try known.number("bartlett")))
    #expect(isNear(bartlett.chance, try known.number("bartlett_p")))
    let full = try DieboldMariano(losses: first, against: second, horizon: horizon)
    #expect(isNear(full.statistic, try known.number("rectangular")))
    #expect(isNear(full.chance, try known.number("rectangular_p")))
    #expect(full.detectable > 2 * full.standardError && full.detectable < 3 * full.standardError)
    let turned = try DieboldMariano(losses: second, against: first, horizon: horizon)
    #expect(turned.statistic == -full.statistic && turned.chance == full.chance)
  }

  @Test("of forecasts that are equally good, Diebold and Mariano call five in a hundred different")
  func dieboldMarianoSize() throws {
    let alarms = try (0..<1000).count { seed in
      let noise = Self.normals(122, seed: UInt64(seed))
      // Losses of two-step forecasts follow on each other by one step.
      let losses = (0..<120).map { noise[$0] + 0.8 * noise[$0 + 1] }
      return try DieboldMariano(
        losses: losses, against: [Double](repeating: 0, count: 120), horizon: 2
      ).chance < 0.05
    }
    #expect(alarms > 25 && alarms < 85, "\(alarms) of 1000")
  }

  @Test("Hansen's and White's p-values are arch's, up to the luck of the draws", arguments: 0..<3)
  func bestOfMany(index: Int) throws {
    let golden = try #require(GoldenFile.read("significance.json")["spa"]?.elements)[index]
    let test = try BestOfMany(
      differences: golden.matrix("differences"), resamples: 2000, meanBlock: 8, seed: 7)
    #expect(isNear(test.lower, try golden.number("lower"), 0.04), "\(test)")
    #expect(isNear(test.consistent, try golden.number("consistent"), 0.04), "\(test)")
    #expect(isNear(test.upper, try golden.number("upper"), 0.04), "\(test)")
    #expect(isNear(test.realityCheck, try golden.number("reality_check"), 0.04), "\(test)")
    if index > 0 { #expect(test.best == 5) }
  }

  @Test("the best of twenty that are worth nothing is called better in five of a hundred cases")
  func bestOfManySize() throws {
    let alarms = try (0..<200).count { seed in
      let noise = Self.matrix(bars: 80, columns: 20, seed: UInt64(seed))
      return try BestOfMany(differences: noise, resamples: 200, meanBlock: 1, seed: 1).consistent
        < 0.05
    }
    #expect(alarms < 22, "\(alarms) of 200")
  }

  @Test("overfitting is certain where luck chose, and absent where one setting is truly best")
  func overfitting() throws {
    let luck = try Overfitting(returns: Self.matrix(bars: 480, columns: 30, seed: 4), blocks: 12)
    #expect(luck.splits == 924 && luck.probability > 0.25 && luck.probability < 0.8)
    #expect(abs(luck.probability - 0.5) < 2 * luck.uncertainty + 0.1)
    let skill = try Overfitting(
      returns: Self.matrix(bars: 480, columns: 30, seed: 4) { $0 == 7 ? 0.5 : 0 }, blocks: 12)
    #expect(skill.probability < 0.01 && skill.lossProbability < 0.01)
    // Whoever is best in one half is worst in the other: what is chosen always fails.
    let mirrored = Matrix<Double>(rows: 40, columns: 2) { row, column in
      let half = row < 20 ? 1.0 : -1.0
      return (column == 0 ? half : -half) + 0.01 * Double(row % 7)
    }
    #expect(try Overfitting(returns: mirrored, blocks: 2).probability == 1)
  }

  @Test("overfitting's figures are those of a slow hand that goes through the splits itself")
  func overfittingByHand() throws {
    let returns = Self.matrix(bars: 24, columns: 5, seed: 9)
    func sharpe(_ column: Int, _ blocks: [Int]) -> Double {
      let values = blocks.flatMap { block in (0..<6).map { returns[block * 6 + $0, column] } }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return mean / (squares / Double(values.count - 1)).squareRoot()
    }
    var lost = 0
    for first in 0..<4 {
      for second in first + 1..<4 {
        let inside = [first, second]
        let outside = (0..<4).filter { !inside.contains($0) }
        let best = (0..<5).max { sharpe($0, inside) < sharpe($1, inside) } ?? 0
        let rank = 1 + (0..<5).count { sharpe($0, outside) < sharpe(best, outside) }
        if Double(rank) / 6 <= 0.5 { lost += 1 }
      }
    }
    let test = try Overfitting(returns: returns, blocks: 4)
    #expect(test.splits == 6 && test.probability == Double(lost) / 6)
  }

  @Test("what no test can be made of is refused with the reason")
  func refusals() {
    let nothing = Matrix<Double>(rows: 100, columns: 3) { _, _ in .nan }
    #expect(throws: EvidenceError.self) { try Overfitting(returns: nothing) }
    #expect(throws: EvidenceError.self) { try BestOfMany(differences: nothing, seed: 1) }
    #expect(throws: EvidenceError.self) { try EffectiveTrials.byLuck(returns: nothing, seed: 1) }
    let fine = Self.matrix(bars: 100, columns: 3, seed: 1)
    #expect(throws: EvidenceError.self) { try Overfitting(returns: fine, blocks: 7) }
    #expect(throws: EvidenceError.self) { try Overfitting(returns: fine, blocks: 64) }
    #expect(throws: EvidenceError.self) { try DieboldMariano(losses: [1, 2], against: [1, 2]) }
    #expect(throws: EvidenceError.self) {
      try DieboldMariano(losses: [1, 2, 3, 4, 5], against: [0, 1, 2, 3, 4])
    }
    #expect(throws: EvidenceError.self) {
      try DieboldMariano(losses: [1, 2, 3, .nan, 5], against: [0, 1, 2, 3, 4])
    }
  }
}
