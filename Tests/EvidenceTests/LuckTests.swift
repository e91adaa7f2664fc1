import Evidence
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing

/// What the ledger is for: nobody can fool himself by trying often.
@Suite("Luck is counted") struct LuckTests {

  /// Strategies that hold or sell at random, on prices that go nowhere: what they return is luck.
  private static func returns(strategy: Int, bars: Int, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed, purpose: "random strategy").split(strategy)
    return (0..<bars).map { _ in 0.01 * random.normal() }
  }

  private static func estimate(_ strategy: Int, bars: Int, seed: UInt64) throws -> SharpeEstimate {
    try #require(
      SharpeEstimate(returns: returns(strategy: strategy, bars: bars, seed: seed)))
  }

  @Test("random strategies over many runs are called significant in at most 5% of cases")
  func manyRuns() throws {
    let strategies = FuzzBudget.isNightly ? 10_000 : 1200
    let runs = FuzzBudget.isNightly ? 200 : 60
    let folder = try TemporaryFolder()
    let path = folder.path("trials")
    let data = try TrialLedgerTests.data()
    var (alarms, naive) = (0, 0)
    for run in 0..<runs {
      // Each run opens the ledger anew and knows nothing of those before but what is written.
      let ledger = TrialLedger(path: path)
      var history = try ledger.history()
      for index in 0..<strategies / runs {
        let strategy = run * (strategies / runs) + index
        let estimate = try Self.estimate(strategy, bars: 120, seed: 1)
        let trial = Trial(
          kind: .backtest, data: data, configuration: "random \(strategy)",
          sharpe: estimate.sharpe, bars: 120)
        _ = try ledger.record(trial, at: TrialLedgerTests.time)
        try ledger.read(into: &history)
        let verdict = history.deflation(of: estimate, on: data, barsPerYear: 252)
        alarms += verdict.isSignificant ? 1 : 0
        naive += estimate.chance(above: 0) > 0.95 ? 1 : 0
      }
    }
    #expect(try TrialLedger(path: path).history().count == strategies)
    // Nearly all of the alarms come while little was tried yet.
    #expect(alarms * 20 <= strategies, "\(alarms) of \(strategies)")
    #expect(alarms * 200 <= strategies, "\(alarms) of \(strategies)")
    // Without the ledger it would be these, so that this test can fail.
    #expect(naive * 33 > strategies, "\(naive) of \(strategies)")
  }

  @Test("the first strategy of a fresh ledger is called significant in 5% of cases, no more")
  func firstTrial() throws {
    let data = try TrialLedgerTests.data()
    let cases = FuzzBudget.isNightly ? 10_000 : 2000
    let alarms = try (0..<cases).count { strategy in
      let estimate = try Self.estimate(strategy, bars: 120, seed: 2)
      return TrialHistory().deflation(of: estimate, on: data, barsPerYear: 252).isSignificant
    }
    // Five in a hundred, and three deviations of the count beyond.
    let most = 0.05 * Double(cases) + 3 * (0.05 * 0.95 * Double(cases)).squareRoot()
    #expect(Double(alarms) <= most, "\(alarms) of \(cases)")
    #expect(Double(alarms) >= 0.03 * Double(cases), "\(alarms) of \(cases)")
  }

  @Test("the best of a sweep is called significant in at most 5% of sweeps, like settings or not")
  func sweeps() throws {
    for likeness in [0.0, 0.5, 0.9] {
      let sweeps = FuzzBudget.isNightly ? 400 : 40
      var (alarms, naive) = (0, 0)
      for sweep in 0..<sweeps {
        let common = Self.returns(strategy: 0, bars: 100, seed: UInt64(1000 + sweep))
        let columns = (1...50).map { setting in
          zip(common, Self.returns(strategy: setting, bars: 100, seed: UInt64(1000 + sweep)))
            .map { likeness.squareRoot() * $0 + (1 - likeness).squareRoot() * $1 }
        }
        let matrix = Matrix<Double>(rows: 100, columns: 50) { columns[$1][$0] }
        let estimates = columns.compactMap { SharpeEstimate(returns: $0) }
        let best = try #require(estimates.max { $0.sharpe < $1.sharpe })
        let sharpes = estimates.map(\.sharpe)
        let ratios = StreamingMoments(sharpes.span)
        let verdict = Deflation(
          best, trials: try EffectiveTrials.byLuck(returns: matrix, draws: 100, seed: 1),
          deviation: ratios.deviation(), barsPerYear: 252)
        alarms += verdict.isSignificant ? 1 : 0
        naive += best.chance(above: 0) > 0.95 ? 1 : 0
      }
      #expect(alarms * 20 <= sweeps, "\(alarms) of \(sweeps) at \(likeness)")
      // Settings that are nearly copies leave luck little room to choose.
      if likeness < 0.9 { #expect(naive * 5 > sweeps, "\(naive) of \(sweeps) at \(likeness)") }
    }
  }

  @Test("true skill is still found among a thousand trials")
  func skill() throws {
    let folder = try TemporaryFolder()
    let ledger = TrialLedger(path: folder.path("trials"))
    let data = try TrialLedgerTests.data()
    _ = try ledger.record(
      Trial(
        kind: .sweep, data: data, configuration: "grid", settings: 1000, effective: 1000,
        sharpe: 0.1, sharpeMean: 0, sharpeDeviation: 0.03, bars: 1000), at: TrialLedgerTests.time)
    let history = try ledger.history()
    let skilled = SharpeEstimate(sharpe: 0.2, skewness: 0, kurtosis: 3, count: 1000)
    let verdict = history.deflation(of: skilled, on: data, barsPerYear: 252)
    #expect(verdict.isSignificant && verdict.power > 0.5)
    let lucky = SharpeEstimate(sharpe: 0.1, skewness: 0, kurtosis: 3, count: 1000)
    #expect(!history.deflation(of: lucky, on: data, barsPerYear: 252).isSignificant)
  }
}
