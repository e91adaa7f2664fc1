import Features
import Market
import Runtime
import TestKit
import Testing

@Suite("Labels")
struct LabelTests {
  private static func frame(closes: [Double]) throws -> Frame {
    try Synthetic.frame(
      closes.map { BarValues(open: $0, high: $0 + 1, low: $0 - 1, close: $0, volume: 100) })
  }

  @Test("a forward return is the change over exactly the horizon, missing where that is not over")
  func forwardReturn() throws {
    let label = try ForwardReturn(horizon: 2)
    let column = try label.column(over: Self.frame(closes: [100, 110, 121, 60.5]))
    let first = 121.0 / 100.0 - 1, second = 60.5 / 110.0 - 1
    #expect(column.values[0] == first && column.values[1] == second)
    #expect(column.values[2].isNaN && column.values[3].isNaN)
    #expect(Array(column.settledRow) == [2, 3, -1, -1])
    #expect(column.settledAt[3] == .max)
  }

  @Test("classes part at the threshold, which itself is no class of its own")
  func fixedClasses() throws {
    let label = try ForwardReturn(horizon: 1, band: .fixed(0.5))
    let column = try label.column(over: Self.frame(closes: [100, 150, 226, 113, 50]))
    #expect(Array(column.values.dropLast()) == [0, 1, 0, -1])
  }

  @Test("a threshold in volatilities uses returns up to the bar and none after it")
  func volatilityClasses() throws {
    // Log returns alternate ±ln 2, so their deviation over 4 is √(4/3) ln 2 = 0.800.
    let closes = [1.0, 2, 1, 2, 1, 4, 4].map { 10 * $0 }
    func value(_ multiple: Double) throws -> Double {
      let label = try ForwardReturn(
        horizon: 1, band: .volatility(multiple: multiple, lookBack: 4))
      return try label.column(over: Self.frame(closes: closes)).values[4]
    }
    // The move at row 4 is a ratio of 3: above 3.74 volatilities, below 3.76.
    #expect(try value(3.74) == 1)
    #expect(try value(3.76) == 0)
    let label = try ForwardReturn(horizon: 1, band: .volatility(multiple: 1, lookBack: 4))
    #expect(try label.column(over: Self.frame(closes: closes)).values[3].isNaN, "warm-up")
  }

  @Test("labels do not reach across a gap beyond the limit")
  func gaps() throws {
    let whole = try Synthetic.frame(bars: 20)
    let holed = try Frame(
      checking: whole.symbol, interval: .day,
      start: Column((0..<20).filter { $0 < 8 || $0 > 13 }.map { whole.start[$0] }),
      end: Column((0..<20).filter { $0 < 8 || $0 > 13 }.map { whole.end[$0] }),
      knownAt: Column((0..<20).filter { $0 < 8 || $0 > 13 }.map { whole.knownAt[$0] }),
      columns: ["open", "high", "low", "close", "volume"].map { name in
        let values = (0..<20).filter { $0 < 8 || $0 > 13 }.map { whole[name]?[$0] ?? .nan }
        return (name: name, values: .double(Column(values)))
      })
    let limited = try ForwardReturn(horizon: 3, gapLimit: .seconds(3 * 86_400))
    let column = try limited.column(over: holed)
    #expect(
      (0..<14).map { column.values[$0].isNaN }
        == (0..<14).map { [5, 6, 7, 11, 12, 13].contains($0) })
    let free = try ForwardReturn(horizon: 3).column(over: holed)
    #expect((0..<14).filter { free.values[$0].isNaN } == [11, 12, 13])
  }

  @Test("a label looks forward as far as it says and not a bar further", arguments: 0..<6)
  func horizonIsExact(seed: Int) throws {
    let frame = try Synthetic.frame(bars: 120, seed: UInt64(seed + 1))
    let labels: [any Label] = [
      try ForwardReturn(horizon: 5), try ForwardReturn(horizon: 5, band: .fixed(0.01)),
      try ForwardReturn(horizon: 7, band: .volatility(multiple: 0.5, lookBack: 10)),
      try TripleBarrier(horizon: 6, above: 1, below: 1, lookBack: 10),
    ]
    for label in labels {
      let truth = try label.column(over: frame)
      for cut in [20, 47, 80, 118] {
        let changed = try label.column(over: Self.withNewFuture(frame, after: cut))
        for row in 0...cut where truth.settledRow[row] >= 0 && Int(truth.settledRow[row]) <= cut {
          #expect(changed.values[row].bitPattern == truth.values[row].bitPattern)
        }
        #expect(truth.settledRow.enumerated().allSatisfy { Int($1) <= $0 + label.horizon })
      }
    }
  }

  private static func withNewFuture(_ frame: Frame, after cut: Int) -> Frame {
    frame.names.reduce(frame) { changed, name in
      let values = frame[name]?.enumerated().map { $0 > cut ? $1 * 3 : $1 } ?? []
      return changed.adding(Column(values), as: name)
    }
  }

  @Test("parameters nobody can mean are refused with a remedy")
  func refusals() {
    #expect(throws: LabelError.horizonNotPositive(0)) { try ForwardReturn(horizon: 0) }
    #expect(throws: LabelError.self) { try ForwardReturn(horizon: 5, band: .fixed(-1)) }
    #expect(throws: LabelError.self) { try ForwardReturn(horizon: 5, band: .fixed(.nan)) }
    #expect(throws: LabelError.self) {
      try ForwardReturn(horizon: 5, band: .volatility(multiple: 1, lookBack: 1))
    }
    #expect(throws: LabelError.self) { try TripleBarrier(horizon: 5, above: 0, below: 1) }
    #expect(throws: LabelError.self) { try TripleBarrier(horizon: -1, above: 1, below: 1) }
    #expect(LabelError.horizonNotPositive(0).diagnosis.remedy.contains("at least 1"))
    #expect(LabelError.notPositive("threshold", -1).diagnosis.place == "threshold")
  }
}
