import Runtime

/// The strategies Martinet ships, by the names people give on the command line.
public enum Strategies {
  public static let names = ["sma_cross", "buy_and_hold"]

  /// The strategy called `name`; `fast` and `slow` are for the averages of `sma_cross`.
  public static func named(
    _ name: String, fast: Int, slow: Int
  ) throws(BacktestError) -> any Strategy {
    switch name {
    case "sma_cross": return try SMACross(fast: fast, slow: slow)
    case "buy_and_hold": return BuyAndHold()
    default:
      throw .unknownStrategy(name, nearest: Words.nearest(to: name, among: names), known: names)
    }
  }
}
