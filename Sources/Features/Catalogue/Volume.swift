/// What traded, and on which side of the price.
enum Volume {
  private static let close = Expression.close
  private static let volume = Expression.volume

  static func moneyFlow(_ n: Int) -> Formula {
    let typical = Trend.typical
    let flow = typical * volume
    let change = typical.change()
    let gain = (change > 0).chosen(flow, else: 0).sum(n)
    let loss = (change < 0).chosen(flow, else: 0).sum(n)
    return Formula(
      "mfi", ["n": n], .volume, .index,
      "Money flow index: money traded on rising typical prices over all that moved, in percent.",
      100 * gain.over(gain + loss, least: 1.0.nextDown))
  }

  static let onBalance = Formula(
    "obv", [:], .volume, .volume,
    "Granville's on-balance volume: volume added on rising closes, taken away on falling ones, since "
      + "the first bar.", (close.change().sign * volume).total(begun: volume))

  static let distribution: Expression = {
    let range = Expression.high - .low
    let share = ((close - .low) - (.high - close)).over(range)
    return (share * volume).total()
  }()

  static let accumulation = Formula(
    "ad", [:], .volume, .volume,
    "Chaikin's accumulation: volume weighed by where the close stands in the bar's range, summed "
      + "since the first bar.", distribution)

  static let oscillator: Formula = {
    func average(_ n: Int) -> Expression {
      .recursion(.mean(weight: 2 / Double(n + 1), seed: 1, skip: 0), [distribution])
    }
    return Formula(
      "adosc", [:], .volume, .volume,
      "Chaikin's oscillator: exponential average of 3 accumulations less that of 10, both begun with "
        + "the first.", (average(3) - average(10)).whereKnown(distribution.lag(9)))
  }()

  static func relative(_ n: Int) -> Formula {
    Formula(
      "volume_ratio", ["n": n], .volume, .ratio, "Volume over its mean of n bars.",
      volume / volume.mean(n))
  }

  static func score(_ n: Int) -> Formula {
    Formula(
      "volume_zscore", ["n": n], .volume, .standardDeviations,
      "How many standard deviations (of the sample) the volume is above its mean of n bars; missing "
        + "where it never changed.", (volume - volume.mean(n)) / volume.deviation(n, .sample))
  }

  static let balance = Formula(
    "bop", [:], .priceAction, .ratio, "Balance of power: close less open over the bar's range.",
    (close - .open).over(.high - .low, least: 1e-14))
}
