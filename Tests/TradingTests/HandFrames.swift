import Features
import Foundation
import Market
import Runtime
import TestKit
import Trading

enum HandFrames {
  static let day: Int64 = 86_400_000_000_000

  /// Daily bars of New York's hours (winter) from 2000-01-01 on, every calendar day.
  static func frame(_ rows: [BarValues], name: String = "TEST") throws -> Frame {
    guard let symbol = Symbol(name) else { throw NotASymbol() }
    let starts = rows.indices.map { (10957 + Int64($0)) * day + 52_200_000_000_000 }
    let ends = starts.map { $0 + 23_400_000_000_000 }
    return Frame(
      symbol: symbol, interval: .day, start: Column(starts), end: Column(ends),
      knownAt: Column(ends),
      columns: [
        "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
        "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
        "volume": Column(rows.map(\.volume)),
      ])
  }

  /// Bars that open at the previous close.
  static func frame(closes: [Double], name: String = "TEST") throws -> Frame {
    try frame(
      closes.indices.map { row in
        let open = closes[max(0, row - 1)]
        return BarValues(
          open: open, high: max(open, closes[row]), low: min(open, closes[row]),
          close: closes[row], volume: 1000)
      }, name: name)
  }

  /// A random walk with the given mean of daily log returns.
  static func walk(_ name: String = "TEST", bars: Int, drift: Double = 0, seed: UInt64) throws
    -> Frame
  {
    try frame(walkRows(bars: bars, drift: drift, seed: seed), name: name)
  }

  static func walkRows(bars: Int, drift: Double = 0, seed: UInt64) -> [BarValues] {
    var random = SeededGenerator(seed: seed)
    var close = 100.0
    return (0..<bars).map { _ in
      let open = close * (1 + Double.random(in: -0.01...0.01, using: &random))
      close = open * exp(drift + Double.random(in: -0.03...0.03, using: &random))
      return BarValues(
        open: open, high: max(open, close) * 1.003, low: min(open, close) * 0.997, close: close,
        volume: 1000)
    }
  }

  struct NotASymbol: Error {}
}

extension Strategy {
  /// The strategy alone on one frame, with a bootstrap as small as it may be.
  func run(
    on frame: Frame, change: (inout BacktestSettings) -> Void = { _ in }
  ) throws -> BacktestResult {
    var settings = BacktestSettings()
    settings.resamples = 100
    change(&settings)
    return try Backtest.run(frames: [frame], strategy: self, settings: settings)
  }
}
