import Numerics

extension RecurrentRun {
  private var hiddenGradients: UnsafeMutablePointer<T> { frame.scratch }
  private var cellGradients: UnsafeMutablePointer<T> {
    frame.scratch + sizes.batch &* sizes.padded
  }

  /// From the last step to the first: the gates' slopes in place of the gates.
  func backward(givesCell: Bool) {
    let count = sizes.batch &* sizes.padded
    hiddenGradients.update(repeating: 0, count: count)
    cellGradients.update(repeating: 0, count: count)
    if givesCell {
      for row in 0..<sizes.batch {
        (cellGradients + row &* sizes.padded).update(
          from: frame.gradient + (sizes.rows &+ row) &* sizes.hidden, count: sizes.hidden)
      }
    }
    for step in stride(from: sizes.steps &- 1, through: 0, by: -1) {
      for row in 0..<sizes.batch {
        for block in 0..<sizes.blocks { backward(step, row, block) }
      }
      if step > 0 || hasState { addHiddenGradient(step) }
    }
    if hasState { addStateGradients() }
  }

  @inline(__always)
  private func backward(_ step: Int, _ row: Int, _ block: Int) {
    let lanes = T.Lanes.scalarCount
    let place = row &* sizes.steps &+ step
    let kept = frame.saved + (place &* sizes.sumCount &+ block &* 4 &* lanes)
    var sums = InlineArray<4, T.Lanes>(repeating: .zero)
    for v in 0..<4 { sums[v] = UnsafePointer(kept + v &* lanes).lanes() }
    let later = hiddenGradients + (row &* sizes.padded &+ block &* lanes)
    let cellLater = cellGradients + (row &* sizes.padded &+ block &* lanes)
    let gradient =
      load(UnsafePointer(frame.gradient) + place &* sizes.hidden, block)
      + UnsafePointer(later).lanes()
    let hidden = hiddenBefore(row, step).map { load($0.0, block) } ?? .zero
    let before = Cell.backward(
      &sums, before: (hidden, Cell.hasCell ? cellBefore(row, step, block) : .zero),
      cell: Cell.hasCell ? UnsafePointer(cell(row, step) + block &* lanes).lanes() : .zero,
      hiddenGradient: gradient,
      cellGradient: Cell.hasCell ? UnsafePointer(cellLater).lanes() : .zero)
    later.store(before.hidden)
    if Cell.hasCell { cellLater.store(before.cell) }
    for v in 0..<4 { (kept + v &* lanes).store(sums[v]) }
  }

  /// The gates' slopes as the left operand of a product, and what part of them belongs to the input
  /// or to the hidden state.
  private func slopes(isHidden: Bool) -> UnsafePointer<T> {
    UnsafePointer(frame.saved) + (isHidden ? Cell.hiddenFirst &* T.Lanes.scalarCount : 0)
  }

  /// The gradient that flows to the step before through the sums.
  private func addHiddenGradient(_ step: Int) {
    Product<T>.multiply(
      Strided(
        slopes(isHidden: true) + step &* sizes.sumCount, row: sizes.steps &* sizes.sumCount),
      sizes.hiddenPanels, frame.prepared + sizes.hiddenGradientWeights, rows: sizes.batch,
      groups: sizes.groups,
      into: .init(start: hiddenGradients, stride: sizes.padded, accumulates: true))
  }

  private func addStateGradients() {
    for (input, source) in [(5, hiddenGradients), (6, cellGradients)] {
      guard input == 5 || Cell.hasCell, let target = frame.gradients[input] else { continue }
      for row in 0..<sizes.batch {
        Lines.copy(
          UnsafePointer(source + row &* sizes.padded), to: target + row &* sizes.hidden,
          count: sizes.hidden, accumulates: frame.accumulates[input])
      }
    }
  }

  func addInputGradient() {
    guard let target = frame.target(0, stride: sizes.inputs) else { return }
    Product<T>.multiply(
      Strided(slopes(isHidden: false), row: sizes.sumCount), sizes.inputPanels,
      frame.prepared + sizes.inputGradientWeights, rows: sizes.rows, groups: sizes.groups,
      into: target)
  }

  func addWeightGradients() {
    let before = frame.scratch
    let sums = before + sizes.rows &* sizes.hidden
    let work = sums + sizes.gateLines &* max(sizes.inputs, sizes.hidden)
    if let target = frame.gradients[1] {
      multiplySlopes(isHidden: false, by: frame[0], columns: sizes.inputs, into: sums, work: work)
      scatter(
        sums, columns: sizes.inputs, to: target, accumulates: frame.accumulates[1],
        gate: Cell.inputGate)
    }
    if let target = frame.gradients[2] {
      copyHiddenBefore(to: before)
      multiplySlopes(
        isHidden: true, by: UnsafePointer(before), columns: sizes.hidden, into: sums, work: work)
      scatter(
        sums, columns: sizes.hidden, to: target, accumulates: frame.accumulates[2],
        gate: { Cell.hiddenGate($0 &+ Cell.hiddenFirst) })
    }
    addBiasGradients(sums: work)
  }

  /// The hidden state before each step, one row a step.
  private func copyHiddenBefore(to target: UnsafeMutablePointer<T>) {
    for row in 0..<sizes.batch {
      let start = target + row &* sizes.steps &* sizes.hidden
      if hasState {
        start.update(from: frame[5] + row &* sizes.hidden, count: sizes.hidden)
      } else {
        start.update(repeating: 0, count: sizes.hidden)
      }
      (start + sizes.hidden).update(
        from: frame.output + row &* sizes.steps &* sizes.hidden,
        count: (sizes.steps &- 1) &* sizes.hidden)
    }
  }

  /// target [gate lines, columns] = slopesᵀ · right, over all rows.
  private func multiplySlopes(
    isHidden: Bool, by right: UnsafePointer<T>, columns: Int, into target: UnsafeMutablePointer<T>,
    work: UnsafeMutablePointer<T>
  ) {
    var start = 0
    while start < sizes.rows {
      let depth = min(Product<T>.depthBlock, sizes.rows &- start)
      let panels = Panels<T>(depth: depth, columns: columns)
      panels.pack(Strided(right + start &* columns, row: columns), into: work)
      let left = slopes(isHidden: isHidden) + start &* sizes.sumCount
      // All lines at once where they follow each other, or block by block.
      let blocks = sizes.line == 4 &* T.Lanes.scalarCount ? 1 : sizes.blocks
      let lines = sizes.gateLines / blocks
      for block in 0..<blocks {
        Product<T>.multiply(
          Strided(left + block &* 4 &* T.Lanes.scalarCount, row: 1, column: sizes.sumCount),
          panels, work, rows: lines,
          into: .init(
            start: target + block &* lines &* columns, stride: columns, accumulates: start > 0))
      }
      start &+= depth
    }
  }

  /// Rows in the order of the sums back into PyTorch's.
  private func scatter(
    _ sums: UnsafeMutablePointer<T>, columns: Int, to target: UnsafeMutablePointer<T>,
    accumulates: Bool, gate: (Int) -> Int
  ) {
    let lanes = T.Lanes.scalarCount
    for block in 0..<sizes.blocks {
      for sum in 0..<Cell.width {
        for lane in 0..<lanes {
          guard let row = sizes.row(gate(sum), block: block, lane: lane) else { continue }
          let source = sums + (block &* sizes.line &+ sum &* lanes &+ lane) &* columns
          Lines.copy(
            UnsafePointer(source), to: target + row &* columns, count: columns,
            accumulates: accumulates)
        }
      }
    }
  }

  private func addBiasGradients(sums: UnsafeMutablePointer<T>) {
    guard frame.gradients[3] != nil || frame.gradients[4] != nil else { return }
    let lanes = T.Lanes.scalarCount
    Lines.sumRows(
      UnsafePointer(frame.saved), rows: sizes.rows, columns: sizes.sumCount, into: sums,
      accumulates: false)
    for (input, first) in [(3, 0), (4, Cell.hiddenFirst)] {
      guard let target = frame.gradients[input] else { continue }
      for block in 0..<sizes.blocks {
        for sum in first..<first &+ Cell.width {
          let gate = input == 3 ? Cell.inputGate(sum) : Cell.hiddenGate(sum)
          for lane in 0..<lanes {
            guard let row = sizes.row(gate, block: block, lane: lane) else { continue }
            let slope = sums[(block &* 4 &+ sum) &* lanes &+ lane]
            target[row] = frame.accumulates[input] ? target[row] + slope : slope
          }
        }
      }
    }
  }
}
