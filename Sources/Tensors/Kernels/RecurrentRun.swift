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
  /// Sums, then gates, and in the gradient their slopes: [batch, steps, block, sum, lane]. Where they
  /// are not needed later, those of one register of units are all there is, side by side, so that they
  /// stay in the nearest cache.
  private var gates: UnsafeMutablePointer<T> { frame.saved }
  private var keepsSteps: Bool { isTraining || sizes.isProjected }

  @inline(__always)
  private func sums(_ row: Int, _ step: Int, _ block: Int) -> UnsafeMutablePointer<T> {
    guard keepsSteps else { return gates + row &* 4 &* Self.lanes }
    return gates
      + ((row &* sizes.steps &+ step) &* sizes.sumCount &+ block &* 4 &* Self.lanes)
  }

  /// Cell states: all of them in training, the latest otherwise.
  @inline(__always)
  func cell(_ row: Int, _ step: Int) -> UnsafeMutablePointer<T> {
    let gateCount = keepsSteps ? rows &* sizes.sumCount : sizes.batch &* 4 &* Self.lanes
    return frame.saved
      + (gateCount &+ (isTraining ? row &* sizes.steps &+ step : row) &* sizes.padded)
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

  /// The input's part of the sums for all steps of some rows, for some registers of units.
  func project(_ batchRows: Range<Int>, _ blocks: Range<Int>) {
    let end = batchRows.upperBound &* sizes.steps
    for block in blocks {
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
    store(tile, gates + (row &* sizes.sumCount &+ block &* 4 &* Self.lanes), stride: sizes.sumCount)
  }

  @inline(__always)
  private func store<let R: Int>(
    _ tile: Tile<T, R, 4>, _ start: UnsafeMutablePointer<T>, stride: Int
  ) {
    for r in 0..<R {
      for v in 0..<4 { (start + (r &* stride &+ v &* Self.lanes)).store(tile.sums[r][v]) }
    }
  }

  /// One step of some rows, a register of units at a time: the input's part of the sums, the hidden
  /// state's, and the gates. Each part's weights stay in the nearest cache while all rows pass.
  func forward(_ step: Int, _ batchRows: Range<Int>, _ blocks: Range<Int>) {
    for block in blocks {
      if !sizes.isProjected { addInput(step, batchRows, block) }
      if step > 0 || hasState { addHidden(step, batchRows, block) }
      for row in batchRows { open(step, row, block) }
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

  private func addInput(_ step: Int, _ batchRows: Range<Int>, _ block: Int) {
    var row = batchRows.lowerBound
    while row &+ 6 <= batchRows.upperBound {
      addInput(Tile<T, 6, 4>.self, step, row, block)
      row &+= 6
    }
    while row < batchRows.upperBound {
      addInput(Tile<T, 1, 4>.self, step, row, block)
      row &+= 1
    }
  }

  @inline(__always)
  private func addInput<let R: Int>(
    _ type: Tile<T, R, 4>.Type, _ step: Int, _ row: Int, _ block: Int
  ) {
    var tile = type.init(row: frame.prepared + (sizes.biases &+ block &* 4 &* Self.lanes))
    Cell.add(
      &tile, frame[0] + (row &* sizes.steps &+ step) &* sizes.inputs,
      row: sizes.steps &* sizes.inputs,
      panel: frame.prepared + block &* sizes.inputs &* sizes.line, depth: sizes.inputs,
      isHidden: false)
    store(tile, sums(row, step, block), stride: sumStride)
  }

  /// From one row's sums to the next one's.
  private var sumStride: Int { keepsSteps ? sizes.steps &* sizes.sumCount : 4 &* Self.lanes }

  private func addHidden(_ step: Int, _ batchRows: Range<Int>, _ block: Int) {
    var row = batchRows.lowerBound
    while row &+ 6 <= batchRows.upperBound {
      addHidden(Tile<T, 6, 4>.self, step, row, block)
      row &+= 6
    }
    while row < batchRows.upperBound {
      addHidden(Tile<T, 1, 4>.self, step, row, block)
      row &+= 1
    }
  }

  @inline(__always)
  private func addHidden<let R: Int>(
    _ type: Tile<T, R, 4>.Type, _ step: Int, _ row: Int, _ block: Int
  ) {
    guard let (hidden, hiddenStride) = hiddenBefore(row, step) else { return }
    var tile = type.init()
    Cell.add(
      &tile, hidden, row: hiddenStride,
      panel: frame.prepared + (sizes.hiddenWeights &+ block &* sizes.hidden &* sizes.line),
      depth: sizes.hidden, isHidden: true)
    // Added to what is there only now: a tile that begins with loads is not kept in registers.
    let target = sums(row, step, block)
    for r in 0..<R {
      for v in 0..<4 {
        let place = target + (r &* sumStride &+ v &* Self.lanes)
        place.store(UnsafePointer(place).lanes() + tile.sums[r][v])
      }
    }
  }

  /// The gates of one register of units, and its states.
  @inline(__always)
  private func open(_ step: Int, _ row: Int, _ block: Int) {
    let place = sums(row, step, block)
    var sums = InlineArray<4, T.Lanes>(repeating: .zero)
    for v in 0..<4 { sums[v] = UnsafePointer(place + v &* Self.lanes).lanes() }
    let hidden = Cell.hasCell ? nil : hiddenBefore(row, step).map { load($0.0, block) }
    let next = Cell.forward(
      &sums, hidden: hidden ?? .zero, cell: Cell.hasCell ? cellBefore(row, step, block) : .zero)
    store(next.hidden, frame.output + (row &* sizes.steps &+ step) &* sizes.hidden, block)
    if Cell.hasCell { (cell(row, step) + block &* Self.lanes).store(next.cell) }
    if isTraining { for v in 0..<4 { (place + v &* Self.lanes).store(sums[v]) } }
  }

  /// The last cell states, behind the hidden ones.
  func copyLastCell(_ batchRows: Range<Int>) {
    for row in batchRows {
      let target = frame.output + (rows &+ row) &* sizes.hidden
      target.update(from: cell(row, sizes.steps &- 1), count: sizes.hidden)
    }
  }
}
