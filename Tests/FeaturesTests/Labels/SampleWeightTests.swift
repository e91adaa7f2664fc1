import Features
import Foundation
import Market
import Testing

@Suite("Sample weights")
struct SampleWeightTests {
  /// The definition, bar by bar.
  private static func reference(
    _ labels: LabelColumn, _ share: (_ row: Int, _ alive: Int) -> Double, mean: Bool
  ) -> [Double] {
    let count = labels.values.count
    func isAlive(_ label: Int, _ row: Int) -> Bool {
      row > label && row <= Int(labels.settledRow[label])
    }
    let weights = (0..<count).map { label -> Double in
      let rows = (0..<count).filter { isAlive(label, $0) }
      guard !rows.isEmpty else { return .nan }
      let sum = rows.reduce(0.0) { sum, row in
        sum + share(row, (0..<count).count { isAlive($0, row) })
      }
      return mean ? sum / Double(rows.count) : abs(sum)
    }
    let present = weights.filter { !$0.isNaN }
    let average = present.reduce(0, +) / Double(present.count)
    return weights.map { $0 / average }
  }

  private static func labels(seed: UInt64) throws -> (Frame, LabelColumn) {
    let frame = try Synthetic.frame(bars: 80, seed: seed)
    let barriers = try TripleBarrier(horizon: 8, above: 0.4, below: 0.4, lookBack: 5)
    return (frame, try barriers.column(over: frame))
  }

  @Test("uniqueness is the mean share of the bars a label lives on", arguments: 1...8)
  func uniqueness(seed: Int) throws {
    let (_, labels) = try Self.labels(seed: UInt64(seed))
    let expected = Self.reference(labels, { _, alive in 1 / Double(alive) }, mean: true)
    for (found, wanted) in zip(SampleWeights.uniqueness(labels), expected) {
      #expect(found.isNaN == wanted.isNaN && (found.isNaN || abs(found - wanted) < 1e-9))
    }
  }

  @Test("return weights share each bar's return among the labels alive on it", arguments: 1...8)
  func returns(seed: Int) throws {
    let (frame, labels) = try Self.labels(seed: UInt64(seed))
    let closes = try frame.numbers("close")
    let expected = Self.reference(
      labels, { row, alive in log(closes[row] / closes[row - 1]) / Double(alive) }, mean: false)
    for (found, wanted) in zip(try SampleWeights.returns(labels, over: frame), expected) {
      #expect(found.isNaN == wanted.isNaN && (found.isNaN || abs(found - wanted) < 1e-9))
    }
  }

  @Test("labels that never overlap weigh the same")
  func alone() throws {
    let frame = try Synthetic.frame(bars: 30)
    let labels = try ForwardReturn(horizon: 1).column(over: frame)
    #expect(SampleWeights.uniqueness(labels).dropLast().allSatisfy { abs($0 - 1) < 1e-12 })
    #expect(SampleWeights.uniqueness(labels)[29].isNaN)
  }
}
