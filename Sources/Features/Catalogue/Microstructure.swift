/// What trading costs and how orders move the price, from bars, and from quotes where there are any.
enum Microstructure {
  private static let close = Expression.close

  static func roll(_ n: Int) -> Formula {
    let change = close.change()
    return Formula(
      "roll_spread", ["n": n], .microstructure, .ratio,
      "Spread that makes n changes turn back on each other, over the close; 0 where they do not "
        + "(Roll 1984).",
      2 * Expression.greater(-change.covariance(change.lag(1), n), 0).squareRoot / close)
  }

  static func amihud(_ n: Int) -> Formula {
    let change = (close / close.lag(1) - 1).magnitude
    return Formula(
      "amihud", ["n": n], .microstructure, .perMoney,
      "Mean over n bars of the change's magnitude over the money traded (Amihud 2002).",
      (change / (close * .volume)).mean(n))
  }

  static func kyle(_ n: Int) -> Formula {
    let change = close.change()
    let signed = change.sign * .volume
    return Formula(
      "kyle_lambda", ["n": n], .microstructure, .price,
      "Change of the close a unit of volume, signed by the change, of n bars (Kyle 1985).",
      change.covariance(signed, n) / signed.variance(n))
  }

  static func corwinSchultz(_ n: Int) -> Formula {
    let range = Expression.high.logarithm - Expression.low.logarithm
    let single = range.squared + range.lag(1).squared
    let pair = (Expression.high.greatest(2).logarithm - Expression.low.least(2).logarithm).squared
    let k = 3 - 2 * 2.0.squareRoot()
    let alpha =
      single.squareRoot * .constant((2.0.squareRoot() - 1) / k)
      - (pair / .constant(k)).squareRoot
    let spread = 2 * (alpha.exponential - 1) / (alpha.exponential + 1)
    return Formula(
      "corwin_schultz", ["n": n], .microstructure, .ratio,
      "Mean over n bars of the spread that highs and lows of one and of two bars tell, negative ones "
        + "taken as 0 (Corwin and Schultz 2012).", Expression.greater(spread, 0).mean(n))
  }

  private static let bid = Expression.column("bid")
  private static let ask = Expression.column("ask")
  private static let bidSize = Expression.column("bid_size")
  private static let askSize = Expression.column("ask_size")

  static func orderFlow(_ n: Int) -> Formula {
    let buys = (bid >= bid.lag(1)) * bidSize - (bid <= bid.lag(1)) * bidSize.lag(1)
    let sells = (ask <= ask.lag(1)) * askSize - (ask >= ask.lag(1)) * askSize.lag(1)
    return Formula(
      "order_flow_imbalance", ["n": n], .microstructure, .volume,
      "What was added to the best bid less what was added to the best ask, of n bars (Cont, Kukanov "
        + "and Stoikov 2014); missing without quotes.", (buys - sells).sum(n))
  }

  static let ofQuotes: [Formula] = [
    orderFlow(20),
    Formula(
      "quoted_spread", [:], .microstructure, .ratio,
      "Ask less bid over their middle; missing without quotes.",
      2 * (ask - bid) / (ask + bid)),
    Formula(
      "depth_imbalance", [:], .microstructure, .ratio,
      "Size at the bid less that at the ask over both; missing without quotes.",
      (bidSize - askSize) / (bidSize + askSize)),
  ]

  static let ofBars: [Formula] = [roll(20), amihud(20), kyle(20), corwinSchultz(20)]
}
