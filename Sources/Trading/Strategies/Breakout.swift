/// Buys above the highest high of the bars before, sells below their lowest low: Donchian's channels.
public struct Breakout: LongFlatStrategy {
  public static let id = "breakout"
  public static let summary =
    "Buys above the highest high of the last bars, sells below their lowest low"
  public static let parameters: [StrategyParameter] = [
    .bars("entry", 55, "Bars whose highest high must be passed"),
    .bars("exit", 20, "Bars whose lowest low ends it"),
  ]

  public let entry, exit: Int
  public var holds: [Bool?] = []

  public init(entry: Int, exit: Int) {
    self.entry = entry
    self.exit = exit
  }

  public init(_ values: StrategyValues) {
    self.init(entry: values[whole: "entry"], exit: values[whole: "exit"])
  }

  public var name: String { "breakout \(entry)/\(exit)" }
  /// The bar itself is not among those that it must pass.
  public var warmUp: Int { max(entry, exit) + 1 }

  public func wants(_ bars: BarView, holds: Bool) -> Bool {
    let now = bars.close.count - 1
    if holds {
      var lowest = Double.infinity
      for row in now - exit..<now { lowest = min(lowest, bars.low[row]) }
      return bars.close[now] >= lowest
    }
    var highest = -Double.infinity
    for row in now - entry..<now { highest = max(highest, bars.high[row]) }
    return bars.close[now] > highest
  }
}
