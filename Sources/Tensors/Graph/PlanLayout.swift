import Numerics

/// Which operations a plan runs, and where in its memory everything lies.
///
/// Time is counted in operations: operation i runs forward at i and, of n, backward at 2n − 1 − i.
struct PlanLayout<T: VectorScalar> {
  /// The operations that the outputs need, in order.
  let operations: [Int]
  /// Numbers of memory, the common work space at the end.
  private(set) var count = 0
  private(set) var scratchOffset = 0
  private(set) var lossGradient: Int?
  private var plan = MemoryPlan()
  private var values: [Int: Int] = [:]
  private var gradients: [Int: Int] = [:]
  private var saved: [Int: Int] = [:]
  private var prepared: [Int: Int] = [:]
  /// By record: whether the loss depends on it in a way that has a gradient.
  let isDifferentiated: [Bool]
  /// Roots of which only parts get a gradient at a time, and which begin as zeros for that reason.
  private(set) var cleared: Set<Int> = []

  init(_ graph: Graph<T>, outputs: [Int], loss: Int?) {
    let isNeeded = Self.needed(graph, outputs)
    operations = graph.records.indices.filter { isNeeded[$0] && graph.operation($0) != nil }
    let leadsToLoss = Self.needed(graph, loss.map { [$0] } ?? [])
    isDifferentiated = graph.records.indices.map {
      leadsToLoss[$0] && graph.records[$0].needsGradient
    }
    placeValues(graph, outputs)
    if let loss { placeGradients(graph, loss) }
    let alignment = T.Lanes.scalarCount
    plan.place(alignedTo: alignment)
    let scratch = operations.map { graph.operation($0)?.0.scratchCount ?? 0 }.max() ?? 0
    scratchOffset = Memory<T>.rounded(plan.count)
    count = scratchOffset + scratch
    lossGradient = loss.flatMap { gradients[graph.root(of: $0).id] }.map { plan.offset($0) }
  }

  func valueOffset(_ root: Int) -> Int? { values[root].map { plan.offset($0) } }
  func gradientOffset(_ root: Int) -> Int? { gradients[root].map { plan.offset($0) } }
  func savedOffset(_ id: Int) -> Int { saved[id].map { plan.offset($0) } ?? 0 }
  func preparedOffset(_ id: Int) -> Int { prepared[id].map { plan.offset($0) } ?? 0 }

  /// By record: whether one of the outputs depends on it.
  private static func needed(_ graph: Graph<T>, _ outputs: [Int]) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: graph.records.count)
    for output in outputs { isNeeded[output] = true }
    for id in graph.records.indices.reversed() where isNeeded[id] {
      switch graph.records[id].source {
      case .operation(_, let inputs): for input in inputs { isNeeded[input] = true }
      case .view(let base, _): isNeeded[base] = true
      case .input, .parameter: break
      }
    }
    return isNeeded
  }

  private mutating func placeValues(_ graph: Graph<T>, _ outputs: [Int]) {
    let end = 2 * operations.count
    // Inputs keep their places: somebody writes them between runs.
    for id in graph.records.indices {
      guard case .input = graph.records[id].source else { continue }
      values[id] = plan.add(count: graph.records[id].shape.count, first: -1, last: end)
    }
    for (time, id) in operations.enumerated() {
      guard let (operation, inputs) = graph.operation(id) else { continue }
      let isDifferentiated = isDifferentiated[id]
      let backward = end - 1 - time
      values[id] = plan.add(
        count: graph.records[id].shape.count, first: time,
        last: isDifferentiated && operation.keeps.contains(.output) ? backward : time)
      if operation.savedCount > 0 {
        saved[id] = plan.add(
          count: operation.savedCount, first: time, last: isDifferentiated ? backward : time)
      }
      if operation.preparedCount > 0 {
        prepared[id] = plan.add(count: operation.preparedCount, first: -1, last: end)
      }
      for input in inputs {
        guard let buffer = values[graph.root(of: input).id] else { continue }
        let isKept = isDifferentiated && operation.keeps.contains(.inputs)
        plan.extend(buffer, to: isKept ? backward : time)
      }
    }
    for output in outputs {
      if let buffer = values[graph.root(of: output).id] { plan.extend(buffer, to: end) }
    }
  }

  private mutating func placeGradients(_ graph: Graph<T>, _ loss: Int) {
    let end = 2 * operations.count
    add(graph, gradientOf: graph.root(of: loss).id, from: operations.count)
    for (time, id) in operations.enumerated().reversed() where isDifferentiated[id] {
      let backward = end - 1 - time
      guard let (_, inputs) = graph.operation(id) else { continue }
      for input in inputs where graph.records[input].needsGradient {
        let root = graph.root(of: input).id
        if graph.records[input].shape.count != graph.records[root].shape.count {
          cleared.insert(root)
        }
        add(graph, gradientOf: root, from: backward)
      }
      if let buffer = gradients[id] { plan.extend(buffer, to: backward) }
    }
  }

  private mutating func add(_ graph: Graph<T>, gradientOf root: Int, from time: Int) {
    guard gradients[root] == nil else { return }
    var last = time
    switch graph.records[root].source {
    case .parameter, .view: return
    case .input: last = 2 * operations.count
    case .operation: break
    }
    gradients[root] = plan.add(count: graph.records[root].shape.count, first: time, last: last)
  }
}

extension Graph {
  /// The operation of a record and its inputs.
  func operation(_ id: Int) -> (any Operation<T>, [Int])? {
    guard case .operation(let operation, let inputs) = records[id].source else { return nil }
    return (operation, inputs)
  }
}
