/// Runs a plan bar by bar for one symbol. A bar allocates nothing.
public final class PlanStream {
  public let plan: FeaturePlan
  /// The latest value of each output; missing before the first bar.
  public private(set) var values: [Double]
  private let memory: PlanMemory

  public init(_ plan: FeaturePlan) {
    self.plan = plan
    values = [Double](repeating: .nan, count: plan.outputCount)
    memory = PlanMemory(Layout(plan.steps, lanes: 1, blockRows: 1, slackRows: 64))
  }

  /// Takes the next bar, its numbers in the order of `plan.inputs`; then `values` holds its values.
  public func update(_ bar: Span<Double>) {
    precondition(bar.count == plan.inputs.count, "a number for each input of the plan")
    bar.withUnsafeBufferPointer { bar in
      values.withUnsafeMutableBufferPointer { values in
        memory.run(rows: 1, StreamDoor(bar: bar, values: values))
      }
    }
  }
}

private struct StreamDoor: PlanDoor {
  let bar: UnsafeBufferPointer<Double>
  let values: UnsafeMutableBufferPointer<Double>

  @inline(__always)
  func read(_ input: Int, into rows: UnsafeMutablePointer<Double>) { rows.pointee = bar[input] }

  @inline(__always)
  func write(_ output: Int, from rows: UnsafePointer<Double>) {
    values[output] = rows.pointee.orMissing
  }
}
