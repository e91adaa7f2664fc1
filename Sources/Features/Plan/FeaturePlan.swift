import Market
import Numerics

/// Formulas compiled together, once, so that what they share is computed once.
///
/// The same steps make the batch form (`FeatureBatch`: blocks of rows, symbols in lanes) and the stream
/// (`PlanStream`: blocks of one row); an operation rounds alike in both, so their bits are equal.
public struct FeaturePlan: Sendable {
  /// The columns it reads, in the order in which a stream is given them.
  public let inputs: [String]
  public let outputCount: Int
  let steps: [Step]

  public init(_ formulas: [Expression]) {
    var builder = PlanBuilder()
    for (output, formula) in formulas.enumerated() { builder.emit(formula, output: output) }
    inputs = builder.inputs
    steps = builder.steps
    outputCount = formulas.count
  }

  /// The values of each symbol, by output.
  public func columns(
    over bars: [BarColumns], pool: Pool = .shared
  ) throws(FeatureError) -> [[Column<Double>]] {
    var columns: [[Column<Double>]] = []
    for bars in bars { columns.append(try inputColumns(of: bars)) }
    let table = FeatureTable(counts: bars.map(\.count), outputCount: outputCount)
    FeatureBatch(self, columns: columns, into: table, pool: pool).run()
    return bars.indices.map { symbol in
      (0..<outputCount).map { table.column(symbol: symbol, output: $0) }
    }
  }

  /// What a bar by bar run gives, by output.
  public func streamed(over bars: BarColumns) throws(FeatureError) -> [Column<Double>] {
    let columns = try inputColumns(of: bars)
    let table = FeatureTable(counts: [bars.count], outputCount: outputCount)
    let stream = PlanStream(self)
    var bar = [Double](repeating: .nan, count: inputs.count)
    for row in 0..<bars.count {
      for (input, column) in columns.enumerated() { bar[input] = column[row] }
      stream.update(bar.span)
      for (output, value) in stream.values.enumerated() {
        table.target(symbol: 0, output: output)[row] = value
      }
    }
    return (0..<outputCount).map { table.column(symbol: 0, output: $0) }
  }

  public func inputColumns(of bars: BarColumns) throws(FeatureError) -> [Column<Double>] {
    var columns: [Column<Double>] = []
    for name in inputs { columns.append(try bars.column(name)) }
    return columns
  }
}
