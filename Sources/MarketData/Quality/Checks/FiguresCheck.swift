import Foundation
import Market
import Runtime

/// Whether the figures of each bar are numbers and agree with each other.
enum FiguresCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    let names = BarLayout.required.filter { batch[$0] != nil }
    let columns = names.compactMap { batch[$0] }
    func faulty(_ code: FindingCode, _ isFaulty: (Double) -> Bool) -> [Finding] {
      let rows = (0..<batch.count).filter { row in columns.contains { isFaulty($0[row]) } }
      return subject.findings(code, rows: rows, of: batch) { row in
        let values = zip(names, columns).filter { isFaulty($0.1[row]) }
          .map { "\($0.0) is \(FindingWords.price($0.1[row]))" }
        return "\(subject.time(batch.start[row])): \(values.joined(separator: ", "))"
      }
    }
    return faulty(.missingPrice, \.isNaN) + faulty(.infinitePrice, \.isInfinite)
      + faulty(.zeroPrice) { $0 == 0 } + faulty(.negativePrice) { $0 < 0 && $0.isFinite }
      + range(subject) + volume(subject)
  }

  private static func range(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    guard let prices = Prices(batch) else { return [] }
    var (crossed, outside, rounded): ([Int], [Int], [Int]) = ([], [], [])
    let step = Rounding.step(of: prices)
    for row in 0..<batch.count {
      let (open, high, low, close) = (
        prices.open[row], prices.high[row], prices.low[row], prices.close[row]
      )
      // What is no price is told by its own code.
      guard open.isFinite, high.isFinite, low.isFinite, close.isFinite, min(open, close) > 0,
        min(high, low) > 0
      else { continue }
      if high < low {
        crossed.append(row)
      } else if max(open, close) > high || min(open, close) < low {
        let beyond = max(max(open, close) - high, low - min(open, close))
        // A hundredth more, because the difference of two decimals is not exact.
        if beyond <= max(step * 1.01, high * 1e-6) {
          rounded.append(row)
        } else {
          outside.append(row)
        }
      }
    }
    let share = Double(outside.count) / Double(max(1, batch.count))
    func words(_ row: Int) -> String {
      "\(subject.time(batch.start[row])): open \(FindingWords.price(prices.open[row])), high "
        + "\(FindingWords.price(prices.high[row])), low \(FindingWords.price(prices.low[row])), close "
        + FindingWords.price(prices.close[row])
    }
    return subject.findings(.highBelowLow, rows: crossed, of: batch, words)
      + subject.findings(
        .outsideRange, share > subject.thresholds.outsideRangeShareMax ? .error : .warning,
        rows: outside, of: batch, words)
      + subject.findings(.outsideRangeByRounding, rows: rounded, of: batch, words)
  }

  private static func volume(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    guard let volume = batch.volume else { return [] }
    func faulty(_ code: FindingCode, _ isFaulty: (Double) -> Bool) -> [Finding] {
      let rows = (0..<batch.count).filter { isFaulty(volume[$0]) }
      return subject.findings(code, rows: rows, of: batch) { row in
        let value = volume[row]
        return "\(subject.time(batch.start[row])): volume is "
          + (value.isFinite ? FigureText.fixed(value, decimals: 0) : FindingWords.price(value))
      }
    }
    return faulty(.missingVolume) { !$0.isFinite }
      + faulty(.negativeVolume) { $0 < 0 && $0.isFinite }
  }
}

/// To how many decimals a source writes its prices.
enum Rounding {
  /// One unit of the last decimal, or 0 where prices have more of them than anyone rounds to.
  static func step(of prices: Prices) -> Double {
    let count = prices.close.count
    // A few hundred prices from all over the series tell.
    let stride = max(1, count / 500)
    let sample = Swift.stride(from: 0, to: count, by: stride).map { prices.close[$0] }
      .filter(\.isFinite)
    guard !sample.isEmpty else { return 0 }
    for decimals in 0...4 {
      let scale = pow(10, Double(decimals))
      let onGrid = sample.count { isWhole($0 * scale) }
      if Double(onGrid) >= 0.98 * Double(sample.count) { return 1 / scale }
    }
    return 0
  }

  /// Within what a decimal loses in binary.
  static func isWhole(_ value: Double) -> Bool {
    abs(value - value.rounded()) <= max(1e-6, abs(value) * 1e-9)
  }
}
