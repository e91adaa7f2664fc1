import Foundation
import Market

/// The features Martinet ships.
public enum Catalogue {
  /// The first set: eleven features of eleven formulas.
  public static let starter: [any Feature] = [
    simpleReturn(bars: 1), simpleReturn(bars: 5), logReturn, rateOfChange(bars: 10),
    simpleAverage(period: 20), ExponentialAverage(period: 20), RelativeStrength(period: 14),
    AverageTrueRange(period: 14), bollingerWidth(period: 20), volatility(period: 20),
    volumeScore(period: 20),
  ]

  public static func simpleReturn(bars: Int) -> WindowFeature {
    ofClose(
      "return_\(bars)", "return", lookBack: bars, .momentum, .ratio,
      "Change of the close over \(bars) bars, as a ratio."
    ) { $0.last / $0.first - 1 }
  }

  public static let logReturn = ofClose(
    "log_return", "log_return", lookBack: 1, .momentum, .ratio,
    "Logarithm of the close over the previous close."
  ) { log($0.last / $0.first) }

  public static func rateOfChange(bars: Int) -> WindowFeature {
    ofClose(
      "roc_\(bars)", "roc", lookBack: bars, .momentum, .percent,
      "Change of the close over \(bars) bars, in percent."
    ) { ($0.last / $0.first - 1) * 100 }
  }

  public static func simpleAverage(period: Int) -> WindowFeature {
    ofClose(
      "sma_\(period)", "sma", lookBack: period - 1, .trend, .price,
      "Mean of the last \(period) closes."
    ) { $0.mean }
  }

  public static func bollingerWidth(period: Int) -> WindowFeature {
    ofClose(
      "bollinger_width_\(period)", "bollinger_width", lookBack: period - 1, .volatility, .ratio,
      "Width of the band of two standard deviations (of the population) to either side of the mean "
        + "of \(period) closes, over that mean."
    ) { 4 * ($0.squaredDeviations / Double($0.count)).squareRoot() / $0.mean }
  }

  public static func volatility(period: Int) -> WindowFeature {
    ofClose(
      "volatility_\(period)", "volatility", lookBack: period, .volatility, .ratio,
      "Standard deviation of the last \(period) log returns (of the sample), a bar, not annualised."
    ) { closes in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: closes.count - 1) { returns in
        for row in 1..<closes.count {
          returns.initializeElement(at: row - 1, to: log(closes[row] / closes[row - 1]))
        }
        let values = UnsafeBufferPointer(returns)
        return (values.squaredDeviations / Double(values.count - 1)).squareRoot()
      }
    }
  }

  public static func volumeScore(period: Int) -> WindowFeature {
    WindowFeature(
      about: FeatureDescription(
        name: "volume_zscore_\(period)", formula: "volume_zscore", lookBack: period - 1,
        family: .volume, unit: .standardDeviations,
        documentation:
          "How many standard deviations (of the sample) the volume is above its mean over the last "
          + "\(period) bars; missing where the volume never changed."),
      input: \.volume, source: \.volume
    ) { ($0.last - $0.mean) / ($0.squaredDeviations / Double($0.count - 1)).squareRoot() }
  }

  private static func ofClose(
    _ name: String, _ formula: String, lookBack: Int, _ family: FeatureDescription.Family,
    _ unit: FeatureDescription.Unit, _ documentation: String,
    value: @escaping @Sendable (UnsafeBufferPointer<Double>) -> Double
  ) -> WindowFeature {
    WindowFeature(
      about: FeatureDescription(
        name: name, formula: formula, lookBack: lookBack, family: family, unit: unit,
        documentation: documentation),
      input: \.close, source: \.close, value: value)
  }
}

extension UnsafeBufferPointer<Double> {
  fileprivate var first: Double { self[0] }
  fileprivate var last: Double { self[count - 1] }

  /// Summed from the oldest to the newest, so that batch and stream round alike.
  fileprivate var mean: Double {
    var sum = 0.0
    for value in self { sum += value }
    return sum / Double(count)
  }

  /// The sum of squared distances from the mean.
  fileprivate var squaredDeviations: Double {
    let mean = mean
    var sum = 0.0
    for value in self { sum += (value - mean) * (value - mean) }
    return sum
  }
}
