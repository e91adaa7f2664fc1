import Features
import Market
import TestKit
import Testing

@Suite("Windows that are looked at afresh, and quotients") struct WindowTests {
  /// Closes with many equals, both signs and both zeros.
  private static let closes: [Double] = {
    var random = SeededGenerator(seed: 7)
    return (0..<300).map { _ in Double(Int.random(in: -6...6, using: &random)) / 2 }
  }()

  private static func bars() throws -> BarColumns {
    var rows = Synthetic.rows(closes.count)
    for (row, close) in closes.enumerated() { rows[row].close = close }
    return try BarColumns(Synthetic.frame(rows))
  }

  private func expect(
    _ function: WindowFunction, _ width: Int, is value: ([Double]) -> Double
  ) throws {
    let plan = FeaturePlan([Expression.close.window(function, width)])
    let bars = try Self.bars()
    let batch = try plan.columns(over: [bars])[0][0]
    let stream = try plan.streamed(over: bars)[0]
    for row in width - 1..<Self.closes.count {
      let wanted = value(Array(Self.closes[row - width + 1...row]))
      guard (batch[row] - wanted).magnitude > 1e-14 || stream[row] != batch[row] else { continue }
      Issue.record("\(function) of \(width), row \(row): \(batch[row]), \(stream[row]), \(wanted)")
      break
    }
    #expect(batch.prefix(width - 1).allSatisfy { $0.isNaN })
  }

  @Test("quantiles are those of the sorted window", arguments: [1, 2, 3, 4, 5, 8, 9, 60])
  func quantiles(width: Int) throws {
    for share in [0, 0.05, 0.2, 0.5, 0.51, 0.8, 0.95, 1] {
      try expect(.quantile(share), width) { window in
        let sorted = window.sorted()
        let place = share * Double(width - 1)
        let (lower, upper) = (Int(place), min(Int(place) + 1, width - 1))
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
      }
    }
  }

  @Test("the newest or the oldest of equal extremes is counted from", arguments: [1, 2, 5, 15])
  func extremes(width: Int) throws {
    func bars(_ window: [Double], _ isBest: (Double) -> Bool, newest: Bool) -> Double {
      let place = newest ? window.lastIndex(where: isBest) : window.firstIndex(where: isBest)
      return place.map { Double(width - 1 - $0) } ?? .nan
    }
    for (function, isLeast, newest): (WindowFunction, Bool, Bool) in [
      (.barsSinceLeast, true, true), (.barsSinceFirstLeast, true, false),
      (.barsSinceGreatest, false, true), (.barsSinceFirstGreatest, false, false),
    ] {
      try expect(function, width) { window in
        let best = isLeast ? window.min() : window.max()
        return bars(window, { $0 == best }, newest: newest)
      }
    }
  }

  @Test("a rank counts the smaller values and half of its equals", arguments: [1, 5, 20])
  func ranks(width: Int) throws {
    try expect(.rank, width) { window in
      let newest = window[width - 1]
      let smaller = Double(window.count { $0 < newest })
      return (smaller + (Double(window.count { $0 == newest }) + 1) / 2) / Double(width)
    }
  }

  @Test("division by a number has the bits of a division, whatever the number and the value")
  func dividing() throws {
    var random = SeededGenerator(seed: 11)
    let values =
      (0..<2000).map { _ in
        Double.random(in: -1...1, using: &random)
          * Double(sign: .plus, exponent: .random(in: -60...60, using: &random), significand: 1)
      } + [0, -0.0, .nan, 1, 3, 7, 1e300, -1e300, 1e-290]
    var rows = Synthetic.rows(values.count)
    for (row, value) in values.enumerated() { rows[row].close = value }
    let bars = try BarColumns(Synthetic.frame(rows))
    for number in [2, 3, 5, 7, 10, 14, 20, 49, 252, -3, 0.1, 1e-3, 12345.678, 1e308, 0] {
      let plan = FeaturePlan([Expression.close / .constant(number)])
      let batch = try plan.columns(over: [bars])[0][0]
      for (row, value) in values.enumerated() {
        let wanted = value / number
        let isSame = batch[row].bitPattern == wanted.bitPattern
        #expect(wanted.isFinite ? isSame : batch[row].isNaN, "\(value) / \(number): \(batch[row])")
      }
    }
  }
}
