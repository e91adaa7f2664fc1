import Numerics

/// One run of a recurrent layer.
struct RecurrentRun<Cell: RecurrentCell> {
  typealias T = Cell.T
  let sizes: RecurrentSizes<Cell>
  let frame: Frame<T>
  let hasState: Bool
  let isTraining: Bool

  private static var lanes: Int { T.Lanes.scalarCount }
  private var rows: Int { sizes.batch &* sizes.steps }
  /// Gates, and in the gradient their slopes: [batch, steps, block, sum, lane].
  private var gates: UnsafeMutablePointer<T> { frame.saved }

  /// Cell states: all of them in training, the latest otherwise.
  @inline(__always)
  func cell(_ row: Int, _ step: Int) -> UnsafeMutablePointer<T> {
    isTraining
      ? frame.saved + (rows &* sizes.sumCount &+ (row &* sizes.steps &+ step) &* sizes.padded)
      : frame.saved + ((sizes.batch < 6 ? rows &* sizes.sumCount : 0) &+ row &* sizes.padded)
  }

  @inline(__always)
  func load(_ start: UnsafePointer<T>, _ block: Int) -> T.Lanes {
    let first = block &* Self.lanes
    let rest = sizes.hidden &- first
    return rest >= Self.lanes ? (start + first).lanes() : (start + first).lanes(first: rest)
  }

  @inline(__always)
  private func store(_ value: T.Lanes, _ start: UnsafeMutablePointer<T>, _ block: Int) {
    let first = block &* Self.lanes
    let rest = sizes.hidden &- first
    if rest >= Self.lanes {
      (start + first).store(value)
    } else {
      (start + first).store(value, first: rest)
    }
  }

  /// The input's part of the sums for all steps of some rows.
  func project(_ batchRows: Range<Int>) {
    let end = batchRows.upperBound &* sizes.steps
    for block in 0..<sizes.blocks {
      var row = batchRows.lowerBound &* sizes.steps
      while row &+ 6 <= end {
        project(Tile<T, 6, 4>.self, row, block)
        row &+= 6
      }
      while row < end {
        project(Tile<T, 1, 4>.self, row, block)
        row &+= 1
      }
    }
  }

  @inline(__always)
  private func project<let R: Int>(_ type: Tile<T, R, 4>.Type, _ row: Int, _ block: Int) {
    var tile = type.init(row: frame.prepared + (sizes.biases &+ block &* 4 &* Self.lanes))
    Cell.add(
      &tile, frame[0] + row &* sizes.inputs, row: sizes.inputs,
      panel: frame.prepared + block &* sizes.inputs &* sizes.line, depth: sizes.inputs,
      isHidden: false)
    for r in 0..<R {
      let place = gates + ((row &+ r) &* sizes.sumCount &+ block &* 4 &* Self.lanes)
      for v in 0..<4 { (place + v &* Self.lanes).store(tile.sums[r][v]) }
    }
  }

  /// One step of some rows.
  func forward(_ step: Int, _ batchRows: Range<Int>, isProjected: Bool) {
    for block in 0..<sizes.blocks {
      var row = batchRows.lowerBound
      while row &+ 6 <= batchRows.upperBound {
        forward(Tile<T, 6, 4>.self, step, row, block, isProjected)
        row &+= 6
      }
      while row &+ 2 <= batchRows.upperBound {
        forward(Tile<T, 2, 4>.self, step, row, block, isProjected)
        row &+= 2
      }
      if row < batchRows.upperBound {
        forward(Tile<T, 1, 4>.self, step, row, block, isProjected)
      }
    }
  }

  /// The hidden states before a step, from row to row by the second number.
  @inline(__always)
  func hiddenBefore(_ row: Int, _ step: Int) -> (UnsafePointer<T>, Int)? {
    if step > 0 {
      let place = (row &* sizes.steps &+ step &- 1) &* sizes.hidden
      return (UnsafePointer(frame.output) + place, sizes.steps &* sizes.hidden)
    }
    return hasState ? (frame[5] + row &* sizes.hidden, sizes.hidden) : nil
  }

  @inline(__always)
  func cellBefore(_ row: Int, _ step: Int, _ block: Int) -> T.Lanes {
    if step > 0 {
      return UnsafePointer(cell(row, step &- 1) + block &* Self.lanes).lanes()
    }
    return hasState && Cell.hasCell ? load(frame[6] + row &* sizes.hidden, block) : .zero
  }

  @inline(__always)
  private func forward<let R: Int>(
    _ type: Tile<T, R, 4>.Type, _ step: Int, _ row: Int, _ block: Int, _ isProjected: Bool
  ) {
    let first = row &* sizes.steps &+ step
    let sums = gates + (first &* sizes.sumCount &+ block &* 4 &* Self.lanes)
    let sumStride = sizes.steps &* sizes.sumCount
    var tile: Tile<T, R, 4>
    if isProjected {
      tile = type.init()
      for r in 0..<R {
        for v in 0..<4 {
          tile.sums[r][v] = UnsafePointer(sums + (r &* sumStride &+ v &* Self.lanes)).lanes()
        }
      }
    } else {
      tile = type.init(row: frame.prepared + (sizes.biases &+ block &* 4 &* Self.lanes))
      Cell.add(
        &tile, frame[0] + first &* sizes.inputs, row: sizes.steps &* sizes.inputs,
        panel: frame.prepared + block &* sizes.inputs &* sizes.line, depth: sizes.inputs,
        isHidden: false)
    }
    let before = hiddenBefore(row, step)
    if let (hidden, stride) = before {
      let panel = frame.prepared + (sizes.hiddenWeights &+ block &* sizes.hidden &* sizes.line)
      Cell.add(
        &tile, hidden, row: stride, panel: panel, depth: sizes.hidden, isHidden: true)
    }
    for r in 0..<R {
      let hidden = before.map { load($0.0 + r &* $0.1, block) } ?? .zero
      let next = Cell.forward(
        &tile.sums[r], hidden: hidden,
        cell: Cell.hasCell ? cellBefore(row &+ r, step, block) : .zero)
      let place = frame.output + (first &+ r &* sizes.steps) &* sizes.hidden
      store(next.hidden, place, block)
      if Cell.hasCell { (cell(row &+ r, step) + block &* Self.lanes).store(next.cell) }
      if isTraining {
        for v in 0..<4 { (sums + (r &* sumStride &+ v &* Self.lanes)).store(tile.sums[r][v]) }
      }
    }
  }

  /// The last cell states, behind the hidden ones.
  func copyLastCell(_ batchRows: Range<Int>) {
    for row in batchRows {
      let target = frame.output + (rows &+ row) &* sizes.hidden
      target.update(from: cell(row, sizes.steps &- 1), count: sizes.hidden)
    }
  }
}
