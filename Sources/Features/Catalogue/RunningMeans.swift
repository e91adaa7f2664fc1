import Foundation
import Market

/// The exponential moving average of the close.
public struct ExponentialAverage: RecursiveFeature {
  public let about: FeatureDescription
  let period: Int

  public init(period: Int) {
    self.period = period
    about = FeatureDescription(
      name: "ema_\(period)", formula: "ema", lookBack: period - 1, family: .trend, unit: .price,
      documentation:
        "Exponential average of the close with weight 2/(n+1), begun as the mean of the first n.")
  }

  public func stream() -> Stream { Stream(mean: RunningMean(exponential: period)) }

  public struct Stream: FeatureStream {
    var mean: RunningMean
    public mutating func update(_ bar: BarValues) -> Double { mean.update(bar.close).orMissing }
  }
}

/// Wilder's relative strength index (New Concepts in Technical Trading Systems, 1978).
public struct RelativeStrength: RecursiveFeature {
  public let about: FeatureDescription
  let period: Int

  public init(period: Int) {
    self.period = period
    about = FeatureDescription(
      name: "rsi_\(period)", formula: "rsi", lookBack: period, family: .momentum, unit: .index,
      documentation:
        "Wilder's relative strength index: 100 × mean gain / (mean gain + mean loss); 0 where the "
        + "price stood still.")
  }

  public func stream() -> Stream { Stream(period: period) }

  public struct Stream: FeatureStream {
    private var gains, losses: RunningMean
    private var previous = Double.nan

    init(period: Int) {
      gains = RunningMean(wilder: period)
      losses = RunningMean(wilder: period)
    }

    public mutating func update(_ bar: BarValues) -> Double {
      let change = bar.close - previous
      previous = bar.close
      // `max` would turn a missing change into zero.
      let gain = gains.update(change.isFinite ? max(change, 0) : .nan)
      let loss = losses.update(change.isFinite ? max(-change, 0) : .nan)
      return (gain + loss == 0 ? 0 : 100 * gain / (gain + loss)).orMissing
    }
  }
}

/// Wilder's average true range.
public struct AverageTrueRange: RecursiveFeature {
  public let about: FeatureDescription
  let period: Int

  public init(period: Int) {
    self.period = period
    about = FeatureDescription(
      name: "atr_\(period)", formula: "atr", lookBack: period, family: .volatility, unit: .price,
      documentation:
        "Wilder's average of the true range: the bar's range, widened to the previous close.")
  }

  public func stream() -> Stream { Stream(mean: RunningMean(wilder: period)) }

  public struct Stream: FeatureStream {
    var mean: RunningMean
    private var previous = Double.nan

    init(mean: RunningMean) { self.mean = mean }

    public mutating func update(_ bar: BarValues) -> Double {
      let isWhole =
        previous.isFinite && bar.high.isFinite && bar.low.isFinite && bar.close.isFinite
      let range = max(bar.high, previous) - min(bar.low, previous)
      previous = bar.close
      return mean.update(isWhole ? range : .nan).orMissing
    }
  }
}
