import Market

/// Holds while the mean of the last `fast` closes is above that of the last `slow` ones.
public struct SMACross: Strategy {
  public let fast, slow: Int
  private var holds: [Bool?] = []

  public init(fast: Int, slow: Int) throws(BacktestError) {
    guard fast > 0, fast < slow else {
      throw .setting("fast", "\(fast)", expected: "a whole number from 1 to below slow (\(slow))")
    }
    self.fast = fast
    self.slow = slow
  }

  public var name: String { "sma_cross \(fast)/\(slow)" }
  public var warmUp: Int { slow }

  public mutating func onStart(_ desk: inout Desk) {
    holds = Array(repeating: nil, count: desk.account.table.count)
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard let closes = desk.histories[bar.series.place].closes(last: slow) else { return }
    let wants = mean(closes.suffix(fast)) > mean(closes)
    guard holds[bar.instrument.place] != wants else { return }
    holds[bar.instrument.place] = wants
    desk.hold(wants ? 1 : 0, of: bar.instrument)
  }

  private func mean(_ values: ArraySlice<Double>) -> Double {
    values.withUnsafeBufferPointer { values in
      var sum = 0.0
      for value in values { sum += value }
      return sum / Double(values.count)
    }
  }
}

/// Buys at the first bar and never sells: what every strategy is compared with.
public struct BuyAndHold: Strategy {
  private var bought: Set<InstrumentID> = []

  public init() {}

  public var name: String { "buy and hold" }
  public var warmUp: Int { 1 }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    if bought.insert(bar.instrument).inserted { desk.hold(1, of: bar.instrument) }
  }
}
