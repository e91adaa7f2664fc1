import Numerics

/// The bars of up to eight symbols and the columns that a plan writes for them.
///
/// Values are moved between one column a symbol, as they lie outside, and one row an instant, as the
/// plan wants them.
struct BatchDoor: PlanDoor {
  typealias Source = UnsafePointer<Double>
  typealias Target = UnsafeMutablePointer<Double>

  let lanes: Int
  /// How many bars each lane has.
  let lengths: UnsafeBufferPointer<Int>
  /// A column for each input and lane, for each output and lane.
  let sources: UnsafeBufferPointer<Source>
  let targets: UnsafeBufferPointer<Target>
  /// The rows in hand.
  let row: Int
  let rows: Int
  /// Whether every lane has all of them.
  let isWhole: Bool
  /// Whether the columns are larger than the caches; then they begin on whole lines.
  let passesCaches: Bool

  func read(_ input: Int, into block: Target) {
    guard let sources = sources.baseAddress.map({ $0 + input * lanes }) else { return }
    var index = 0
    if isWhole {
      while index &+ 8 <= rows {
        if lanes == 1 {
          SIMD8<Double>.load(sources[0] + (row &+ index)).store(block + index)
        } else {
          // Of each row only the first lanes count; the next row is written over the others.
          turned(sources, row &+ index).store(rows: block + index &* lanes, apart: lanes)
        }
        index &+= 8
      }
    }
    if index < rows { readSome(sources, block, from: index) }
  }

  private func readSome(_ sources: UnsafePointer<Source>, _ block: Target, from first: Int) {
    for lane in 0..<lanes {
      let source = sources[lane] + row
      let here = max(first, min(rows, lengths[lane] - row))
      for index in first..<here { block[index * lanes + lane] = source[index] }
      for index in here..<rows { block[index * lanes + lane] = .nan }
    }
  }

  /// Eight columns become eight rows.
  @inline(__always)
  private func turned(_ sources: UnsafePointer<Source>, _ row: Int) -> LaneSquare {
    var square = LaneSquare()
    square.v0 = SIMD8.load(sources[0] + row)
    square.v1 = SIMD8.load(sources[1] + row)
    if lanes > 2 { square.v2 = SIMD8.load(sources[2] + row) }
    if lanes > 3 { square.v3 = SIMD8.load(sources[3] + row) }
    if lanes > 4 { square.v4 = SIMD8.load(sources[4] + row) }
    if lanes > 5 { square.v5 = SIMD8.load(sources[5] + row) }
    if lanes > 6 { square.v6 = SIMD8.load(sources[6] + row) }
    if lanes > 7 { square.v7 = SIMD8.load(sources[7] + row) }
    square.turn()
    return square
  }

  func write(_ output: Int, from block: Source) {
    guard isWhole else { return writeSome(output, block, from: 0) }
    let targets = targets.baseAddress.map { $0 + output * lanes }
    guard let targets else { return }
    var index = 0
    if lanes == 1 {
      let target = targets[0] + row
      while index &+ 8 <= rows {
        put(SIMD8.load(block + index), target + index)
        index &+= 8
      }
    } else {
      while index &+ 8 <= rows {
        turn(block + index * lanes, targets, row &+ index)
        index &+= 8
      }
    }
    if index < rows { writeSome(output, block, from: index) }
  }

  private func writeSome(_ output: Int, _ block: Source, from first: Int) {
    for lane in 0..<lanes {
      let target = targets[output * lanes + lane]
      let here = min(rows, lengths[lane] - row)
      var index = first
      while index < here {
        target[row + index] = block[index * lanes + lane].orMissing
        index += 1
      }
    }
  }

  /// Eight rows become eight columns.
  @inline(__always)
  private func turn(_ block: Source, _ targets: UnsafePointer<Target>, _ row: Int) {
    var square = LaneSquare(rows: block, apart: lanes)
    square.turn()
    put(square.v0, targets[0] + row)
    put(square.v1, targets[1] + row)
    if lanes > 2 { put(square.v2, targets[2] + row) }
    if lanes > 3 { put(square.v3, targets[3] + row) }
    if lanes > 4 { put(square.v4, targets[4] + row) }
    if lanes > 5 { put(square.v5, targets[5] + row) }
    if lanes > 6 { put(square.v6, targets[6] + row) }
    if lanes > 7 { put(square.v7, targets[7] + row) }
  }

  @inline(__always)
  private func put(_ values: SIMD8<Double>, _ target: Target) {
    if passesCaches {
      target.storePastCaches(values.orMissing)
    } else {
      values.orMissing.store(target)
    }
  }
}
