/// Buys what has fallen far below its mean and is weak, and sells once it is back at the mean.
///
/// Far is `width` standard deviations of the last closes (Bollinger's lower band); weak is a relative
/// strength below `rsi_below`, the gains of the last bars over gains and losses, with plain means as
/// Cutler has it, so that it depends on nothing before its window.
public struct MeanReversion: LongFlatStrategy {
  public static let id = "mean_reversion"
  public static let summary =
    "Buys below the lower Bollinger band where the RSI is low, sells at the mean"
  public static let parameters: [StrategyParameter] = [
    .bars("bars", 20, in: 2...10_000, "Length of the mean"),
    .number("width", 2, in: 0...10, "Standard deviations from the mean to the band"),
    .bars("rsi_bars", 14, "Length of the relative strength"),
    .number("rsi_below", 40, in: 0...100, "Buys only below this strength; 100 always does"),
  ]

  public let bars, rsiBars: Int
  public let width, rsiBelow: Double
  public var holds: [Bool?] = []

  public init(bars: Int, width: Double, rsiBars: Int, rsiBelow: Double) {
    self.bars = bars
    self.width = width
    self.rsiBars = rsiBars
    self.rsiBelow = rsiBelow
  }

  public init(_ values: StrategyValues) {
    self.init(
      bars: values[whole: "bars"], width: values["width"], rsiBars: values[whole: "rsi_bars"],
      rsiBelow: values["rsi_below"])
  }

  public var name: String { "mean_reversion \(bars)/\(width) rsi \(rsiBars)/\(rsiBelow)" }
  public var warmUp: Int { max(bars, rsiBars + 1) }

  public func wants(_ view: BarView, holds: Bool) -> Bool {
    let closes = UnsafeBufferPointer(rebasing: view.close.suffix(bars))
    let mean = WindowSum.of(closes) / Double(bars)
    let last = closes[bars - 1]
    if holds { return last < mean }
    var squares = 0.0
    for close in closes { squares += (close - mean) * (close - mean) }
    let band = mean - width * (squares / Double(bars)).squareRoot()
    return last < band && strength(view.close) < rsiBelow
  }

  /// 0 where nothing rose, 100 where nothing fell, 50 where nothing moved.
  private func strength(_ closes: UnsafeBufferPointer<Double>) -> Double {
    var (gains, losses) = (0.0, 0.0)
    for row in closes.count - rsiBars..<closes.count {
      let change = closes[row] - closes[row - 1]
      if change > 0 { gains += change } else { losses -= change }
    }
    return gains + losses > 0 ? 100 * gains / (gains + losses) : 50
  }
}
