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

  /// The jumps of `close` among the bars known within `times`; of a frame without closes, none.
  public static func all(
    in frames: [Frame], known times: ClosedRange<Timestamp>, zone: Zone
  ) -> [Jump] {
    let known = times.lowerBound.nanoseconds...times.upperBound.nanoseconds
    return frames.flatMap { frame -> [Jump] in
      guard let closes = frame["close"] else { return [] }
      return closes.indices.dropFirst().compactMap { row in
        guard known.contains(frame.knownAt[row]) else { return nil }
        let change = closes[row] / closes[row - 1] - 1
        guard abs(change) >= leastChange else { return nil }
        let day = zone.date(at: Timestamp(nanoseconds: frame.end[row]))
        return Jump(symbol: frame.symbol, day: day, change: change)
      }
    }
  }

  /// `AAPL moved −74.2% in one bar on 2020-08-31: look for a split`.
  public var warning: String {
    "\(symbol) moved \(NumberText.percent(change)) in one bar on \(day): look for a split or an error "
      + "in the data before believing the figures"
  }
}
