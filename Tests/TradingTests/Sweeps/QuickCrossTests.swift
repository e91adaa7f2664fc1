import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Crosses in parts of shares") struct QuickCrossTests {
  /// Bar by bar, by nothing but the words of the rule; prices in whole cents, so that ties are ties.
  private func slowly(
    _ closes: [Double], fast: Int, slow: Int, fee: Double
  ) -> QuickCross.Growth {
    var (cash, shares, trades) = (1.0, 0.0, 0)
    for row in closes.indices where row >= slow - 1 {
      let short = closes[(row - fast + 1)...row].reduce(0, +) * Double(slow)
      let long = closes[(row - slow + 1)...row].reduce(0, +) * Double(fast)
      if short > long, shares == 0 {
        (shares, cash, trades) = (cash / (closes[row] * (1 + fee)), 0, trades + 1)
      } else if short <= long, shares > 0 {
        (cash, shares) = (shares * closes[row] * (1 - fee), 0)
      }
    }
    return QuickCross.Growth(
      value: cash + shares * (closes.last ?? 0), trades: trades)
  }

  private func cents(_ count: Int, seed: UInt64, step: Double) -> [Double] {
    HandFrames.walkRows(bars: count, seed: seed).map { ($0.close * step).rounded() }
  }

  @Test("every pair's growth is that of a plain loop, at every length of the last few rows")
  func sameAsLoop() {
    for count in [0, 1, 5, 39, 40, 41, 47, 48, 49, 300] {
      // Few steps of price, so that averages often tie.
      let closes = cents(count, seed: UInt64(count), step: count % 2 == 0 ? 0.2 : 100)
      let cross = QuickCross(closes: closes, fee: 0.001)
      let pairs = (1...12).flatMap { fast in [13, 16, 40].map { (fast: fast, slow: $0) } }
      for (pair, growth) in zip(pairs, cross.growth(of: pairs, on: Pool(threads: 3))) {
        let truth = slowly(closes, fast: pair.fast, slow: pair.slow, fee: 0.001)
        #expect(growth.trades == truth.trades)
        #expect(abs(growth.value - truth.value) < 1e-12 * truth.value, "\(pair), \(count)")
      }
    }
  }

  @Test("it ranks as exact money does, which buys at the next open and whole shares")
  func ranks() throws {
    let frame = try HandFrames.frame(closes: cents(1500, seed: 8, step: 100))
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: 100_000_000 * Cash.stepsPerUnit)
    (settings.halfSpreadBasisPoints, settings.cashReserve) = (0, 0)
    settings.commissionBasisPoints = 10
    settings.fillsAtDecidingClose = true
    // Volume enough for all of it.
    let plenty = frame.adding(Column(repeating: 1e12, count: frame.count), as: "volume")
    let market = try VectorMarket(plenty, settings)
    let cross = QuickCross(closes: Array(try #require(frame["close"])), fee: 0.001)
    for (fast, slow) in [(2, 9), (5, 20), (10, 50), (7, 100)] {
      let exact = try #require(try market.run(SMACross(fast: fast, slow: slow)))
      let value = Double(try #require(exact.equity.last)) / 1e8
      #expect(abs(cross.growth(fast: fast, slow: slow).value / value - 1) < 2e-4)
    }
  }
}
