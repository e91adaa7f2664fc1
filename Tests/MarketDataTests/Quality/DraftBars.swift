import Foundation
import Market
import MarketData
import Runtime
import TestKit

/// Bars that a test makes, spoils and hands to a check.
struct DraftBars {
  struct Row {
    var start, end, knownAt: Timestamp
    var open, high, low, close, volume: Double
  }

  var symbol: Symbol
  var interval: BarInterval
  var rows: [Row] = []

  var batch: BarBatch {
    BarBatch(
      symbol: symbol, interval: interval, start: Column(rows.map(\.start.nanoseconds)),
      end: Column(rows.map(\.end.nanoseconds)), knownAt: Column(rows.map(\.knownAt.nanoseconds)),
      columns: [
        ("open", Column(rows.map(\.open))), ("high", Column(rows.map(\.high))),
        ("low", Column(rows.map(\.low))), ("close", Column(rows.map(\.close))),
        ("volume", Column(rows.map(\.volume))),
      ])
  }

  /// Prices of `rows` multiplied, volumes divided.
  mutating func scale(_ range: Range<Int>, by factor: Double) {
    for row in range {
      rows[row].open *= factor
      rows[row].high *= factor
      rows[row].low *= factor
      rows[row].close *= factor
      rows[row].volume /= factor
    }
  }
}

extension SeededGenerator {
  mutating func element<Element>(_ all: [Element]) -> Element {
    all[Int.random(in: 0..<all.count, using: &self)]
  }

  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}

extension DraftBars {
  /// A random walk over the sessions of those days: what a clean series looks like.
  static func clean(
    _ interval: BarInterval = .day, from first: String, to last: String, seed: UInt64,
    calendar: TradingCalendar = .nyse
  ) throws -> DraftBars {
    var random = SeededGenerator(seed: seed)
    var draft = DraftBars(
      symbol: try Symbol(parsing: "TEST"), interval: interval)
    let range = try CivilDate(parsing: first)...CivilDate(parsing: last)
    var price = 20 + 300 * Double.random(in: 0..<1, using: &random)
    for session in try calendar.sessions(in: range) {
      let bars = interval.isIntraday ? session.bars(interval) : [session.open..<session.close]
      let spread = 0.014 / Double(max(1, bars.count)).squareRoot()
      for (index, bar) in bars.enumerated() {
        let open = price * exp((index == 0 ? 0.006 : 0) * random.normal())
        let close = open * exp(spread * random.normal())
        let high = max(open, close) * exp(spread / 2 * abs(random.normal()))
        let low = min(open, close) * exp(-spread / 2 * abs(random.normal()))
        draft.rows.append(
          Row(
            start: bar.lowerBound, end: bar.upperBound, knownAt: bar.upperBound, open: open,
            high: high, low: low, close: close,
            volume: (1e6 / Double(bars.count) * exp(0.4 * random.normal())).rounded() + 1))
        price = close
      }
    }
    return draft
  }
}

/// Findings as a test compares them: how many bars of each code.
func counts(
  _ findings: [MarketData.Finding], from severity: MarketData.Finding.Severity = .warning
) -> [String: Int] {
  findings.filter { $0.severity >= severity }.reduce(into: [:]) {
    $0[$1.code, default: 0] += $1.count
  }
}
