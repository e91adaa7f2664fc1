import Numerics

/// What a plan does when: the operations in their order, then their gradients in the opposite one, and
/// before those of a checkpointed segment the segment's operations again.
enum PlanStep: Equatable {
  case forward(Int)
  case again(Int)
  case backward(Int)
}

/// Which operations a plan runs, in which steps, and where in its memory everything lies.
///
/// Time is counted in steps.
struct PlanLayout<T: VectorScalar> {
  /// A value, or what an operation leaves for its gradient: the first one, or that of the second time.
  private struct Version: Hashable {
    let id: Int
    let isAgain: Bool
  }

  /// The operations that the outputs need, in order.
  let operations: [Int]
  let steps: [PlanStep]
  /// Numbers of memory, the common work space at the end.
  private(set) var count = 0
  private(set) var scratchOffset = 0
  private(set) var lossGradient: Int?
  private var plan = MemoryPlan()
  private var values: [Version: Int] = [:]
  private var saved: [Version: Int] = [:]
  private var gradients: [Int: Int] = [:]
  private var prepared: [Int: Int] = [:]
  /// By record: whether the loss depends on it in a way that has a gradient.
  let isDifferentiated: [Bool]
  /// Roots of which only parts get a gradient at a time, and which begin as zeros for that reason.
  private(set) var cleared: Set<Int> = []
  /// Values that nothing else is laid over: what the outputs need, and what is written between runs.
  private(set) var lasting: Set<Int> = []

  init(_ graph: Graph<T>, outputs: [Int], loss: Int?) {
    self.init(graph, outputs, loss)
    placeValues(graph, outputs)
    if let loss { placeGradients(graph, loss) }
    place(graph, loss)
  }

  /// Gradients alone, for a graph that holds its values itself and repeats nothing.
  init(gradientsOf graph: Graph<T>, loss: Int) {
    self.init(graph, [loss], loss)
    placeGradients(graph, loss)
    place(graph, loss)
  }

  private init(_ graph: Graph<T>, _ outputs: [Int], _ loss: Int?) {
    let isNeeded = Self.needed(graph, outputs)
    let isDifferentiated = Self.needed(graph, loss.map { [$0] } ?? []) { $0.needsGradient }
    let operations = graph.records.indices.filter { isNeeded[$0] && graph.operation($0) != nil }
    var steps = operations.map { PlanStep.forward($0) }
    var segment: Int?
    for id in operations.reversed() where isDifferentiated[id] {
      let next = graph.segment(of: id)
      if let next, next != segment {
        steps += operations.filter { graph.segment(of: $0) == next }.map { .again($0) }
      }
      segment = next
      steps.append(.backward(id))
    }
    self.operations = operations
    self.isDifferentiated = isDifferentiated
    self.steps = steps
  }

  private mutating func place(_ graph: Graph<T>, _ loss: Int?) {
    plan.place(alignedTo: T.Lanes.scalarCount)
    let scratch = operations.map { graph.operation($0)?.0.scratchCount ?? 0 }.max() ?? 0
    scratchOffset = Memory<T>.rounded(plan.count)
    count = scratchOffset + scratch
    lossGradient = loss.flatMap { gradients[graph.root(of: $0).id] }.map { plan.offset($0) }
  }

  func valueOffset(_ root: Int, again: Bool = false) -> Int? {
    values[Version(id: root, isAgain: again)].map { plan.offset($0) }
  }
  func gradientOffset(_ root: Int) -> Int? { gradients[root].map { plan.offset($0) } }
  func savedOffset(_ id: Int, again: Bool) -> Int {
    saved[Version(id: id, isAgain: again)].map { plan.offset($0) } ?? 0
  }
  func preparedOffset(_ id: Int) -> Int { prepared[id].map { plan.offset($0) } ?? 0 }

  /// By record: whether one of the outputs depends on it by way of records that pass.
  private static func needed(
    _ graph: Graph<T>, _ outputs: [Int], passing: (Record<T>) -> Bool = { _ in true }
  ) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: graph.records.count)
    for output in outputs { isNeeded[output] = true }
    for id in graph.records.indices.reversed() where isNeeded[id] {
      isNeeded[id] = passing(graph.records[id])
      guard isNeeded[id] else { continue }
      switch graph.records[id].source {
      case .operation(_, let inputs): for input in inputs { isNeeded[input] = true }
      case .view(let base, _): isNeeded[base] = true
      case .input, .constant, .parameter: break
      }
    }
    return isNeeded
  }

  private mutating func placeValues(_ graph: Graph<T>, _ outputs: [Int]) {
    let end = steps.count
    for id in graph.records.indices {
      switch graph.records[id].source {
      case .input, .constant:
        // They keep their places: somebody writes them between runs, or only once.
        values[Version(id: id, isAgain: false)] = plan.add(
          count: graph.records[id].shape.count, first: -1, last: end)
        lasting.insert(id)
      case .parameter, .operation, .view: break
      }
    }
    for (time, step) in steps.enumerated() {
      switch step {
      case .forward(let id): placeValue(graph, id, time, again: false)
      case .again(let id): placeValue(graph, id, time, again: true)
      case .backward(let id): keep(graph, id, until: time)
      }
    }
    for output in outputs {
      let root = graph.root(of: output).id
      lasting.insert(root)
      if let buffer = values[Version(id: root, isAgain: false)] { plan.extend(buffer, to: end) }
    }
  }

  private mutating func placeValue(_ graph: Graph<T>, _ id: Int, _ time: Int, again: Bool) {
    guard let (operation, inputs) = graph.operation(id) else { return }
    let version = Version(id: id, isAgain: again)
    values[version] = plan.add(count: graph.records[id].shape.count, first: time, last: time)
    if operation.savedCount > 0 {
      saved[version] = plan.add(count: operation.savedCount, first: time, last: time)
    }
    if operation.preparedCount > 0, prepared[id] == nil {
      prepared[id] = plan.add(count: operation.preparedCount, first: -1, last: steps.count)
    }
    extend(graph, inputs, of: id, to: time, again: again)
  }

  /// What the gradient of an operation reads lives until then.
  private mutating func keep(_ graph: Graph<T>, _ id: Int, until time: Int) {
    guard let (operation, inputs) = graph.operation(id) else { return }
    let isAgain = graph.segment(of: id) != nil
    let version = Version(id: id, isAgain: isAgain)
    if let buffer = saved[version] { plan.extend(buffer, to: time) }
    if operation.keeps.contains(.output), let buffer = values[version] {
      plan.extend(buffer, to: time)
    }
    if operation.keeps.contains(.inputs) {
      extend(graph, inputs, of: id, to: time, again: isAgain)
    }
  }

  private mutating func extend(
    _ graph: Graph<T>, _ inputs: [Int], of id: Int, to time: Int, again: Bool
  ) {
    for input in inputs {
      let root = graph.root(of: input).id
      let isAgain = again && graph.isRepeated(root, with: id)
      if let buffer = values[Version(id: root, isAgain: isAgain)] { plan.extend(buffer, to: time) }
    }
  }

  private mutating func placeGradients(_ graph: Graph<T>, _ loss: Int) {
    add(graph, gradientOf: graph.root(of: loss).id, from: operations.count)
    for (time, step) in steps.enumerated() {
      guard case .backward(let id) = step, let (_, inputs) = graph.operation(id) else { continue }
      for input in inputs where graph.records[input].needsGradient {
        let root = graph.root(of: input).id
        if graph.records[input].shape.count != graph.records[root].shape.count {
          cleared.insert(root)
        }
        add(graph, gradientOf: root, from: time)
      }
      if let buffer = gradients[id] { plan.extend(buffer, to: time) }
    }
  }

  private mutating func add(_ graph: Graph<T>, gradientOf root: Int, from time: Int) {
    guard gradients[root] == nil else { return }
    var last = time
    switch graph.records[root].source {
    case .parameter, .constant, .view: return
    case .input: last = steps.count
    case .operation: break
    }
    gradients[root] = plan.add(count: graph.records[root].shape.count, first: time, last: last)
  }
}

extension Graph {
  /// The checkpointed segment an operation lies in.
  func segment(of id: Int) -> Int? { records[id].segment }

  /// Whether a value is computed again when `id` is: an operation of the same segment.
  func isRepeated(_ root: Int, with id: Int) -> Bool {
    guard case .operation = records[root].source, let segment = records[root].segment else {
      return false
    }
    return segment == records[id].segment
  }
}
