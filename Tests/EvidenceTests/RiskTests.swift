import Evidence
import Foundation
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Risk of a book") struct RiskTests {
  @Test("Kupiec's and Christoffersen's statistics are those of scipy's likelihoods")
  func coverage() throws {
    let golden = try #require(GoldenFile.read("significance.json")["coverage"])
    let hits = try golden.numbers("hits").map { $0 == 1 }
    let coverage = try RiskCoverage(hits: hits, rate: golden.number("rate"))
    #expect(isNear(coverage.unconditional.statistic, try golden.number("kupiec")))
    #expect(isNear(coverage.unconditional.chance, try golden.number("kupiec_p")))
    #expect(isNear(coverage.independence?.statistic, try golden.number("independence")))
    #expect(isNear(coverage.independence?.chance, try golden.number("independence_p")))
    #expect(isNear(coverage.conditional?.statistic, try golden.number("conditional")))
    #expect(isNear(coverage.conditional?.chance, try golden.number("conditional_p")))
  }

  @Test("the power of the count is how often twice as many hits are found")
  func power() throws {
    let said = try RiskCoverage(hits: [Bool](repeating: false, count: 250), rate: 0.05).power
    var random = RandomStream(seed: 3, purpose: "hits")
    let found = try (0..<1000).count { _ in
      let hits = (0..<250).map { _ in random.uniform() < 0.1 }
      return try RiskCoverage(hits: hits, rate: 0.05).unconditional.chance < 0.05
    }
    #expect(abs(Double(found) / 1000 - said) < 0.05, "\(found) of 1000, said \(said)")
  }

  @Test("no hit, only hits, and one hit have their statistics too, or say that there is none")
  func edges() throws {
    let none = try RiskCoverage(hits: [Bool](repeating: false, count: 100), rate: 0.05)
    #expect(isNear(none.unconditional.statistic, -200 * log(0.95), 1e-12))
    #expect(none.independence == nil && none.conditional == nil)
    let all = try RiskCoverage(hits: [Bool](repeating: true, count: 10), rate: 0.5)
    #expect(isNear(all.unconditional.statistic, 20 * log(2), 1e-12))
    // Hits that come in one block are found by the second test and not by the first.
    let block = (0..<400).map { $0 >= 200 && $0 < 220 }
    let clustered = try RiskCoverage(hits: block, rate: 0.05)
    #expect(clustered.unconditional.chance > 0.99)
    #expect(try #require(clustered.independence).chance < 1e-6)
    #expect(throws: RiskError.self) { try RiskCoverage(hits: block, rate: 0) }
    #expect(throws: RiskError.self) { try RiskCoverage(hits: [true], rate: 0.1) }
  }

  @Test("value at risk as it was and of a normal distribution are numpy's and scipy's")
  func valueAtRisk() throws {
    let golden = try #require(GoldenFile.read("significance.json")["value_at_risk"])
    let returns = try golden.matrix("returns")
    let weights = try golden.numbers("weights")
    let book = (0..<returns.rows).map { row in
      weights.indices.reduce(0) { $0 + weights[$1] * returns[row, $1] }
    }
    let past = try TailRisk.historical(returns: book)
    #expect(isNear(past.valueAtRisk, try golden.number("historical_var"), 1e-12))
    #expect(isNear(past.expectedShortfall, try golden.number("historical_cvar"), 1e-12))
    let (means, covariance) = moments(returns)
    let normal = try TailRisk.parametric(weights: weights, means: means, covariance: covariance)
    #expect(isNear(normal.valueAtRisk, try golden.number("parametric_var"), 1e-12))
    #expect(isNear(normal.expectedShortfall, try golden.number("parametric_cvar"), 1e-12))
    // What is drawn from a normal distribution has its tail, up to the luck of 200,000 draws.
    let drawn = try MonteCarlo(means: means, covariance: covariance)
      .tailRisk(weights: weights, scenarios: 200_000, seed: 1)
    #expect(isNear(drawn.valueAtRisk / normal.valueAtRisk, 1, 0.015), "\(drawn)")
    #expect(isNear(drawn.expectedShortfall / normal.expectedShortfall, 1, 0.015), "\(drawn)")
  }

  @Test("scenarios repeat themselves for a seed, on any number of threads and of any length")
  func determinism() throws {
    let covariance = Matrix<Double>(rows: 3, columns: 3) { $0 == $1 ? 2e-4 : 1e-4 }
    let drawing = try MonteCarlo(means: [0, 0, 0], covariance: covariance)
    let weights = [0.4, 0.3, 0.3]
    let many = try drawing.portfolioReturns(weights: weights, scenarios: 2000, seed: 5)
    let alone = Pool(threads: 1)
    let few = try drawing.portfolioReturns(weights: weights, scenarios: 700, seed: 5, on: alone)
    #expect(Array(many[..<700]) == few)
    let others = try drawing.portfolioReturns(weights: weights, scenarios: 700, seed: 6)
    #expect(few != others)
    #expect(throws: RiskError.self) {
      try MonteCarlo(means: [0, 0], covariance: Matrix(rows: 2, columns: 2) { _, _ in -1 })
    }
    #expect(throws: RiskError.self) {
      try drawing.tailRisk(weights: [1], seed: 1)
    }
  }

  @Test("a crisis moves each asset by its beta, or as it did itself, and takes no more than all")
  func stress() throws {
    #expect(StressScenario.financialCrisis.market < -0.567)
    #expect(
      StressScenario.all.map(\.peak.description) == ["2007-10-09", "2020-02-19", "2022-01-03"])
    #expect(
      StressScenario.all.map(\.trough.description) == ["2009-03-09", "2020-03-23", "2022-10-12"])
    // SPY's closes as traded on those days, from its file in the shared data with the dividends put back: a
    // fund and its index differ by the fund's charges, and by the minutes between their closes.
    let traded = [(156.48, 68.11), (338.34, 222.95), (477.71, 356.56)]
    for (scenario, spy) in zip(StressScenario.all, traded) {
      #expect(abs(scenario.market - (spy.1 / spy.0 - 1)) < 0.0035, "\(scenario.name)")
    }
    let flood = StressScenario.pandemic
    let loss = try Stress.loss(weights: [0.5, -0.25], betas: [1, 2], scenario: flood)
    #expect(isNear(loss, 0.5 * flood.market - 0.5 * flood.market, 1e-15))
    let own = try Stress.loss(
      weights: [0.5, 0.5], betas: [1, 1], scenario: flood, ownMoves: [nil, 0.1])
    #expect(isNear(own, 0.5 * flood.market + 0.05, 1e-15))
    let wiped = try Stress.loss(weights: [1], betas: [5], scenario: flood)
    #expect(wiped == -1)
    #expect(throws: RiskError.self) {
      try Stress.loss(weights: [1], betas: [1, 2], scenario: flood)
    }
  }

  @Test("a book replayed through bars drifts as shares do")
  func replay() throws {
    let bars = Matrix<Double>(rows: 2, columns: 2, [0.5, -0.5, 1, .nan])
    // 0.5 → 0.75 → 1.5 and 0.25 → 0.125 → 0.125, with 0.25 in cash.
    #expect(try Stress.replay(weights: [0.5, 0.25], returns: bars) == [0.125, 0.875])
  }

  @Test("broken correlations make a book riskier, most so where they turn against it")
  func breakdown() throws {
    let covariance = Matrix<Double>(rows: 2, columns: 2, [4e-4, 1e-4, 1e-4, 1e-4])
    let hedged = [1.0, -1.0]
    func deviation(_ matrix: Matrix<Double>, _ weights: [Double]) throws -> Double {
      let risk = try TailRisk.parametric(weights: weights, means: [0, 0], covariance: matrix)
      return -risk.valueAtRisk / 1.6448536269514722
    }
    let together = try Stress.covariance(covariance, breakdown: .together, share: 1)
    #expect(isNear(try deviation(together, [1, 1]), 0.03, 1e-12))
    #expect(isNear(try deviation(together, hedged), 0.01, 1e-12))
    let against = try Stress.covariance(
      covariance, breakdown: .against(weights: hedged), share: 1)
    #expect(isNear(try deviation(against, hedged), 0.03, 1e-12))
    #expect(try Stress.covariance(covariance, breakdown: .together, share: 0) == covariance)
    // Half of the way is still a covariance.
    let half = try Stress.covariance(
      covariance, breakdown: .against(weights: hedged), share: 0.5)
    _ = try Cholesky(half)
  }

  private func moments(_ returns: Matrix<Double>) -> ([Double], Matrix<Double>) {
    let n = Double(returns.rows)
    let means = (0..<returns.columns).map { column in
      (0..<returns.rows).reduce(0) { $0 + returns[$1, column] } / n
    }
    let covariance = Matrix<Double>(rows: returns.columns, columns: returns.columns) { a, b in
      (0..<returns.rows).reduce(0) {
        $0 + (returns[$1, a] - means[a]) * (returns[$1, b] - means[b])
      } / (n - 1)
    }
    return (means, covariance)
  }
}
