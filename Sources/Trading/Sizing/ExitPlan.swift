import Market
import Numerics
import Runtime

/// How a position is left again, whatever the strategy thinks.
public struct ExitPlan: Configured, Hashable {
  /// The distance of the stop in average true ranges; none where `nil`.
  public var stopRanges: Double? = 2
  /// The bars the average true range is taken over.
  public var rangeBars = 14
  /// The stop follows the best price.
  public var isTrailing = true
  /// The gain, as a part of the entry's price, at which the position is sold.
  public var takeProfit: Double?
  /// How many bars a position is kept at most.
  public var mostBars: Int?

  public init() {}

  /// No exits but the strategy's own.
  public static let none: ExitPlan = {
    var plan = ExitPlan()
    plan.stopRanges = nil
    return plan
  }()

  public var isOn: Bool { stopRanges != nil || takeProfit != nil || mostBars != nil }

  public static let schema = Schema<Self>(
    "How positions are left again, whatever the strategy says"
  ) {
    Field(
      "stop_ranges", \.stopRanges, in: 0.01...100, unit: "average true ranges",
      "Distance of the stop; nothing for no stop")
    Field(
      "range_bars", \.rangeBars, in: 1...1000, unit: "bars", "What a true range is averaged over")
    Field("trailing", \.isTrailing, "The stop follows the best price")
    Field(
      "take_profit", \.takeProfit, in: 0.0001...100, "Gain at which a position is left, 0.05 for 5%"
    )
    Field(
      "max_bars", \.mostBars, in: 1...1_000_000, unit: "bars", "Longest that a position is kept")
  }

  public func check() throws(SizingError) {
    if let stopRanges, !(stopRanges > 0 && stopRanges <= 100) {
      throw .parameter("stop", "\(stopRanges)", expected: "true ranges above 0, at most 100")
    }
    if let takeProfit, !(takeProfit > 0 && takeProfit.isFinite) {
      throw .parameter("take profit", "\(takeProfit)", expected: "a part above 0")
    }
    if let mostBars, mostBars < 1 {
      throw .parameter("most bars", "\(mostBars)", expected: "at least one bar")
    }
    guard rangeBars > 0 else {
      throw .parameter("range bars", "\(rangeBars)", expected: "at least one bar")
    }
  }

  /// The orders that protect a position, of which a fill of one takes its quantity from the others.
  func exits(
    of held: Quantity, entry: Double, _ history: BarHistory, tick: Price
  ) throws(FixedPointError) -> [OrderIntent] {
    let side: Side = held.isNegative ? .buy : .sell
    let quantity = try held.magnitude()
    // A stop is placed no nearer, and a target no farther, than was asked for.
    var types: [OrderType] = []
    if let stopRanges, let range = history.averageTrueRange(bars: rangeBars), range > 0 {
      let distance = max(
        tick, try Price(nearest: stopRanges * range).rounded(toTick: tick, rounding: .up))
      if isTrailing {
        types.append(.trailing(.amount(distance)))
      } else {
        let level = try Price(nearest: entry).rounded(toTick: tick)
        let stop =
          side == .sell ? try level.subtracting(distance) : try level.adding(distance)
        if stop > .zero { types.append(.stop(stop)) }
      }
    }
    if let takeProfit {
      let target = try Price(nearest: entry * (side == .sell ? 1 + takeProfit : 1 - takeProfit))
        .rounded(toTick: tick, rounding: side == .sell ? .down : .up)
      if target > .zero { types.append(.limit(target)) }
    }
    return types.map {
      OrderIntent(
        side, quantity, of: history.instrument, type: $0, timeInForce: .untilCancelled)
    }
  }
}
