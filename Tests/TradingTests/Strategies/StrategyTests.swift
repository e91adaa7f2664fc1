import Features
import Market
import Numerics
import Runtime
import Testing
import Trading

extension StrategyRecipe {
  /// A shipped strategy with windows short enough for some hundred bars.
  static func small(_ id: String) -> StrategyRecipe {
    let lengths: [String: Double] = [
      "fast": 3, "slow": 9, "every": 5, "bars": 8, "width": 1, "rsi_bars": 4, "rsi_below": 60,
      "entry": 8, "exit": 4, "lookback": 10,
    ]
    var values = StrategyValues([])
    if let type = StrategyCatalogue.type(id) {
      values = StrategyValues(type.parameters)
      for parameter in type.parameters {
        if let length = lengths[parameter.key] { values[parameter.key] = length }
      }
    }
    return .shipped(id, values)
  }
}

@Suite("Shipped strategies") struct StrategyTests {
  private func flat(_ closes: [Double], name: String = "TEST") throws -> Frame {
    try HandFrames.frame(
      closes.map { BarValues(open: $0, high: $0, low: $0, close: $0, volume: 1e6) }, name: name)
  }

  /// The rows whose close led to the fills, and on which side.
  private func decisions(_ strategy: some Strategy, on frame: Frame) throws -> [String] {
    try strategy.run(on: frame).fills.map { fill in
      let row = (0..<frame.count).first { frame.knownAt[$0] == fill.orderedAt.nanoseconds } ?? -1
      return "\(fill.quantity.isNegative ? "sell" : "buy") \(row)"
    }
  }

  @Test("mean reversion buys below the band and sells at the mean, worked by hand")
  func meanReversion() throws {
    // Row 4: the last four are 10 10 10 8, mean 9.5, deviation √0.75 = 0.87: 8 is below 9.5 − 1.5 × 0.87.
    // Row 6: 10 8 8.5 9.5 have the mean 9.
    let frame = try flat([10, 10, 10, 10, 8, 8.5, 9.5, 9.5, 9.5])
    let strategy = MeanReversion(bars: 4, width: 1.5, rsiBars: 2, rsiBelow: 40)
    #expect(try decisions(strategy, on: frame) == ["buy 4", "sell 6"])
    // Fell by 2, rose by nothing: a strength of 0 is not below 0.
    let never = MeanReversion(bars: 4, width: 1.5, rsiBars: 2, rsiBelow: 0)
    #expect(throws: BacktestError.self) { try never.run(on: frame) }
  }

  @Test("a breakout passes the highs of the bars before, not its own, and ends below their lows")
  func breakout() throws {
    let frame = try flat([10, 11, 10, 11, 12, 12, 11, 10.5, 10.4, 10.4])
    #expect(try decisions(Breakout(entry: 3, exit: 2), on: frame) == ["buy 4", "sell 6"])
    // As high is not higher.
    #expect(throws: BacktestError.self) {
      try Breakout(entry: 3, exit: 2).run(on: flat([10, 11, 10, 11, 11, 11, 11]))
    }
  }

  @Test("equal weight gives back what drifted away, every so many bars and not between")
  func equalWeight() throws {
    let frames = [
      try flat([10, 10, 20, 20, 20, 20, 20], name: "A"),
      try flat(Array(repeating: 10, count: 7), name: "B"),
    ]
    let result = try Backtest.run(
      frames: frames, strategy: BalancedHolding(every: 4), settings: BacktestSettings())
    let days = Set(result.fills.map { $0.orderedAt.nanoseconds })
    #expect(days == [frames[0].knownAt[0], frames[0].knownAt[4]])
    let worth = (0..<2).map {
      Double(result.ledger.position(InstrumentID($0))) * ($0 == 0 ? 20 : 10)
    }
    #expect(abs(worth[0] / worth[1] - 1) < 0.001)
  }

  @Test(
    "momentum rotation holds what rose most with all of the account, and nothing while all fall")
  func rotation() throws {
    // Over two bars A has risen most until row 5, B from then on; in the end both fall.
    let a = [10, 11, 12, 13, 14, 14, 14, 14, 13, 12, 11, 10.0]
    let b = [10, 10, 10, 10, 10, 11, 12, 13, 12, 11, 10, 9.0]
    let result = try Backtest.run(
      frames: [flat(a, name: "A"), flat(b, name: "B")],
      strategy: MomentumRotation(lookback: 2, top: 1, every: 1), settings: BacktestSettings())
    let held = result.equity.map { ($0.exposure * 100).rounded() / 100 }
    #expect(held[4] > 0.9 && held[8] > 0.9, "\(held)")
    #expect(held[11] == 0)
    #expect(result.trades.map(\.symbol.text) == ["A", "B"])
  }

  @Test(
    "whatever comes after a bar, no shipped strategy's fills up to it change",
    arguments: StrategyCatalogue.all.map { $0.id })
  func noLookAhead(id: String) throws {
    let cut = 140
    let rows = [HandFrames.walkRows(bars: 200, seed: 5), HandFrames.walkRows(bars: 200, seed: 6)]
    func fills(_ change: (Int, BarValues) -> BarValues) throws -> [Fill] {
      let frames = try rows.enumerated().map { index, rows in
        try HandFrames.frame(rows.enumerated().map { change($0, $1) }, name: ["A", "B"][index])
      }
      let end = frames[0].knownAt[cut]
      let result = try Backtest.run(
        frames: frames, strategy: StrategyRecipe.small(id).strategy(), settings: BacktestSettings())
      return result.fills.filter { $0.time.nanoseconds <= end }
    }
    let truth = try fills { $1 }
    #expect(!truth.isEmpty)
    let other = try fills { row, bar in
      guard row > cut else { return bar }
      let scale = row % 2 == 0 ? 3.0 : 0.3
      return BarValues(
        open: bar.open * scale, high: bar.high * scale, low: bar.low * scale,
        close: bar.close * scale, volume: 1000)
    }
    #expect(truth == other)
  }

  @Test(
    "every shipped strategy has its own name, fits a screen's worth of parameters and makes trades")
  func catalogue() throws {
    let ids = StrategyCatalogue.all.map { $0.id }
    #expect(Set(ids).count == ids.count && ids.count >= 6)
    for type in StrategyCatalogue.all {
      #expect(Set(type.parameters.map(\.key)).count == type.parameters.count)
      _ = try type.init(StrategyValues(type.parameters))
    }
  }

  @Test(
    "an unknown parameter names the nearest one; values out of range and contradictions are refused"
  )
  func refusals() throws {
    let unknown = #expect(throws: BacktestError.self) {
      try StrategyCatalogue.values(["fats": 5], of: SMACross.self)
    }
    #expect(unknown?.diagnosis.remedy.contains("did you mean fast?") == true)
    let part = #expect(throws: BacktestError.self) {
      try StrategyCatalogue.values(["fast": 5.5], of: SMACross.self)
    }
    #expect(part?.diagnosis.finding == "5.5 is not a whole number from 1 to 10000")
    #expect(throws: BacktestError.self) {
      try SMACross(StrategyCatalogue.values(["fast": 50, "slow": 20], of: SMACross.self))
    }
    #expect(throws: BacktestError.unknownStrategy("sma_cros")) {
      try StrategyRecipe.shipped("sma_cros", StrategyValues([])).strategy()
    }
  }
}
