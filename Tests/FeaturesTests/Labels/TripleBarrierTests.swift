import Features
import Foundation
import Market
import Testing

@Suite("The triple barrier")
struct TripleBarrierTests {
  /// Five closes with log returns ±ln 1.1: their deviation over four is √(4/3) ln 1.1 = 0.11005. Then
  /// the bars given, after an entry at 100.
  private static func frame(_ later: [BarValues]) throws -> Frame {
    let warmUp = [100.0, 110, 100, 110, 100].map {
      BarValues(open: $0, high: $0, low: $0, close: $0, volume: 1)
    }
    return try Synthetic.frame(warmUp + later)
  }

  private static func bar(_ open: Double, _ high: Double, _ low: Double, _ close: Double)
    -> BarValues
  {
    BarValues(open: open, high: high, low: low, close: close, volume: 1)
  }

  private static func outcome(
    _ side: TripleBarrier.Side = .long, then later: [BarValues]
  ) throws -> TripleBarrier.Outcome? {
    // One volatility over two bars is 0.15563: barriers at 115.56 and 84.44.
    let barriers = try TripleBarrier(horizon: 2, above: 1, below: 1, lookBack: 4)
    return try barriers.outcomes(of: side, over: frame(later))[4]
  }

  private static let reach = (4.0 / 3).squareRoot() * log(1.1) * 2.0.squareRoot()

  @Test("a high at the upper barrier is a target, gained at the barrier itself")
  func target() throws {
    let found = try #require(
      try Self.outcome(then: [Self.bar(101, 116, 100, 105), Self.bar(1, 1, 1, 1)]))
    #expect(found.barrier == .target && found.row == 5)
    #expect(abs(found.gain - Self.reach) < 1e-12)
  }

  @Test("a bar that opens beyond the target gains what the open gives")
  func gapThroughTarget() throws {
    let found = try #require(
      try Self.outcome(then: [Self.bar(130, 131, 129, 130), Self.bar(1, 1, 1, 1)]))
    #expect(found.barrier == .target && abs(found.gain - 0.3) < 1e-12)
  }

  @Test("a bar that opens beyond the stop loses what the open takes")
  func gapThroughStop() throws {
    let found = try #require(
      try Self.outcome(then: [Self.bar(70, 80, 60, 75), Self.bar(1, 1, 1, 1)]))
    #expect(found.barrier == .stop && abs(found.gain + 0.3) < 1e-12)
  }

  @Test("a bar that reaches both barriers counts for the stop, whichever side the trade is on")
  func bothInOneBar() throws {
    let wide = [Self.bar(100, 120, 80, 100), Self.bar(1, 1, 1, 1)]
    #expect(try Self.outcome(.long, then: wide)?.barrier == .stop)
    #expect(try Self.outcome(.short, then: wide)?.barrier == .stop)
  }

  @Test("without a touch, time ends it at the last close")
  func time() throws {
    let found = try #require(
      try Self.outcome(then: [Self.bar(100, 101, 99, 100), Self.bar(100, 104, 99, 103)]))
    #expect(found.barrier == .time && found.row == 6 && abs(found.gain - 0.03) < 1e-12)
  }

  @Test("a short trade gains when the price falls")
  func short() throws {
    let found = try #require(
      try Self.outcome(.short, then: [Self.bar(99, 100, 80, 85), Self.bar(1, 1, 1, 1)]))
    #expect(found.barrier == .target && abs(found.gain - Self.reach) < 1e-12)
  }

  @Test("a trade that nothing has ended yet has no label, one that met a barrier has")
  func end() throws {
    #expect(try Self.outcome(then: [Self.bar(100, 101, 99, 100)]) == nil)
    #expect(try Self.outcome(then: [Self.bar(100, 120, 99, 100)])?.barrier == .target)
  }

  @Test("a meta-label says whether the proposed side made money after costs")
  func meta() throws {
    let frame = try Self.frame([Self.bar(101, 116, 100, 105), Self.bar(105, 106, 104, 105)])
    func label(side: Double, costs: Double = 0) throws -> Double {
      let barriers = try TripleBarrier(horizon: 2, above: 1, below: 1, lookBack: 4)
      let sides = Column((0..<7).map { $0 == 4 ? side : 0 })
      return try MetaLabel(barriers: barriers, costs: costs).column(over: frame, sides: sides)
        .values[4]
    }
    #expect(try label(side: 1) == 1)
    #expect(try label(side: -1) == 0)
    #expect(try label(side: 0).isNaN)
    #expect(try label(side: 1, costs: 0.2) == 0)
  }
}
