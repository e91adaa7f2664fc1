/// A stretch of bars below the highest value before it.
public struct DrawdownEpisode: Hashable, Sendable {
  /// The first bar below the peak, the deepest, and the last before the peak was reached again or the
  /// run ended.
  public let start, trough, end: Int
  /// The value at the trough over the peak, minus one: below zero.
  public let depth: Double
  /// The run ended before the peak was reached again.
  public let isOpen: Bool

  public var bars: Int { end - start + 1 }

  /// Each value after the first over the highest so far, minus one.
  public static func drawdowns(of values: [Double]) -> [Double] {
    var peak = values.first ?? .nan
    return values.dropFirst().map { value in
      peak = max(peak, value)
      return value / peak - 1
    }
  }

  /// The stretches of a series of drawdowns.
  public static func all(in drawdowns: [Double]) -> [DrawdownEpisode] {
    var episodes: [DrawdownEpisode] = []
    var row = 0
    while row < drawdowns.count {
      guard drawdowns[row] < 0 else {
        row += 1
        continue
      }
      let start = row
      var trough = row
      while row < drawdowns.count, drawdowns[row] < 0 {
        if drawdowns[row] < drawdowns[trough] { trough = row }
        row += 1
      }
      episodes.append(
        DrawdownEpisode(
          start: start, trough: trough, end: row - 1, depth: drawdowns[trough],
          isOpen: row == drawdowns.count))
    }
    return episodes
  }
}
