/// Where the first row of the block in hand lies, in numbers from the memory's start: the offset, and
/// what is added for each row that the block has moved on.
struct Place: BitwiseCopyable, Sendable {
  var offset = 0
  var stride = 0
}

/// A step of a plan with everything laid out, read in the inner loop.
struct Command: BitwiseCopyable, Sendable {
  var code: Opcode
  var count: Int
  var out = Place()
  var a = Place()
  var b = Place()
  var c = Place()
  var d = Place()
  var e = Place()
  var f = Place()
  var k = 0.0
  var l = 0.0
  var m = 0.0
  var state = 0
}

/// How a plan's series lie in memory for so many lanes and rows a block.
///
/// A series whose earlier values are read has them in front of the block, contiguous; the block moves
/// on over some slack, and at its end the earlier values are copied back to the front. A series that
/// is read only within its block shares a place with others whose time is over.
struct Layout: Sendable {
  let lanes: Int
  let blockRows: Int
  /// Rows the block moves over before earlier values are copied back: a multiple of `blockRows`.
  let slackRows: Int
  private(set) var commands: [Command] = []
  /// Numbers of memory in all.
  private(set) var size = 0
  /// Series with earlier values: where they begin and how many numbers they are.
  private(set) var histories: [(start: Int, count: Int)] = []
  /// Blocks that hold one constant.
  private(set) var constants: [(start: Int, value: Double)] = []
  /// Where the states lie, which begin as zeros; everything else begins as missing.
  private(set) var states: Range<Int> = 0..<0

  init(_ steps: [Step], lanes: Int, blockRows: Int, slackRows: Int) {
    precondition((1...8).contains(lanes) && slackRows.isMultiple(of: blockRows), "a block's shape")
    self.lanes = lanes
    self.blockRows = blockRows
    self.slackRows = slackRows
    let uses = Uses(steps)
    let stateCount = steps.reduce(0) { $0 + $1.code.stateCount * 8 }
    states = 0..<stateCount
    size = stateCount
    var nextState = 0
    var bases: [Place] = []
    var free: [Int] = []
    for (index, step) in steps.enumerated() {
      bases.append(place(of: step, rows: uses.history[index], &free))
      if step.code != .constant {
        commands.append(command(step, bases, index, state: nextState))
      }
      nextState += step.code.stateCount * 8
      for series in uses.endingAt[index] where bases[series].stride == 0 {
        let code = steps[series].code
        if code != .constant && code != .emit { free.append(bases[series].offset) }
      }
    }
  }

  /// Numbers of one place with room for a register that reads or writes past its end.
  private func room(_ rows: Int) -> Int { (rows * lanes + 7) / 8 * 8 + 8 }

  private mutating func place(of step: Step, rows: Int, _ free: inout [Int]) -> Place {
    func taken(_ numbers: Int) -> Int {
      size += numbers
      return size - numbers
    }
    if step.code == .emit { return Place() }
    if step.code == .constant {
      let start = taken(room(blockRows))
      constants.append((start, step.numbers[0]))
      return Place(offset: start)
    }
    if rows == 0 { return Place(offset: free.popLast() ?? taken(room(blockRows))) }
    let start = taken(room(rows + slackRows))
    histories.append((start, rows * lanes))
    return Place(offset: start + rows * lanes, stride: lanes)
  }

  private func command(_ step: Step, _ bases: [Place], _ index: Int, state: Int) -> Command {
    func source(_ number: Int) -> Place {
      guard number < step.operands.count else { return Place() }
      let operand = step.operands[number]
      let base = bases[operand.series]
      return Place(offset: base.offset - operand.lag * lanes, stride: base.stride)
    }
    func number(_ number: Int) -> Double {
      number < step.numbers.count ? step.numbers[number] : 0
    }
    return Command(
      code: step.code, count: step.count, out: bases[index], a: source(0), b: source(1),
      c: source(2), d: source(3), e: source(4), f: source(5), k: number(0), l: number(1),
      m: number(2), state: state)
  }
}

/// How long each series is needed, and how far back.
private struct Uses {
  /// Rows before the block.
  var history: [Int]
  /// The series that no step after this one reads.
  var endingAt: [[Int]]

  init(_ steps: [Step]) {
    history = [Int](repeating: 0, count: steps.count)
    endingAt = [[Int]](repeating: [], count: steps.count)
    var last = [Int](steps.indices)
    for (index, step) in steps.enumerated() {
      for (number, operand) in step.operands.enumerated() {
        let window = number == 0 && step.code.isWindow ? step.count - 1 : 0
        history[operand.series] = max(history[operand.series], operand.lag + window)
        last[operand.series] = index
      }
    }
    for (series, index) in last.enumerated() { endingAt[index].append(series) }
  }
}
