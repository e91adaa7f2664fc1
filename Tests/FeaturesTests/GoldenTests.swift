import Features
import Foundation
import Market
import TestKit
import Testing

@Suite("Values of the real packages") struct GoldenTests {
  @Test("the 93 columns equal TA-Lib's to 1e-10 of their greatest value", arguments: [0, 1])
  func equalTALib(sample: Int) throws {
    let golden = try GoldenBlock("talib93.f8", rows: 600, inputs: 5, outputs: 93, number: sample)
    let columns = try golden.columns(of: TALib93.formulas)
    for (formula, (ours, theirs)) in zip(TALib93.formulas, zip(columns, golden.values)) {
      golden.expectEqual(formula, ours, theirs, from: 0)
    }
  }

  /// Qlib gives values over the part of a window that is there; ours begin when it is full. Its RSQR comes
  /// from running sums that lose digits: exact fractions differ from them by 4e-10 on these bars, and
  /// from ours by 1e-12.
  @Test("the 158 factors equal Qlib's to 1e-10 of their greatest value", arguments: [0, 1])
  func equalQlib(sample: Int) throws {
    let golden = try GoldenBlock("alpha158.f8", rows: 300, inputs: 6, outputs: 158, number: sample)
    let formulas = try Catalogue.formulas(ofSet: "alpha158")
    let columns = try golden.columns(of: formulas)
    for (formula, (ours, theirs)) in zip(formulas, zip(columns, golden.values)) {
      golden.expectEqual(
        formula, ours, theirs, from: formula.about.lookBack,
        tolerance: formula.about.formula == "qlib_rsqr" ? 1e-9 : 1e-10)
    }
  }
}

/// Bars and what a real package made of them, as the scripts in Golden/ write them.
private struct GoldenBlock {
  let rows: Int
  let inputs: [[Double]]
  let values: [[Double]]

  init(_ file: String, rows: Int, inputs: Int, outputs: Int, number: Int) throws {
    let path = Package.path("Tests/FeaturesTests/Golden/\(file)")
    let data = try #require(FileManager.default.contents(atPath: path))
    let numbers = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    try #require(numbers.count == 2 * rows * (inputs + outputs))
    let columns = stride(from: 0, to: numbers.count, by: rows).map {
      Array(numbers[$0..<$0 + rows])
    }
    let block = columns[number * (inputs + outputs)..<(number + 1) * (inputs + outputs)]
    self.rows = rows
    self.inputs = Array(block.prefix(inputs))
    values = Array(block.dropFirst(inputs))
  }

  func columns(of formulas: [Formula]) throws -> [Column<Double>] {
    var frame = try Synthetic.frame(
      (0..<rows).map { row in
        BarValues(
          open: inputs[0][row], high: inputs[1][row], low: inputs[2][row], close: inputs[3][row],
          volume: inputs[4][row])
      })
    if inputs.count > 5 { frame = frame.adding(Column(inputs[5]), as: "vwap") }
    return try FeaturePlan(formulas.map(\.expression)).columns(over: [BarColumns(frame)])[0]
  }

  func expectEqual(
    _ formula: Formula, _ ours: Column<Double>, _ theirs: [Double], from first: Int,
    tolerance: Double = 1e-10
  ) {
    let greatest = theirs.reduce(0) { max($0, $1.isNaN ? 0 : $1.magnitude) }
    let wrong = (first..<rows).first { row in
      ours[row].isNaN != theirs[row].isNaN
        || (ours[row] - theirs[row]).magnitude > tolerance * greatest
    }
    if let wrong {
      Issue.record("\(formula.about.name) row \(wrong): \(ours[wrong]), not \(theirs[wrong])")
    }
  }
}
