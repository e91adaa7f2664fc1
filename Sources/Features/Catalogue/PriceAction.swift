/// The shape of single bars and of a few in a row.
enum PriceAction {
  private static let close = Expression.close
  private static let range: Expression = .high - .low
  private static let top: Expression = .greater(.open, .close)
  private static let floor: Expression = .lesser(.open, .close)

  private static func shape(_ name: String, _ words: String, _ value: Expression) -> Formula {
    Formula(name, [:], .priceAction, .ratio, words, value)
  }

  static let bars: [Formula] = [
    shape("body", "Close over open, less one.", close / .open - 1),
    shape("upper_shadow", "High above the body, over the range.", (.high - top).over(range)),
    shape("lower_shadow", "Body above the low, over the range.", (floor - .low).over(range)),
    shape("gap", "Open over the previous close, less one.", .open / close.lag(1) - 1),
    shape(
      "close_location", "Where the close stands in the bar: 0 at the low, 1 at the high.",
      (close - .low).over(range, otherwise: 0.5)),
    shape(
      "inside_bar", "1 where the bar lies within the one before it, else 0.",
      (.high < Expression.high.lag(1)) * (.low > Expression.low.lag(1))),
    shape(
      "outside_bar", "1 where the bar reaches beyond the one before it on both sides, else 0.",
      (.high > Expression.high.lag(1)) * (.low < Expression.low.lag(1))),
    shape(
      "doji", "1 where the body is a tenth of the range or less, else 0.",
      (top - floor) <= range * 0.1),
  ]

  static func expansion(_ n: Int) -> Formula {
    Formula(
      "range_expansion", ["n": n], .priceAction, .ratio,
      "The bar's range over its mean of n bars.", range / range.mean(n))
  }

  static func sinceExtremes(_ n: Int) -> [Formula] {
    [
      Formula(
        "bars_since_high", ["n": n], .priceAction, .bars,
        "How many bars ago the highest high of n was.",
        Expression.high.window(.barsSinceGreatest, n)),
      Formula(
        "bars_since_low", ["n": n], .priceAction, .bars,
        "How many bars ago the lowest low of n was.",
        Expression.low.window(.barsSinceLeast, n)),
    ]
  }

  static func breakout(_ n: Int) -> Formula {
    Formula(
      "breakout", ["n": n], .priceAction, .ratio,
      "Close over the highest high of the n bars before it, less one.",
      close / Expression.high.greatest(n).lag(1) - 1)
  }

  static let all: [Formula] = bars + [expansion(20)] + sinceExtremes(60) + [breakout(20)]
}
