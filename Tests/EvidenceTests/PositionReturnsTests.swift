import Evidence
import Numerics
import Testing

@Suite("Position × return") struct PositionReturnsTests {
  @Test("worked by hand: what is held earns the next bar, and changing it costs at once")
  func byHand() throws {
    let costs = try CostRates(
      halfSpread: 0.01, commission: 0.005, saleTax: 0.02, borrow: 0.1, impact: 0)
    let returns = PositionReturns.returns(
      positions: [1, 1, -0.5, 0], assetReturns: [0.3, 0.1, -0.2, 0.4], costs: costs,
      barsPerYear: 10)
    let expected = [
      -0.015,  // buys 1
      0.1,  // holds
      -0.2 - 1.5 * 0.035,  // sells 1.5, the tax included
      -0.5 * 0.4 - 0.5 * 0.015 - 0.5 * 0.01,  // a tenth of ten percent for what was borrowed
    ]
    for (ours, theirs) in zip(returns, expected) { #expect(isNear(ours, theirs, 1e-15)) }
  }

  @Test("the summary of one pass is what the metrics say of the series")
  func summary() throws {
    var random = RandomStream(seed: 2, purpose: "positions")
    let positions = (0..<500).map { _ in Double(random.index(below: 5) - 2) / 2 }
    let moves = (0..<500).map { _ in 0.01 * random.normal() }
    let costs = try CostRates(halfSpread: 0.0002, commission: 0.0001, saleTax: 0.001, borrow: 0.05)
    let series = PositionReturns.returns(
      positions: positions, assetReturns: moves, costs: costs, barsPerYear: 252)
    let summary = PositionReturns.summary(
      positions: positions, assetReturns: moves, costs: costs, barsPerYear: 252)
    var values = [1.0]
    for value in series { values.append(values[values.count - 1] * (1 + value)) }
    let performance = Performance(values: values, barsPerYear: 252)
    #expect(isNear(summary.totalReturn, performance.totalReturn, 1e-12))
    #expect(isNear(summary.maxDrawdown, performance.maxDrawdown, 1e-12))
    #expect(isNear(summary.sharpe(barsPerYear: 252), try #require(performance.sharpe), 1e-10))
    #expect(isNear(summary.annualReturn(barsPerYear: 252), performance.annualReturn, 1e-12))
    #expect(summary.count == 500 && summary.turnover > 100)
  }

  @Test("what is not known yet earns nothing: a position moves only the bars after it")
  func noLookAhead() {
    var random = RandomStream(seed: 8, purpose: "positions")
    let moves = (0..<60).map { _ in random.normal() }
    var positions = [Double](repeating: 0, count: 60)
    func run() -> [Double] {
      PositionReturns.returns(
        positions: positions, assetReturns: moves, costs: .free, barsPerYear: 252)
    }
    let before = run()
    for row in positions.indices.dropFirst(30) { positions[row] = 1 }
    #expect(run()[...30] == before[...30])
    #expect(run()[31] == moves[31])
  }

  @Test("costs are parts from 0 to below 1, and doubling doubles them")
  func costs() throws {
    #expect(throws: EvidenceError.self) { try CostRates(halfSpread: -0.1) }
    #expect(throws: EvidenceError.self) { try CostRates(commission: .nan) }
    let model = try CostRates.basisPoints(halfSpread: 2, commission: 1)
    #expect(isNear(model.cost(ofChange: -2), 0.0006, 1e-15))
    #expect(isNear(model.doubled.cost(ofChange: 2), 0.0012, 1e-15))
    let steep = try CostRates(impact: 0.1)
    #expect(isNear(steep.cost(ofChange: 1, share: 0.25), 0.05, 1e-15))
  }

  @Test("equal weights by hand: drift, rebalance, and a symbol that is not there from the start")
  func equalWeight() throws {
    let costs = try CostRates(commission: 0.01)
    let returns = try EqualWeight.returns(
      assetReturns: [[0, 0.5, 0.0], [0, -0.5, 0.2]], rebalance: 2, costs: costs)
    // Bought at the first close for 1%. Then 0.75 and 0.25, not made equal before the third close.
    #expect(isNear(returns[0], -0.01, 1e-15) && isNear(returns[1], 0, 1e-15))
    let drifted = 0.25 * 0.2
    let (a, b) = (0.75 / (1 + drifted), 0.3 / (1 + drifted))
    #expect(isNear(returns[2], drifted - 0.01 * ((a - 0.5) + (0.5 - b)), 1e-15))
    let late = try EqualWeight.returns(
      assetReturns: [[0, 0.1, 0.1, 0.1], [.nan, .nan, 0.3, 0.3]], costs: .free)
    // Its first return is not earned: nobody held it then.
    #expect(isNear(late[2], 0.1, 1e-15) && isNear(late[3], 0.2, 1e-15))
    #expect(throws: EvidenceError.self) { try EqualWeight.returns(assetReturns: [], costs: .free) }
  }
}
