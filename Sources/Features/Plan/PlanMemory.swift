/// The values of a plan while it runs: for up to eight symbols, one in each lane.
final class PlanMemory {
  let layout: Layout
  private let memory: UnsafeMutablePointer<Double>
  /// Rows the block has moved on since earlier values were last copied to the front.
  private(set) var cursor = 0

  init(_ layout: Layout) {
    self.layout = layout
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, layout.size) * MemoryLayout<Double>.stride, alignment: 64)
    memory = bytes.bindMemory(to: Double.self, capacity: layout.size)
    restart()
  }

  deinit { memory.deallocate() }

  /// As before the first bar.
  func restart() {
    cursor = 0
    memory.initialize(repeating: .nan, count: layout.size)
    (memory + layout.states.lowerBound).update(repeating: 0, count: layout.states.count)
    let room = layout.blockRows * layout.lanes
    for (start, value) in layout.constants {
      (memory + start).update(repeating: value, count: room)
    }
  }

  /// Does every step for the next rows: at most a block, and only the last may be shorter.
  func run<Door: PlanDoor>(rows: Int, _ door: Door) {
    precondition(rows <= layout.blockRows, "a block at a time")
    layout.commands.withUnsafeBufferPointer { commands in
      let stage = PlanStage(memory: memory, cursor: cursor, rows: rows, lanes: layout.lanes)
      for command in commands { stage.perform(command, door) }
    }
    cursor += rows
    if cursor + layout.blockRows > layout.slackRows { copyBack() }
  }

  private func copyBack() {
    for (start, count) in layout.histories {
      (memory + start).update(from: memory + (start + cursor * layout.lanes), count: count)
    }
    cursor = 0
  }
}

/// Where a plan's bars come from and its values go.
protocol PlanDoor {
  /// Puts the next rows of an input in, `lanes` numbers a row.
  func read(_ input: Int, into rows: UnsafeMutablePointer<Double>)
  func write(_ output: Int, from rows: UnsafePointer<Double>)
}
