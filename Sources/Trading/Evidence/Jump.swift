import Features
import Market
import Runtime

/// A move from one close to the next so large that it is more likely a split or an error in the data
/// than a market: figures that stand on it are not to be believed before someone has looked.
public struct Jump: Hashable, Sendable {
  public let symbol: Symbol
  public let day: CivilDate
  /// Close over previous close, minus one.
  public let change: Double

  /// A split of two for one halves the price, give or take what the market did that day.
  static let leastChange = 0.45

  static func all(in frames: [Frame], of result: BacktestResult) throws(FeatureError) -> [Jump] {
    let times = result.start.nanoseconds...result.end.nanoseconds
    var jumps: [Jump] = []
    for frame in frames {
      let closes = try BarColumns(frame).close
      for row in closes.indices.dropFirst() where times.contains(frame.knownAt[row]) {
        let change = closes[row] / closes[row - 1] - 1
        guard abs(change) >= leastChange else { continue }
        let day = result.day(Timestamp(nanoseconds: frame.end[row]))
        jumps.append(Jump(symbol: frame.symbol, day: day, change: change))
      }
    }
    return jumps
  }

  /// `AAPL moved −74.2% in one bar on 2020-08-31: look for a split`.
  public var warning: String {
    "\(symbol) moved \(NumberText.percent(change)) in one bar on \(day): look for a split or an error "
      + "in the data before believing the figures"
  }
}
