import Market

/// Which of three barriers a trade that is opened at a bar's close meets first: one above, one below,
/// or the end of its time (López de Prado, Advances in Financial Machine Learning, 2018, ch. 3).
///
/// 1 and −1 where the price met the upper or the lower barrier, 0 where time ran out. Barriers lie at
/// multiples of the volatility known at the bar. A bar that reaches both is counted for the lower
/// one, because nobody can tell which came first and hope is no rule.
public struct TripleBarrier: Label {
  public let horizon: Int
  /// In volatilities over the horizon: multiple × volatility a bar × √horizon.
  public let above, below: Double
  public let lookBack: Int
  public let gapLimit: Duration?

  public var name: String { "barrier_h\(horizon)" }

  public init(
    horizon: Int, above: Double, below: Double, lookBack: Int = 20, gapLimit: Duration? = nil
  ) throws(LabelError) {
    guard horizon > 0 else { throw .horizonNotPositive(horizon) }
    for (what, value) in [("upper barrier", above), ("lower barrier", below)] {
      guard value > 0, value.isFinite else { throw .notPositive(what, value) }
    }
    guard lookBack > 1 else { throw .notPositive("look-back above one", Double(lookBack)) }
    self.horizon = horizon
    self.above = above
    self.below = below
    self.lookBack = lookBack
    self.gapLimit = gapLimit
  }

  public func column(over frame: Frame) throws(FeatureError) -> LabelColumn {
    let outcomes = try outcomes(of: .long, over: frame)
    return LabelColumn(frame: frame) { row in
      outcomes[row].map { (Double($0.barrier.rawValue), $0.row) }
    }
  }

  public enum Side: Double, Sendable { case short = -1, long = 1 }

  public struct Outcome: Hashable, Sendable {
    public enum Barrier: Int, Sendable { case stop = -1, time = 0, target = 1 }
    public let barrier: Barrier
    /// The bar that met it.
    public let row: Int
    /// What the trade gained: from the close it began at to the barrier, to the open of a bar that
    /// opened beyond it, or to the last close; against the price for a short one.
    public let gain: Double
  }

  /// What became of a trade opened at each bar; `nil` where the bars that would tell are not there.
  ///
  /// The target of a short trade lies below and its stop above. Where one bar reaches both, the stop
  /// counts.
  public func outcomes(of side: Side, over frame: Frame) throws(FeatureError) -> [Outcome?] {
    let bars = try BarColumns(frame)
    let reach = ReachableRows(frame, gapLimit: gapLimit)
    let volatility = TrailingVolatility.of(bars.close, lookBack: lookBack)
    return (0..<frame.count).map { row in
      let unit = volatility[row] * Double(horizon).squareRoot()
      return outcome(
        of: side, from: row, unit: unit, bars, last: reach.last(from: row, horizon: horizon))
    }
  }

  private func outcome(
    of side: Side, from row: Int, unit: Double, _ bars: BarColumns, last: Int
  ) -> Outcome? {
    let entry = bars.close[row]
    guard unit > 0, entry > 0, last > row else { return nil }
    func gain(at price: Double) -> Double { side.rawValue * (price / entry - 1) }
    let (target, stop) = (above * unit, -below * unit)
    for later in row + 1...last {
      let bar = bars[later]
      guard bar.low.isFinite, bar.high.isFinite, bar.close.isFinite else { return nil }
      let (best, worst) = side == .long ? (bar.high, bar.low) : (bar.low, bar.high)
      if gain(at: worst) <= stop {
        return Outcome(barrier: .stop, row: later, gain: min(gain(at: bar.open), stop))
      }
      if gain(at: best) >= target {
        return Outcome(barrier: .target, row: later, gain: max(gain(at: bar.open), target))
      }
    }
    guard last == row + horizon else { return nil }
    return Outcome(barrier: .time, row: last, gain: gain(at: bars.close[last]))
  }
}

/// Whether a trade that another model proposed would have made money: 1 or 0, missing where none was
/// proposed. A second model that learns it decides how much to trust the first.
public struct MetaLabel: Sendable {
  public let barriers: TripleBarrier
  /// What a round trip costs, as a ratio; a trade must gain more than that.
  public let costs: Double

  public init(barriers: TripleBarrier, costs: Double = 0) throws(LabelError) {
    guard costs >= 0, costs.isFinite else { throw .notPositive("costs", costs) }
    self.barriers = barriers
    self.costs = costs
  }

  /// - Parameter sides: 1 to buy, −1 to sell, 0 for no trade, at each bar's close.
  public func column(over frame: Frame, sides: Column<Double>) throws(FeatureError) -> LabelColumn {
    precondition(sides.count == frame.count, "a side for each bar")
    let long = try barriers.outcomes(of: .long, over: frame)
    let short = try barriers.outcomes(of: .short, over: frame)
    return LabelColumn(frame: frame) { row in
      guard let side = TripleBarrier.Side(rawValue: sides[row]),
        let outcome = side == .long ? long[row] : short[row]
      else { return nil }
      return (outcome.gain > costs ? 1 : 0, outcome.row)
    }
  }
}
