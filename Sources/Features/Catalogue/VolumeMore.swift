/// Money and volume beside TA-Lib's.
extension Volume {
  private static let close = Expression.close
  private static let volume = Expression.volume

  static func chaikinFlow(_ n: Int) -> Formula {
    let share = ((close - .low) - (.high - close)).over(.high - .low)
    return Formula(
      "cmf", ["n": n], .volume, .ratio,
      "Chaikin's money flow: volume weighed by where closes stand in their bars, over all of it.",
      (share * volume).sum(n) / volume.sum(n))
  }

  static func force(_ n: Int) -> Formula {
    let money = close * volume
    return Formula(
      "force_share", ["n": n], .volume, .ratio,
      "Elder's force: exponential average of change times volume, over that of the money traded.",
      (close.change() * volume).exponentialMean(n) / money.exponentialMean(n))
  }

  static func ease(_ n: Int) -> Formula {
    let middle: Expression = (.high + .low) / 2
    let box = volume / volume.mean(n)
    let spread = (Expression.high - .low) / close
    return Formula(
      "ease_of_movement", ["n": n], .volume, .ratio,
      "Arms's ease of movement: mean of the middle's relative change times range over volume.",
      (middle.change() / close * spread / box).mean(n))
  }

  static let priceTrend = Formula(
    "vpt", [:], .volume, .volume, "Volume times the relative change of the close, summed.",
    ((close / close.lag(1) - 1) * volume).total())

  static func weightedAverage(_ n: Int) -> Formula {
    Formula(
      "close_to_vwma", ["n": n], .volume, .ratio,
      "Close over the mean of n closes weighed by volume, less one.",
      close * volume.sum(n) / (close * volume).sum(n) - 1)
  }

  static func change(_ n: Int) -> Formula {
    Formula(
      "volume_roc", ["n": n], .volume, .percent, "Change of the volume over n bars, in percent.",
      (volume / volume.lag(n) - 1) * 100)
  }

  static func risingShare(_ n: Int) -> Formula {
    Formula(
      "up_volume_share", ["n": n], .volume, .ratio,
      "Share of the volume of n bars that traded in bars that closed higher.",
      (close.change() > 0).chosen(volume, else: 0).sum(n) / volume.sum(n))
  }

  static func turnover(_ n: Int) -> Formula {
    Formula(
      "log_turnover", ["n": n], .volume, .money, "Logarithm of the mean money traded in n bars.",
      (close * volume).mean(n).logarithm)
  }

  static func oscillator(_ fast: Int, _ slow: Int) -> Formula {
    Formula(
      "pvo", ["fast": fast, "slow": slow], .volume, .percent,
      "Exponential average of volume over a slower one, less one, in percent.",
      (volume.exponentialMean(fast) / volume.exponentialMean(slow) - 1) * 100)
  }

  static func quiet(_ n: Int) -> Formula {
    let change = close / close.lag(1) - 1
    let isQuiet = volume < volume.lag(1)
    return Formula(
      "quiet_return", ["n": n], .volume, .ratio,
      "Sum over n bars of the changes on falling volume: Fosback's negative volume index.",
      isQuiet.chosen(change, else: 0).sum(n))
  }

  static let more: [Formula] =
    [chaikinFlow(20), force(13), ease(14), priceTrend, weightedAverage(20), change(10)]
    + [risingShare(20), turnover(20), oscillator(12, 26), quiet(20), score(20)]
}
