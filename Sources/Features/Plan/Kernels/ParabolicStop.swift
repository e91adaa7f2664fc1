extension RecursionKernels {
  /// Wilder's parabolic stop and reverse, as TA-Lib begins it: long unless the second bar reaches
  /// further down than up.
  ///
  /// A falling stop is a rising one with the signs turned, so lows, highs, stop and extreme are kept
  /// times +1 or −1 and there is one rule for both.
  func parabolicStop(
    _ high: Source, _ low: Source, _ out: Target, acceleration: Double, most: Double
  ) {
    let begun = Stop(state: state, acceleration: V(acceleration), most: V(most))
    if isDone(high, low, out, begun) { return }
    var stop = begun
    for row in 0..<rows {
      let place = row * lanes
      stop.advance(high: V.load(high + place), low: V.load(low + place)).store(out + place)
    }
    stop.keep(state)
  }

  /// Where every lane is past its beginning and no value is missing, which is nearly always; the block
  /// is done over with care where that turns out wrong.
  private func isDone(_ high: Source, _ low: Source, _ out: Target, _ begun: Stop) -> Bool {
    guard (begun.stage - V(2)).isZero(inFirst: lanes) else { return false }
    var stop = begun
    var poison = V(0)
    var place = 0
    for _ in 0..<rows {
      let (high, low) = (V.load(high + place), V.load(low + place))
      poison = poison.addingProduct(high, V(0)).addingProduct(low, V(0))
      stop.follow(high: high, low: low).store(out + place)
      place &+= lanes
    }
    guard poison.isZero(inFirst: lanes) else { return false }
    stop.keep(state)
    return true
  }

  private struct Stop {
    let acceleration, most: V
    /// 0 before the first bar, 1 after it, 2 from the second on.
    var stage: V
    var side, stop, extreme, factor: V
    /// Of the bar before, as they are.
    var high, low: V

    @inline(__always)
    init(state: Target, acceleration: V, most: V) {
      self.acceleration = acceleration
      self.most = most
      stage = V.load(state)
      side = V.load(state + 8)
      stop = V.load(state + 16)
      extreme = V.load(state + 24)
      factor = V.load(state + 32)
      high = V.load(state + 40)
      low = V.load(state + 48)
    }

    func keep(_ state: Target) {
      for (index, value) in [stage, side, stop, extreme, factor, high, low].enumerated() {
        value.store(state + index * 8)
      }
    }

    @inline(__always)
    private func lesser(_ a: V, _ b: V) -> V { V.choose(b.isLess(a), b, a) }

    @inline(__always)
    mutating func advance(high newHigh: V, low newLow: V) -> V {
      begin(newHigh, newLow)
      let value = V.choose(stage.isSame(V(2)), follow(high: newHigh, low: newLow), V.missing)
      let isWhole = V.both(newHigh.isNumber, newLow.isNumber)
      stage = V.choose(isWhole, V.choose(stage.isSame(V(0)), V(1), V(2)), V(0))
      return V.choose(isWhole, value, V.missing)
    }

    /// From the second bar on.
    @inline(__always)
    mutating func follow(high newHigh: V, low newLow: V) -> V {
      let isRising = V(0).isLess(side)
      let minus = V(-1)
      let high = V.choose(isRising, newHigh, newLow * minus)
      let low = V.choose(isRising, newLow, newHigh * minus)
      let highBefore = V.choose(isRising, self.high, self.low * minus)
      let lowBefore = V.choose(isRising, self.low, self.high * minus)
      let turns = low.isLessOrEqual(stop)
      side = V.choose(turns, side * minus, side)
      let floor = lesser(
        V.choose(turns, highBefore * minus, lowBefore), V.choose(turns, high * minus, low))
      let now = V.choose(turns, lesser(extreme * minus, floor), stop)
      let grown = lesser(factor + acceleration, most)
      let isFurther = extreme.isLess(high)
      factor = V.choose(turns, acceleration, V.choose(isFurther, grown, factor))
      extreme = V.choose(turns, low * minus, V.choose(isFurther, high, extreme))
      stop = lesser(now + factor * (extreme - now), floor)
      self.high = newHigh
      self.low = newLow
      return now * side
    }

    /// On the second bar.
    @inline(__always)
    private mutating func begin(_ newHigh: V, _ newLow: V) {
      let isSecond = stage.isSame(V(1))
      let fall = low - newLow
      let isFalling = V.both(V(0).isLess(fall), (newHigh - high).isLess(fall))
      let direction = V.choose(isFalling, V(-1), V(1))
      side = V.choose(isSecond, direction, side)
      stop = V.choose(isSecond, V.choose(isFalling, high * V(-1), low), stop)
      extreme = V.choose(isSecond, V.choose(isFalling, newLow * V(-1), newHigh), extreme)
      factor = V.choose(isSecond, acceleration, factor)
      high = V.choose(isSecond, newHigh, high)
      low = V.choose(isSecond, newLow, low)
      stage = V.choose(isSecond, V(2), stage)
    }
  }
}
