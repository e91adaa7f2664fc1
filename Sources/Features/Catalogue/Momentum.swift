/// How far and how quickly the price has moved.
enum Momentum {
  private static let close = Expression.close
  /// What TA-Lib takes for zero.
  private static let nothing = 1e-14

  /// Wilder's mean gain and loss.
  private static func swings(_ x: Expression, _ n: Int) -> (gain: Expression, loss: Expression) {
    let change = x.change()
    return (
      Expression.greater(change, 0).wilderMean(n), Expression.greater(-change, 0).wilderMean(n)
    )
  }

  static func strength(_ x: Expression, _ n: Int) -> Expression {
    let (gain, loss) = swings(x, n)
    return 100 * gain.over(gain + loss, least: nothing)
  }

  static func relativeStrength(_ n: Int) -> Formula {
    Formula(
      "rsi", ["n": n], .momentum, .index,
      "Wilder's relative strength index: 100 × mean gain / (mean gain + mean loss); 0 where the "
        + "price stood still.", strength(close, n))
  }

  static func chande(_ n: Int) -> Formula {
    let (gain, loss) = swings(close, n)
    return Formula(
      "cmo", ["n": n], .momentum, .index,
      "Chande's momentum oscillator of Wilder's means, as TA-Lib has it: gains less losses over "
        + "their sum, in percent.", 100 * (gain - loss).over(gain + loss, least: nothing))
  }

  /// The three columns of moving-average convergence and divergence.
  static let convergence: [Formula] = {
    let line = close.exponentialMean(12, skip: 14) - close.exponentialMean(26)
    let signal = line.exponentialMean(9)
    return [
      Formula(
        "macd", [:], .momentum, .price,
        "Exponential average of 12 closes less that of 26, both begun at the 26th bar; given, as by "
          + "TA-Lib, from where its signal is.", line.whereKnown(signal)),
      Formula(
        "macd_signal", [:], .momentum, .price, "Exponential average of 9 values of the MACD.",
        signal),
      Formula("macd_histogram", [:], .momentum, .price, "The MACD less its signal.", line - signal),
    ]
  }()

  static func priceOscillators(fast: Int, slow: Int) -> [Formula] {
    let (quick, calm) = (close.exponentialMean(fast), close.exponentialMean(slow))
    return [
      Formula(
        "ppo", [:], .momentum, .percent,
        "Exponential average of \(fast) closes over that of \(slow), less one, in percent.",
        (quick - calm).over(calm) * 100),
      Formula(
        "apo", [:], .momentum, .price,
        "Exponential average of \(fast) closes less that of \(slow), each begun by itself.",
        quick - calm),
    ]
  }

  static func trix(_ n: Int) -> Formula {
    let smooth = close.exponentialMean(n).exponentialMean(n).exponentialMean(n)
    return Formula(
      "trix", ["n": n], .momentum, .percent,
      "Change over one bar of a three times smoothed close, in percent.", percentChange(smooth, 1))
  }

  static func percentChange(_ x: Expression, _ n: Int) -> Expression {
    (x.over(x.lag(n), otherwise: 1) - 1) * 100
  }

  static func rateOfChange(_ n: Int) -> Formula {
    Formula(
      "roc", ["n": n], .momentum, .percent, "Change of the close over n bars, in percent.",
      percentChange(close, n))
  }

  static func simpleReturn(_ n: Int) -> Formula {
    Formula(
      "return", ["n": n], .momentum, .ratio, "Change of the close over n bars, as a ratio.",
      close / close.lag(n) - 1)
  }

  static func change(_ n: Int) -> Formula {
    Formula(
      "mom", ["n": n], .momentum, .price, "Change of the close over n bars.",
      close.change(n))
  }

  static func logReturn(_ n: Int) -> Formula {
    Formula(
      "log_return", ["n": n], .momentum, .ratio,
      "Logarithm of the close over that of n bars ago.",
      close.logarithm - close.lag(n).logarithm)
  }

  static let ultimate: Formula = {
    let floor = Expression.lesser(.low, close.lag(1))
    let pressure = close - floor
    func average(_ n: Int) -> Expression {
      pressure.sum(n).over(Volatility.trueRange.sum(n), least: nothing)
    }
    return Formula(
      "ultosc", [:], .momentum, .index,
      "Williams's ultimate oscillator: buying pressure over true range of 7, 14 and 28 bars, weighed "
        + "4 : 2 : 1, in percent.", 100 * (4 * average(7) + 2 * average(14) + average(28)) / 7)
  }()

  static func aroon(_ n: Int) -> [Formula] {
    let width: KeyValuePairs = ["n": n]
    let low = Expression.low.window(.barsSinceLeast, n + 1)
    let high = Expression.high.window(.barsSinceGreatest, n + 1)
    let factor = 100 / Double(n)
    return [
      Formula(
        "aroon_down", width, .momentum, .index,
        "How recent the lowest low of n bars is: 100 now, 0 n bars ago.",
        (.constant(Double(n)) - low) * .constant(factor)),
      Formula(
        "aroon_up", width, .momentum, .index,
        "How recent the highest high of n bars is: 100 now, 0 n bars ago.",
        (.constant(Double(n)) - high) * .constant(factor)),
      Formula(
        "aroonosc", width, .momentum, .index, "Aroon up less Aroon down.",
        (low - high) * .constant(factor)),
    ]
  }

  /// Where a value stands between the lowest and the highest of the last n, in percent.
  static func stochastic(
    _ x: Expression, low: Expression, high: Expression, _ n: Int
  ) -> Expression {
    let least = low.least(n)
    return 100 * (x - least).over(high.greatest(n) - least)
  }

  static let stochastics: [Formula] = {
    let fast = stochastic(close, low: .low, high: .high, 5)
    let slow = fast.mean(3)
    let index = strength(close, 14)
    let ofStrength = stochastic(index, low: index, high: index, 5)
    return [
      Formula(
        "stoch_k", [:], .momentum, .index,
        "Where the close stands in the range of 5 bars, in percent, as the mean of 3; given from "
          + "where its own mean is.", slow.whereKnown(slow.mean(3))),
      Formula("stoch_d", [:], .momentum, .index, "Mean of 3 values of stoch_k.", slow.mean(3)),
      Formula(
        "stochf_k", [:], .momentum, .index,
        "Where the close stands in the range of 5 bars, in percent; given from where its mean is.",
        fast.whereKnown(slow)),
      Formula("stochf_d", [:], .momentum, .index, "Mean of 3 values of stochf_k.", slow),
      Formula(
        "stochrsi_k", [:], .momentum, .index,
        "Where the RSI of 14 bars stands among its last 5 values, in percent; given from where its "
          + "mean is.", ofStrength.whereKnown(ofStrength.mean(3))),
      Formula(
        "stochrsi_d", [:], .momentum, .index, "Mean of 3 values of stochrsi_k.",
        ofStrength.mean(3)),
    ]
  }()

  static func williams(_ n: Int) -> Formula {
    let highest = Expression.high.greatest(n)
    return Formula(
      "willr", ["n": n], .momentum, .index,
      "Williams's %R: how far the close is below the highest high of n bars, in percent of their "
        + "range, negative.",
      -100 * (highest - close).over(highest - Expression.low.least(n)))
  }

  static func commodityChannel(_ n: Int) -> Formula {
    let typical = Trend.typical
    let spread = 0.015 * typical.window(.meanDistance, n)
    return Formula(
      "cci", ["n": n], .momentum, .index,
      "Lambert's commodity channel index: the typical price's distance from its mean over 0.015 "
        + "mean distances.", (typical - typical.mean(n)).over(spread))
  }
}
