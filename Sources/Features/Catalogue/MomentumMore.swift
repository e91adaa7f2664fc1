/// Oscillators beside TA-Lib's.
extension Momentum {
  private static let close = Expression.close
  private static let middle: Expression = (.high + .low) / 2

  static let trueStrength: Formula = {
    func twice(_ x: Expression) -> Expression { x.exponentialMean(25).exponentialMean(13) }
    let change = close.change()
    return Formula(
      "tsi", [:], .momentum, .percent,
      "Blau's true strength: changes smoothed over 25 and 13 bars over their magnitudes, in percent.",
      100 * twice(change).over(twice(change.magnitude)))
  }()

  static let awesome = Formula(
    "awesome_share", [:], .momentum, .ratio,
    "Mean of 5 middle prices less that of 34, over the close.",
    (middle.mean(5) - middle.mean(34)) / close)

  static func detrended(_ n: Int) -> Formula {
    Formula(
      "dpo_share", ["n": n], .momentum, .ratio,
      "Close of half a period ago less the mean of n, over the close; looks back only.",
      (close.lag(n / 2 + 1) - close.mean(n)) / close)
  }

  static let rays: [Formula] = [
    Formula(
      "bull_power", [:], .momentum, .ratio,
      "Elder's bull power: high over the exponential average of 13 closes, less one.",
      .high / close.exponentialMean(13) - 1),
    Formula(
      "bear_power", [:], .momentum, .ratio,
      "Elder's bear power: low over the exponential average of 13 closes, less one.",
      .low / close.exponentialMean(13) - 1),
  ]

  static let skippingMonth = Formula(
    "momentum_12_1", [:], .momentum, .ratio,
    "Change of the close over the 252 bars that ended 21 bars ago (Jegadeesh and Titman 1993).",
    close.lag(21) / close.lag(252) - 1)

  static func risingShare(_ n: Int) -> Formula {
    Formula(
      "rising_share", ["n": n], .momentum, .ratio, "Share of the last n bars that closed higher.",
      (close.change() > 0).mean(n))
  }

  static func bodies(_ n: Int) -> Formula {
    Formula(
      "qstick_share", ["n": n], .momentum, .ratio,
      "Chande's Qstick: mean of close less open of n bars, over the close.",
      (close - .open).mean(n) / close)
  }

  static let coppock = Formula(
    "coppock", [:], .momentum, .percent,
    "Coppock's curve: weighted mean over 10 of the percent changes over 14 and 11 bars.",
    (percentChange(close, 14) + percentChange(close, 11)).window(.weightedMean, 10))

  static let convergenceShare = Formula(
    "macd_histogram_share", [:], .momentum, .ratio, "The MACD's histogram over the close.",
    convergence[2].expression / close)

  static func acceleration(_ n: Int) -> Formula {
    let change = close / close.lag(n) - 1
    return Formula(
      "acceleration", ["n": n], .momentum, .ratio,
      "Change of the close over n bars less that over the n before them.", change - change.lag(n))
  }

  static func drawdown(_ n: Int) -> Formula {
    Formula(
      "drawdown", ["n": n], .momentum, .ratio,
      "Close over the highest of the last n closes, less one.", close / close.greatest(n) - 1)
  }

  static func rally(_ n: Int) -> Formula {
    Formula(
      "rally", ["n": n], .momentum, .ratio,
      "Close over the lowest of the last n closes, less one.", close / close.least(n) - 1)
  }

  static let more: [Formula] =
    [1, 5, 20, 60].map(simpleReturn) + [trueStrength, awesome, detrended(20)] + rays
    + [skippingMonth, risingShare(12), bodies(14), coppock, convergenceShare, acceleration(5)]
    + [drawdown(60), rally(60)]
}
