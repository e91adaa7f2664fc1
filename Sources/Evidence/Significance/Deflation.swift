import Foundation
import Numerics

/// What the best of many trials would reach by luck, and what is left of a Sharpe ratio beyond it.
///
/// Bailey and López de Prado, The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest
/// Overfitting and Non-Normality (2014), equations 1 and 2.
public struct Deflation: Hashable, Sendable {
  /// The mean of the greatest of so many ratios that are 0 but for luck, of one bar.
  public let threshold: Double
  /// Independent trials: at least 1, whole or not.
  public let trials: Double
  /// The deviation of the trials' Sharpe ratios, of one bar.
  public let deviation: Double
  /// The probabilistic Sharpe ratio above the threshold: the deflated Sharpe ratio.
  public let chance: Double
  /// The least bars with which this ratio would pass at 95%, `nil` where it never does.
  public let minimumCount: Double?
  /// How likely a true Sharpe ratio of 1 a year would pass with so many bars, after so many trials.
  public let power: Double

  /// - Parameters:
  ///   - trials: independent ones, this one included
  ///   - deviation: of their Sharpe ratios of one bar; at least what luck alone gives is taken, 1 ÷ √n
  public init(
    _ estimate: SharpeEstimate, trials: Double, deviation: Double, barsPerYear: Double
  ) {
    precondition(trials >= 1, "this one is a trial")
    self.trials = trials
    // Fewer trials than it takes to know their spread, or near copies of each other: the spread of
    // estimates of a ratio of 0 is then the least that it can be (Lo, 2002).
    self.deviation = max(deviation, 1 / Double(estimate.count - 1).squareRoot())
    threshold = Self.expectedMaximum(trials: trials) * self.deviation
    chance = estimate.chance(above: threshold)
    minimumCount = estimate.minimumCount(above: threshold)
    power = estimate.power(ofTrue: 1 / barsPerYear.squareRoot(), above: threshold)
  }

  init(
    threshold: Double, trials: Double, deviation: Double, chance: Double, minimumCount: Double?,
    power: Double
  ) {
    self.threshold = threshold
    self.trials = trials
    self.deviation = deviation
    self.chance = chance
    self.minimumCount = minimumCount
    self.power = power
  }

  public var isSignificant: Bool { chance > 0.95 }

  /// The mean of the greatest of independent standard normal numbers, by the approximation of the
  /// paper: (1 − γ) Φ⁻¹(1 − 1/K) + γ Φ⁻¹(1 − 1/(K e)), γ Euler's constant. 0 of one.
  public static func expectedMaximum(trials: Double) -> Double {
    guard trials > 1 else { return 0 }
    let euler = 0.577_215_664_901_532_9
    func quantile(_ chance: Double) -> Double {
      // The chance lies above 0 and below 1.
      do { return try NormalDistribution.standard.quantile(upper: chance) } catch { return .nan }
    }
    // Below two trials the approximation falls under 0; the mean of the greater of two is 1/√π.
    let value = (1 - euler) * quantile(1 / trials) + euler * quantile(1 / (trials * M_E))
    return max(0, value)
  }
}
