import Features
import Foundation
import Market
import TestKit

enum Synthetic {
  /// A random walk of daily bars from 2000-01-01, the same for the same seed.
  static func frame(bars: Int, seed: UInt64 = 1, symbol: String = "TEST") throws -> Frame {
    try frame(rows(bars, seed: seed), symbol: symbol)
  }

  static func rows(_ bars: Int, seed: UInt64 = 1) -> [BarValues] {
    var random = SeededGenerator(seed: seed)
    var close = 100.0
    var rows: [BarValues] = []
    for _ in 0..<bars {
      let open = close * (1 + Double.random(in: -0.005...0.005, using: &random))
      close = open * exp(Double.random(in: -0.02...0.0203, using: &random))
      rows.append(
        BarValues(
          open: open, high: max(open, close) * 1.004, low: min(open, close) * 0.995, close: close,
          volume: Double.random(in: 1e5...1e6, using: &random).rounded()))
    }
    return rows
  }

  static func frame(_ rows: [BarValues], symbol name: String = "TEST") throws -> Frame {
    let day: Int64 = 86_400_000_000_000
    // A million days would be past the end of the clock.
    let step = rows.count > 50_000 ? day / 1440 : day
    let starts = rows.indices.map { 10957 * day + 52_200_000_000_000 + Int64($0) * step }
    let ends = starts.map { $0 + min(step, 23_400_000_000_000) }
    let symbol = try Symbol(parsing: name)
    return Frame(
      symbol: symbol, interval: .day, start: Column(starts), end: Column(ends),
      knownAt: Column(ends),
      columns: [
        "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
        "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
        "volume": Column(rows.map(\.volume)),
      ])
  }
}
