import Features
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

/// Trades by a list of instants and positions that was worked out before the run, as a person's research
/// notebook does.
private struct Precomputed: Strategy {
  let name = "precomputed"
  let warmUp = 1
  /// By what is known when it acts.
  let wants: [Int64: Bool]
  private var holds = false

  init(_ wants: [Int64: Bool]) { self.wants = wants }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard let wants = wants[bar.bar.knownAt.nanoseconds], wants != holds else { return }
    holds = wants
    desk.hold(wants ? 1 : 0, of: bar.instrument)
  }
}

@Suite("Planted strategies") struct StrategyProofTests {
  private func proof(
    _ frames: [Frame], seed: UInt64, _ make: @escaping StrategyProof.Maker
  ) throws -> StrategyProof {
    var settings = BacktestSettings()
    settings.isContinuous = true
    return try StrategyProof(frames: frames, settings: settings, seed: seed, make: make)
  }

  private func signals(_ frame: Frame, _ wants: (Int) -> Bool?) -> AnyStrategy {
    var byInstant: [Int64: Bool] = [:]
    for row in 0..<frame.count {
      if let wants = wants(row) { byInstant[frame.knownAt[row]] = wants }
    }
    return AnyStrategy(Precomputed(byInstant))
  }

  private struct Variant {
    let frame: Frame
    let length: Int
    let threshold: Double
  }

  /// Other bars, lengths and thresholds each time.
  private func variant(_ number: Int, minutes: Bool = false) throws -> Variant {
    var random = SeededGenerator(seed: UInt64(7000 + number))
    let count = Int.random(in: 150...300, using: &random)
    let rows = HandFrames.walkRows(
      bars: count, drift: Double.random(in: -0.002...0.002, using: &random),
      seed: UInt64(number))
    let length = Int.random(in: 2...20, using: &random)
    let threshold = Double.random(in: -0.5...0.5, using: &random)
    guard minutes else {
      return Variant(frame: try HandFrames.frame(rows), length: length, threshold: threshold)
    }
    let step: Int64 = 300_000_000_000
    let starts = rows.indices.map { 1_704_205_800_000_000_000 + Int64($0) * step }
    let ends = Column(starts.map { $0 + step })
    let frame = Frame(
      symbol: try Symbol(parsing: "TEST"), interval: try BarInterval(parsing: "5min"),
      start: Column(starts), end: ends, knownAt: ends,
      columns: [
        "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
        "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
        "volume": Column(rows.map(\.volume)),
      ])
    return Variant(frame: frame, length: length, threshold: threshold)
  }

  private static let variants = 100

  @Test("the close of the bar that it is filled in: flagged in every one of 100 variants")
  func sameBar() throws {
    for number in 0..<Self.variants {
      let variant = try variant(number)
      let found = try proof([variant.frame], seed: UInt64(number)) { frames throws(BacktestError) in
        let close = frames[0]["close"] ?? Column(repeating: .nan, count: frames[0].count)
        // Acts after bar t on what bar t + 1 closes at, and is filled at that bar's open.
        return signals(frames[0]) { row in
          row + 1 < close.count && row >= variant.length
            ? close[row + 1] > close[row + 1 - variant.length] : nil
        }
      }
      #expect(!found.isClean, "variant \(number): \(found.sentence)")
    }
  }

  @Test("a scale over the whole column: flagged in every one of 100 variants")
  func wholeColumn() throws {
    for number in 0..<Self.variants {
      let variant = try variant(number)
      let found = try proof([variant.frame], seed: UInt64(number)) { frames throws(BacktestError) in
        let close = frames[0]["close"].map(Array.init) ?? []
        let mean = close.reduce(0, +) / Double(max(1, close.count))
        let squares = close.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, close.count))).squareRoot()
        return signals(frames[0]) { row in
          (close[row] - mean) / max(deviation, 1e-12) > variant.threshold
        }
      }
      #expect(!found.isClean, "variant \(number): \(found.sentence)")
    }
  }

  @Test("an hourly bar that has not ended: flagged in every one of 100 variants")
  func unfinishedHour() throws {
    for number in 0..<Self.variants {
      let variant = try variant(number, minutes: true)
      let found = try proof([variant.frame], seed: UInt64(number)) { frames throws(BacktestError) in
        let close = frames[0]["close"].map(Array.init) ?? []
        // Twelve bars of five minutes: each sees the close of the hour that it lies in.
        let hours = close.indices.map { close[min(close.count - 1, $0 / 12 * 12 + 11)] }
        return signals(frames[0]) { row in
          row >= 12 ? hours[row] > hours[row - 12] * (1 + 0.02 * variant.threshold) : nil
        }
      }
      #expect(!found.isClean, "variant \(number): \(found.sentence)")
    }
  }

  @Test(
    "the same three, rightly made, are clean: lagged, scaled by the past, hours that have ended")
  func rightlyMade() throws {
    for number in 0..<12 {
      let daily = try variant(number)
      let minutes = try variant(number, minutes: true)
      let lagged = try proof([daily.frame], seed: 1) { frames throws(BacktestError) in
        let close = frames[0]["close"].map(Array.init) ?? []
        return signals(frames[0]) { row in
          row >= daily.length ? close[row] > close[row - daily.length] : nil
        }
      }
      let scaled = try proof([daily.frame], seed: 1) { frames throws(BacktestError) in
        let close = frames[0]["close"].map(Array.init) ?? []
        return signals(frames[0]) { row in
          let past = close[...row]
          return close[row] > past.reduce(0, +) / Double(past.count) * (1 + 0.01 * daily.threshold)
        }
      }
      let ended = try proof([minutes.frame], seed: 1) { frames throws(BacktestError) in
        let close = frames[0]["close"].map(Array.init) ?? []
        return signals(frames[0]) { row in
          let hour = (row + 1) / 12
          return hour >= 2 ? close[hour * 12 - 1] > close[(hour - 1) * 12 - 1] : nil
        }
      }
      for found in [lagged, scaled, ended] {
        #expect(found.isClean && found.compared > 0, "variant \(number): \(found.sentence)")
      }
    }
  }

  @Test("every shipped strategy is clean", arguments: StrategyCatalogue.all.map { $0.id })
  func shipped(id: String) throws {
    let frames = [
      try HandFrames.walk("A", bars: 220, seed: 4), try HandFrames.walk("B", bars: 220, seed: 5),
    ]
    let found = try proof(frames, seed: 3) { _ throws(BacktestError) in
      try StrategyRecipe.small(id).strategy()
    }
    #expect(found.isClean && found.compared > 0, "\(found.sentence)")
  }
}
