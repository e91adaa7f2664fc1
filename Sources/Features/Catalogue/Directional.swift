/// Wilder's directional movement (New Concepts in Technical Trading Systems, 1978), with sums begun as
/// TA-Lib begins them.
enum Directional {
  private static let up = Expression.high.change()
  private static let down = Expression.low.lag(1) - .low

  private static func movement(_ way: Expression, over other: Expression) -> Expression {
    let counts = (way > other) * (way > 0)
    return counts.chosen(way, else: 0)
  }

  private static let nothing = 1e-14

  static func plus(_ n: Int) -> Expression {
    100
      * movement(up, over: down).wilderSum(n)
      .over(Volatility.trueRange.wilderSum(n), least: nothing)
  }

  static func minus(_ n: Int) -> Expression {
    100
      * movement(down, over: up).wilderSum(n)
      .over(Volatility.trueRange.wilderSum(n), least: nothing)
  }

  static func index(_ n: Int) -> Expression {
    let (plus, minus) = (plus(n), minus(n))
    return 100 * (minus - plus).magnitude.over(minus + plus, least: nothing)
  }

  static func all(_ n: Int) -> [Formula] {
    let width: KeyValuePairs = ["n": n]
    let average = index(n).wilderMean(n)
    return [
      Formula(
        "adx", width, .trend, .index,
        "Wilder's mean of the directional index: how firmly the price goes one way, 0 to 100.",
        average),
      Formula(
        "plus_di", width, .trend, .index, "Share of the true range that went up, in percent.",
        plus(n)),
      Formula(
        "minus_di", width, .trend, .index, "Share of the true range that went down, in percent.",
        minus(n)),
      Formula(
        "adxr", width, .trend, .index, "Mean of the ADX now and n − 1 bars ago.",
        (average + average.lag(n - 1)) / 2),
      Formula(
        "dx", width, .trend, .index,
        "Difference of the two directional shares over their sum, in percent.", index(n)),
    ]
  }
}
