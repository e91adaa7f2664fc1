/// Averages and lines that follow the price, and what tells how firmly it goes one way.
enum Trend {
  private static let close = Expression.close

  static func simpleAverage(_ n: Int) -> Formula {
    Formula("sma", ["n": n], .trend, .price, "Mean of the last n closes.", close.mean(n))
  }

  static func exponentialAverage(_ n: Int) -> Formula {
    Formula(
      "ema", ["n": n], .trend, .price,
      "Exponential average of the close with weight 2/(n+1), begun as the mean of the first n.",
      close.exponentialMean(n))
  }

  static func weightedAverage(_ n: Int) -> Formula {
    Formula(
      "wma", ["n": n], .trend, .price,
      "Mean of the last n closes with weights 1 to n, the newest heaviest.",
      close.window(.weightedMean, n))
  }

  static func doubleExponentialAverage(_ n: Int) -> Formula {
    let once = close.exponentialMean(n)
    return Formula(
      "dema", ["n": n], .trend, .price,
      "Mulloy's double exponential average: twice the average less the average of the average.",
      2 * once - once.exponentialMean(n))
  }

  static func tripleExponentialAverage(_ n: Int) -> Formula {
    let once = close.exponentialMean(n)
    let twice = once.exponentialMean(n)
    return Formula(
      "tema", ["n": n], .trend, .price,
      "Mulloy's triple exponential average: 3e − 3e(e) + e(e(e)).",
      3 * once - 3 * twice + twice.exponentialMean(n))
  }

  /// The path's length compared with how far it led: 1 for a straight line.
  static func efficiency(_ n: Int) -> Expression {
    let change = close.change(n)
    let path = close.change().magnitude.sum(n)
    // TA-Lib takes a path no longer than the rise, which rounding can make, for a straight line.
    let isStraight = path <= change
    return isStraight.chosen(1, else: change.magnitude.over(path, otherwise: 1, least: 1e-14))
  }

  static func adaptiveAverage(_ n: Int) -> Formula {
    let weight = (efficiency(n) * (2.0 / 3 - 2.0 / 31) + .constant(2.0 / 31)).squared
    return Formula(
      "kama", ["n": n], .trend, .price,
      "Kaufman's adaptive average: quick (2/3) where the price goes straight, slow (2/31) where not.",
      .recursion(.weightedStep, [close, weight, close.lag(1)]))
  }

  static func triangularAverage(_ n: Int) -> Formula {
    let (inner, outer) = n.isMultiple(of: 2) ? (n / 2, n / 2 + 1) : ((n + 1) / 2, (n + 1) / 2)
    return Formula(
      "trima", ["n": n], .trend, .price,
      "Mean of means: weights rise to the middle of the last n closes and fall again.",
      close.mean(inner).mean(outer))
  }

  static func t3(_ n: Int) -> Formula {
    let v = 0.7
    var averages = [close.exponentialMean(n)]
    for _ in 1..<6 { averages.append(averages[averages.count - 1].exponentialMean(n)) }
    let sixth = averages[5] * .constant(-v * v * v)
    let fifth = averages[4] * .constant(3 * v * v + 3 * v * v * v)
    let fourth = averages[3] * .constant(-6 * v * v - 3 * v - 3 * v * v * v)
    let third = averages[2] * .constant(1 + 3 * v + v * v * v + 3 * v * v)
    return Formula(
      "t3", ["n": n], .trend, .price,
      "Tillson's T3: six exponential averages in a row, combined with volume factor 0.7.",
      sixth + fifth + fourth + third)
  }

  static func lineEnd(_ n: Int) -> Formula {
    Formula(
      "linearreg", ["n": n], .trend, .price,
      "Where the least-squares line through the last n closes stands now.",
      close.window(.lineEnd, n))
  }

  static func lineSlope(_ n: Int) -> Formula {
    Formula(
      "linearreg_slope", ["n": n], .trend, .price,
      "Rise a bar of the least-squares line through the last n closes.", close.window(.slope, n))
  }

  static func lineForecast(_ n: Int) -> Formula {
    Formula(
      "tsf", ["n": n], .trend, .price,
      "Where the least-squares line through the last n closes will stand at the next bar.",
      close.window(.lineEnd, n) + close.window(.slope, n))
  }

  static let parabolicStop = Formula(
    "sar", [:], .trend, .price,
    "Wilder's parabolic stop with steps of 0.02 up to 0.2, begun as TA-Lib begins it.",
    .recursion(.parabolicStop(acceleration: 0.02, most: 0.2), [.high, .low]))

  static let middlePrices: [Formula] = [
    Formula("typprice", [:], .trend, .price, "Mean of high, low and close.", typical),
    Formula(
      "wclprice", [:], .trend, .price, "Mean of high, low and twice the close.",
      (.high + .low + close * 2) / 4),
    Formula(
      "avgprice", [:], .trend, .price, "Mean of open, high, low and close.",
      (.open + .high + .low + close) / 4),
    Formula("medprice", [:], .trend, .price, "Mean of high and low.", (.high + .low) / 2),
  ]

  /// Summed in TA-Lib's order: the money flow index asks whether two of them are equal.
  static let typical: Expression = (.high + (.low + close)) / 3

  static func midpoint(_ n: Int) -> Formula {
    Formula(
      "midpoint", ["n": n], .trend, .price,
      "Mean of the highest and the lowest of the last n closes.",
      (close.greatest(n) + close.least(n)) / 2)
  }

  static func midprice(_ n: Int) -> Formula {
    Formula(
      "midprice", ["n": n], .trend, .price,
      "Mean of the highest high and the lowest low of n bars.",
      (Expression.high.greatest(n) + Expression.low.least(n)) / 2)
  }

  static func lowestClose(_ n: Int) -> Formula {
    Formula(
      "min", ["n": n], .trend, .price, "Lowest of the last n closes.", close.least(n))
  }

  static func highestClose(_ n: Int) -> Formula {
    Formula(
      "max", ["n": n], .trend, .price, "Highest of the last n closes.", close.greatest(n))
  }
}
