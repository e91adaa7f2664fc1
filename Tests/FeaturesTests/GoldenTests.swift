import Features
import Foundation
import Market
import TestKit
import Testing

@Suite("TA-Lib's own values") struct GoldenTests {
  /// As Golden/make_talib.py writes them.
  private static let rows = 600
  private static let blocks: [[Double]] = {
    let path = Package.path("Tests/FeaturesTests/Golden/talib93.f8")
    let data = FileManager.default.contents(atPath: path) ?? Data()
    let numbers = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    return stride(from: 0, to: numbers.count, by: rows).map { Array(numbers[$0..<$0 + rows]) }
  }()

  @Test("the 93 columns equal TA-Lib's to 1e-10 of their greatest value", arguments: [0, 1])
  func equalTALib(sample: Int) throws {
    try #require(Self.blocks.count == 2 * (5 + 93))
    let block = Self.blocks[sample * 98..<(sample + 1) * 98].map { $0 }
    let bars = try BarColumns(
      Synthetic.frame(
        (0..<Self.rows).map { row in
          BarValues(
            open: block[0][row], high: block[1][row], low: block[2][row], close: block[3][row],
            volume: block[4][row])
        }))
    let plan = FeaturePlan(TALib93.formulas.map(\.expression))
    let columns = try plan.columns(over: [bars])[0]
    for (formula, (ours, theirs)) in zip(TALib93.formulas, zip(columns, block[5...])) {
      let greatest = theirs.reduce(0) { max($0, $1.isNaN ? 0 : $1.magnitude) }
      let wrong = (0..<Self.rows).first { row in
        ours[row].isNaN != theirs[row].isNaN
          || (ours[row] - theirs[row]).magnitude > 1e-10 * greatest
      }
      if let wrong {
        Issue.record("\(formula.about.name) row \(wrong): \(ours[wrong]), not \(theirs[wrong])")
      }
    }
  }
}
