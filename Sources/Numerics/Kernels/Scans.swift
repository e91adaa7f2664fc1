// Running folds, one value after the other: what stands before an element never depends on what
// comes after it. A NaN makes the rest NaN. The output may be the input.

extension Vector {
  /// Running sums, carried in Double and rounded once each.
  package static func cumulativeSum(
    _ input: Span<Float>, into output: inout MutableSpan<Float>
  ) throws(ShapeError) {
    try checkScan("cumulativeSum", input.count, output.count)
    var sum = 0.0
    for i in input.indices {
      sum += Double(input[i])
      output[i] = Float(sum)
    }
  }

  /// Running sums, with the rounding of every step carried along (Neumaier 1974).
  package static func cumulativeSum(
    _ input: Span<Double>, into output: inout MutableSpan<Double>
  ) throws(ShapeError) {
    try checkScan("cumulativeSum", input.count, output.count)
    var sum = 0.0
    var lost = 0.0
    for i in input.indices {
      let value = input[i]
      let next = sum + value
      // Knuth's two-sum; an infinite sum has lost nothing.
      let rest = next - sum
      let step = (sum - (next - rest)) + (value - rest)
      sum = next
      lost += next.isFinite ? step : 0
      output[i] = next + lost
    }
  }

  /// Running products.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func cumulativeProduct<T: VectorScalar>(
    _ input: Span<T>, into output: inout MutableSpan<T>
  ) throws(ShapeError) {
    try checkScan("cumulativeProduct", input.count, output.count)
    var product: T = 1
    for i in input.indices {
      product *= input[i]
      output[i] = product
    }
  }

  /// Running greatest values.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func cumulativeMaximum<T: VectorScalar>(
    _ input: Span<T>, into output: inout MutableSpan<T>
  ) throws(ShapeError) {
    try checkScan("cumulativeMaximum", input.count, output.count)
    var greatest = -T.infinity
    for i in input.indices {
      if !(input[i] <= greatest) && !greatest.isNaN { greatest = input[i] }
      output[i] = greatest
    }
  }

  /// Running least values.
  @specialized(where T == Float)
  @specialized(where T == Double)
  package static func cumulativeMinimum<T: VectorScalar>(
    _ input: Span<T>, into output: inout MutableSpan<T>
  ) throws(ShapeError) {
    try checkScan("cumulativeMinimum", input.count, output.count)
    var least = T.infinity
    for i in input.indices {
      if !(input[i] >= least) && !least.isNaN { least = input[i] }
      output[i] = least
    }
  }

  private static func checkScan(
    _ operation: String, _ input: Int, _ output: Int
  ) throws(ShapeError) {
    guard input == output else {
      throw .counts(operation: operation, first: input, second: output)
    }
  }
}
