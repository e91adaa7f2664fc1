import Numerics

/// A whole recurrent layer: every step of a sequence, with the gates worked out in registers.
///
/// Inputs are x [batch, steps, inputs], the two weights, the two biases and, where a state is given,
/// the first hidden and cell state [batch, hidden]. The output is the hidden states
/// [batch, steps, hidden] and, where it is asked for, the last cell state behind them.
struct RecurrentOperation<Cell: RecurrentCell>: Operation {
  typealias T = Cell.T
  static var name: String { Cell.hasCell ? "LSTM" : "GRU" }
  let sizes: RecurrentSizes<Cell>
  let hasState: Bool
  let givesCell: Bool
  /// Whether gates are kept for the gradient.
  let isTraining: Bool

  var keeps: Kept { [.inputs, .output] }
  var savedCount: Int {
    let cells = Cell.hasCell ? sizes.padded : 0
    let gates =
      isTraining || sizes.isProjected
      ? sizes.rows * sizes.sumCount : sizes.batch * 4 * T.Lanes.scalarCount
    return gates + (isTraining ? sizes.rows : sizes.batch) * cells
  }
  /// Rows that go through all steps together: their pages stay in the processor's own tables.
  private static var rowBlock: Int { 36 }
  var preparedCount: Int {
    isTraining ? sizes.preparedCount : sizes.inputGradientWeights
  }
  var preparedInputs: [Int] { [1, 2, 3, 4] }
  var scratchCount: Int { isTraining ? sizes.scratchCount : 0 }
  var work: Int { sizes.rows * Cell.gateCount * sizes.hidden * (sizes.inputs + sizes.hidden) }

  @specialized(where Cell == LSTMCell<Float>)
  @specialized(where Cell == LSTMCell<Double>)
  @specialized(where Cell == GRUCell<Float>)
  @specialized(where Cell == GRUCell<Double>)
  func prepare(_ frame: Frame<T>) {
    sizes.prepare(
      input: frame[1], hidden: frame[2], inputBias: frame[3], hiddenBias: frame[4],
      into: frame.prepared)
    if isTraining {
      sizes.prepareGradient(
        input: frame[1], hidden: frame[2], into: frame.prepared, scratch: frame.scratch)
    }
  }

  @specialized(where Cell == LSTMCell<Float>)
  @specialized(where Cell == LSTMCell<Double>)
  @specialized(where Cell == GRUCell<Float>)
  @specialized(where Cell == GRUCell<Double>)
  func forward(_ frame: Frame<T>) {
    let run = RecurrentRun<Cell>(
      sizes: sizes, frame: frame, hasState: hasState, isTraining: isTraining)
    if sizes.isProjected { forwardFew(run) } else { forwardMany(run) }
  }

  /// Rows are shared out on threads.
  @inline(__always)
  private func forwardMany(_ run: RecurrentRun<Cell>) {
    let minimumChunk = max(6, (1 << 20) / (work / sizes.batch + 1))
    Pool.shared.forEachChunk(of: sizes.batch, minimumChunk: minimumChunk, alignedTo: 6) { chunk in
      var first = chunk.lowerBound
      while first < chunk.upperBound {
        let rows = first..<min(chunk.upperBound, first + Self.rowBlock)
        for step in 0..<sizes.steps { run.forward(step, rows, 0..<sizes.blocks) }
        if givesCell { run.copyLastCell(rows) }
        first = rows.upperBound
      }
    }
  }

  /// Units are: each thread reads its own half of the weights, from a cache of its own.
  @inline(__always)
  private func forwardFew(_ run: RecurrentRun<Cell>) {
    let rows = 0..<sizes.batch
    let middle = sizes.blocks / 2
    @inline(__always) func go(_ step: Int, _ blocks: Range<Int>) {
      if step == 0 { run.project(rows, blocks) } else { run.forward(step - 1, rows, blocks) }
    }
    if middle * sizes.line * sizes.hidden >= Self.leastShare {
      Pool.shared.forEachHalf(ofSteps: sizes.steps + 1) { step, half in
        go(step, half == 0 ? 0..<middle : middle..<sizes.blocks)
      }
    } else {
      for step in 0...sizes.steps { go(step, 0..<sizes.blocks) }
    }
    if givesCell { run.copyLastCell(rows) }
  }

  /// Weights of a step that pay for meeting another thread after it, which takes a fifth of a
  /// microsecond.
  private static var leastShare: Int { 1 << 14 }

  @specialized(where Cell == LSTMCell<Float>)
  @specialized(where Cell == LSTMCell<Double>)
  @specialized(where Cell == GRUCell<Float>)
  @specialized(where Cell == GRUCell<Double>)
  func backward(_ frame: Frame<T>) {
    let run = RecurrentRun<Cell>(
      sizes: sizes, frame: frame, hasState: hasState, isTraining: true)
    run.backward(givesCell: givesCell)
    run.addInputGradient()
    run.addWeightGradients()
  }
}

/// The sizes of a recurrent layer and of what it lays out.
struct RecurrentSizes<Cell: RecurrentCell>: Sendable {
  typealias T = Cell.T
  let batch, steps, inputs, hidden: Int

  static var lanes: Int { T.Lanes.scalarCount }
  var rows: Int { batch &* steps }
  /// Few rows use a weight once in a step: the input's part is then taken for all steps at once.
  var isProjected: Bool { batch < 6 }
  /// Registers of units.
  var blocks: Int { (hidden &+ Self.lanes &- 1) / Self.lanes }
  /// Units, whole registers of them.
  var padded: Int { blocks &* Self.lanes }
  /// The four sums of all units.
  var sumCount: Int { 4 &* padded }
  /// Numbers in a line of packed weights.
  var line: Int { Cell.width &* Self.lanes }
  /// Lines of the weights laid out for the gradient.
  var gateLines: Int { blocks &* line }

  var inputPanels: Panels<T> { Panels(depth: gateLines, columns: inputs) }
  var hiddenPanels: Panels<T> { Panels(depth: gateLines, columns: hidden) }
  var groups: Product<T>.Groups {
    Product<T>.Groups(count: blocks, depth: line, period: 4 &* Self.lanes)
  }

  // What `prepared` holds, in this order.
  var hiddenWeights: Int { blocks &* inputs &* line }
  var biases: Int { hiddenWeights &+ blocks &* hidden &* line }
  var inputGradientWeights: Int { biases &+ sumCount }
  var hiddenGradientWeights: Int { inputGradientWeights &+ inputPanels.size }
  var preparedCount: Int { hiddenGradientWeights &+ hiddenPanels.size }

  var scratchCount: Int {
    let weightGradients =
      rows &* hidden &+ gateLines &* max(inputs, hidden)
      &+ Product<T>.workspace(depth: rows, columns: max(inputs, hidden)) &+ sumCount
    return max(gateLines &* max(inputs, hidden), max(2 &* batch &* padded, weightGradients))
  }

  /// PyTorch's row of a sum's unit, or nil for what only fills a register.
  @inline(__always)
  func row(_ gate: Int, block: Int, lane: Int) -> Int? {
    let unit = block &* Self.lanes &+ lane
    return unit < hidden ? gate &* hidden &+ unit : nil
  }

  func prepare(
    input: UnsafePointer<T>, hidden hiddenWeight: UnsafePointer<T>, inputBias: UnsafePointer<T>,
    hiddenBias: UnsafePointer<T>, into target: UnsafeMutablePointer<T>
  ) {
    pack(input, depth: inputs, into: target, gate: Cell.inputGate)
    let hiddenGate = { Cell.hiddenGate($0 &+ Cell.hiddenFirst) }
    pack(hiddenWeight, depth: hidden, into: target + hiddenWeights, gate: hiddenGate)
    let bias = target + biases
    for block in 0..<blocks {
      for sum in 0..<4 {
        for lane in 0..<Self.lanes {
          var value: T = 0
          if sum < Cell.width, let row = row(Cell.inputGate(sum), block: block, lane: lane) {
            value += inputBias[row]
          }
          if sum >= Cell.hiddenFirst, let row = row(Cell.hiddenGate(sum), block: block, lane: lane)
          {
            value += hiddenBias[row]
          }
          bias[(block &* 4 &+ sum) &* Self.lanes &+ lane] = value
        }
      }
    }
  }

  func prepareGradient(
    input: UnsafePointer<T>, hidden hiddenWeight: UnsafePointer<T>,
    into target: UnsafeMutablePointer<T>, scratch: UnsafeMutablePointer<T>
  ) {
    order(input, columns: inputs, into: scratch, gate: Cell.inputGate)
    inputPanels.pack(
      Strided(UnsafePointer(scratch), row: inputs), into: target + inputGradientWeights)
    order(
      hiddenWeight, columns: hidden, into: scratch,
      gate: { Cell.hiddenGate($0 &+ Cell.hiddenFirst) })
    hiddenPanels.pack(
      Strided(UnsafePointer(scratch), row: hidden), into: target + hiddenGradientWeights)
  }

  /// Lines by column of the weight, for the products of a step.
  private func pack(
    _ weight: UnsafePointer<T>, depth: Int, into target: UnsafeMutablePointer<T>, gate: (Int) -> Int
  ) {
    for block in 0..<blocks {
      for sum in 0..<Cell.width {
        for lane in 0..<Self.lanes {
          let place = target + (block &* depth &* line &+ sum &* Self.lanes &+ lane)
          let source = row(gate(sum), block: block, lane: lane).map { weight + $0 &* depth }
          for k in 0..<depth { place[k &* line] = source?[k] ?? 0 }
        }
      }
    }
  }

  /// Rows in the order of the sums, for the products of the gradient.
  private func order(
    _ weight: UnsafePointer<T>, columns: Int, into target: UnsafeMutablePointer<T>,
    gate: (Int) -> Int
  ) {
    for block in 0..<blocks {
      for sum in 0..<Cell.width {
        for lane in 0..<Self.lanes {
          let place = target + (block &* line &+ sum &* Self.lanes &+ lane) &* columns
          if let row = row(gate(sum), block: block, lane: lane) {
            place.update(from: weight + row &* columns, count: columns)
          } else {
            place.update(repeating: 0, count: columns)
          }
        }
      }
    }
  }
}
