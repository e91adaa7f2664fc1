import Features
import Foundation
import Market
import Synchronization

extension Leak {
  /// Cheats within one column.
  static let ofColumns: [Leak] =
    nextBar + centred + wholeColumn + backwards + filling + warmUps + unsteady + adjustments

  private static let nextBar: [Leak] = [
    Leak("close of the next bar", .nextBar, thread: 1) { $0.at($1 + 1) },
    Leak("return of the next bar", .nextBar) { $0.change($1 + 1) },
    Leak("sign of the next return", .nextBar) { $0.change($1 + 1) > 0 ? 1 : 0 },
    Leak("next open", .nextBar) { $1 + 1 < $0.count ? $0.open[$1 + 1] : .nan },
    Leak("next volume over this", .nextBar) {
      $1 + 1 < $0.count ? $0.volume[$1 + 1] / $0.volume[$1] : .nan
    },
    Leak("next bar on Fridays only", .nextBar) {
      $0.weekday($1) == 5 ? $0.at($1 + 1) : $0.at($1)
    },
    Leak("next bar in one row of nine", .nextBar) { $0.at($1 % 9 == 4 ? $1 + 1 : $1) },
    Leak("a millionth of the next close", .nextBar) { bars, row in
      bars.at(row) + (row + 1 < bars.count ? 1e-6 * bars.at(row + 1) : 0)
    },
    Leak("close of the bar after the next", .nextBar) { $0.at($1 + 2) },
    Leak("close of thirty bars on", .nextBar) { $0.at($1 + 30) },
  ]

  private static let centred: [Leak] = [
    Leak("mean of three around", .centred) { mean($0.around($1, 1, 1)) },
    Leak("mean of eleven around", .centred) { mean($0.around($1, 5, 5)) },
    Leak("median of five around", .centred) { bars, row in
      let window = bars.around(row, 2, 2).sorted()
      return window[window.count / 2]
    },
    Leak("highest of five around", .centred) { $0.around($1, 2, 2).max() ?? .nan },
    Leak("deviation of seven around", .centred) { bars, row in
      let window = bars.around(row, 3, 3)
      return mean(window.map { ($0 - mean(window)) * ($0 - mean(window)) })
    },
    Leak("Savitzky-Golay of five", .centred) { bars, row in
      let weights = [-3.0, 12, 17, 12, -3]
      return (-2...2).reduce(0) { $0 + weights[$1 + 2] * bars.at(row + $1) } / 35
    },
    Leak("turning point, as a chart shows it", .centred) { bars, row in
      bars.at(row) > bars.at(row - 1) && bars.at(row) > bars.at(row + 1) ? 1 : 0
    },
  ]

  private static let wholeColumn: [Leak] = [
    Leak("between least and greatest of the file", .wholeColumn, thread: 3) { bars, row in
      (bars.at(row) - bars.sorted[0]) / (bars.sorted[bars.count - 1] - bars.sorted[0])
    },
    Leak("score by the file's mean and deviation", .wholeColumn) {
      ($0.at($1) - $0.mean) / $0.deviation
    },
    Leak("share of the file's greatest", .wholeColumn) { $0.at($1) / ($0.close.max() ?? 1) },
    Leak("rank in the file", .wholeColumn) { bars, row in
      Double(bars.close.count { $0 < bars.at(row) })
    },
    Leak("less the file's mean", .wholeColumn) { $0.at($1) - $0.mean },
    Leak("cut at the file's quantiles", .wholeColumn) { bars, row in
      min(max(bars.at(row), bars.sorted[bars.count / 20]), bars.sorted[bars.count * 19 / 20])
    },
    Leak("over the last close", .wholeColumn) { $0.at($1) / $0.at($0.count - 1) },
    Leak("place in the file", .wholeColumn) { Double($1) / Double($0.count) },
    Leak("less a line through the file", .wholeColumn) { bars, row in
      bars.at(row) - bars.mean
        - (bars.at(bars.count - 1) - bars.at(0)) / Double(bars.count) * Double(row)
    },
    Leak("above the file's median", .wholeColumn) { bars, row in
      bars.at(row) > bars.sorted[bars.count / 2] ? 1 : 0
    },
  ]

  private static let backwards: [Leak] = [
    Leak("exponential mean run backwards", .backwards) { bars, row in
      bars.close[row...].reversed().reduce(bars.at(bars.count - 1)) { $0 + 0.2 * ($1 - $0) }
    },
    Leak("sum to the end", .backwards) { $0.close[$1...].reduce(0, +) },
    Leak("filtered forwards and backwards", .backwards) { bars, row in
      var forward = bars.close
      for index in 1..<forward.count {
        forward[index] += 0.5 * (forward[index - 1] - forward[index])
      }
      return forward[row...].reversed().reduce(forward[bars.count - 1]) { $0 + 0.3 * ($1 - $0) }
    },
    Leak("highest still to come", .backwards) { $0.close[$1...].max() ?? .nan },
    Leak("bars to the next new high", .backwards) { bars, row in
      Double((row..<bars.count).first { bars.at($0) > bars.at(row) } ?? bars.count)
    },
    Leak("mean of the next twenty, from the end", .backwards) { mean($0.around($1, 0, 20)) },
  ]

  private static let filling: [Leak] = [
    Leak("holes filled from behind", .filling) { $0.at($1 % 6 == 2 ? $1 + 1 : $1) },
    Leak("holes filled by a straight line", .filling) { bars, row in
      row % 6 == 2 ? (bars.at(row - 1) + bars.at(row + 1)) / 2 : bars.at(row)
    },
    Leak("the week's close on all its days", .filling) { $0.at($0.endOfWeek($1)) },
    Leak("the week's highest on all its days", .filling) { bars, row in
      bars.close[row...bars.endOfWeek(row)].max() ?? .nan
    },
    Leak("every fifth close, spread backwards", .filling) { $0.at($1 / 5 * 5 + 4) },
  ]

  private static let warmUps: [Leak] = [
    Leak("mean over what there is", .warmUp, thread: 4, cause: .warmUp, lookBack: 9) {
      mean($0.around($1, 9, 0))
    },
    Leak("zero instead of missing", .warmUp, cause: .warmUp, lookBack: 9) {
      $1 < 9 ? 0 : mean($0.around($1, 9, 0))
    },
    Leak("fifty until it is known", .warmUp, cause: .warmUp, lookBack: 14) {
      $1 < 14 ? 50 : $0.at($1)
    },
    Leak("begun a bar too early", .warmUp, cause: .warmUp, lookBack: 5) {
      $1 < 4 ? .nan : $0.at($1 - 4)
    },
  ]

  private static let unsteady: [Leak] = [
    Leak("drawn anew", .nondeterminism, cause: .nondeterminism) { bars, row in
      bars.at(row) + .random(in: 0...1e-9)
    },
    Leak("the clock", .nondeterminism, cause: .nondeterminism) { _, _ in
      Date().timeIntervalSinceReferenceDate
    },
    Leak("remembers how often it was asked", .nondeterminism, cause: .nondeterminism) { bars, row in
      bars.at(row) + Double(calls.add(1, ordering: .relaxed).newValue)
    },
  ]

  private static let calls = Atomic(0)

  private static let adjustments: [Leak] = [
    Leak("adjusted by a split still to come", .adjustment) { bars, row in
      let jump = (row + 1..<max(row + 1, bars.count)).first { abs(bars.change($0)) > 0.02 }
      return jump == nil ? bars.at(row) : bars.at(row) / 2
    },
    Leak("adjusted to end at the last price", .adjustment) { bars, row in
      bars.at(row) * bars.at(bars.count - 1) / bars.at(0)
    },
    Leak("currency at the last rate", .adjustment) { bars, row in
      bars.at(row) * (bars.volume.last ?? 1)
    },
  ]

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
