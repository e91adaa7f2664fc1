/// Gives buffers their places in one block of memory: what is not needed at the same time may lie in
/// the same place.
///
/// The largest buffers are placed first, each at the lowest place that is free for its whole life.
struct MemoryPlan {
  struct Buffer {
    let count: Int
    let first: Int
    var last: Int
    fileprivate(set) var offset = 0

    init(count: Int, first: Int, last: Int) {
      self.count = count
      self.first = first
      self.last = last
    }
  }

  private(set) var buffers: [Buffer] = []
  private(set) var count = 0

  /// Adds a buffer and gives its number.
  mutating func add(count: Int, first: Int, last: Int) -> Int {
    buffers.append(Buffer(count: count, first: first, last: last))
    return buffers.count - 1
  }

  mutating func extend(_ buffer: Int, to last: Int) {
    buffers[buffer].last = max(buffers[buffer].last, last)
  }

  func offset(_ buffer: Int) -> Int { buffers[buffer].offset }

  /// - Parameter alignment: every offset is a multiple of it
  mutating func place(alignedTo alignment: Int) {
    let order = buffers.indices.sorted {
      (buffers[$0].count, -$0) > (buffers[$1].count, -$1)
    }
    var placed: [Int] = []
    for index in order {
      let buffer = buffers[index]
      var offset = 0
      // In order of place, so that the first gap that is wide enough is the lowest.
      for other in placed
      where buffers[other].first <= buffer.last && buffer.first <= buffers[other].last {
        if buffers[other].offset >= offset + buffer.count { break }
        let end = buffers[other].offset + buffers[other].count
        offset = max(offset, (end + alignment - 1) / alignment * alignment)
      }
      buffers[index].offset = offset
      count = max(count, offset + buffer.count)
      let place = placed.firstIndex { buffers[$0].offset > offset } ?? placed.count
      placed.insert(index, at: place)
    }
  }
}
