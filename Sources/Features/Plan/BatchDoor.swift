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
    for lane in 0..<lanes {
      let source = sources[input * lanes + lane] + row
      let here = isWhole ? rows : max(0, min(rows, lengths[lane] - row))
      var place = lane
      for index in 0..<here {
        block[place] = source[index]
        place &+= lanes
      }
      for index in here..<rows { block[index * lanes + lane] = .nan }
    }
  }

  func write(_ output: Int, from block: Source) {
    guard isWhole else { return writeSome(output, block, from: 0) }
    let targets = targets.baseAddress.map { $0 + output * lanes }
    guard let targets else { return }
    var index = 0
    if lanes == 1 {
      let target = targets[0] + row
      while index &+ 8 <= rows {
        put(SIMD8<Double>.load(block + index).orMissing, target + index)
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

  /// Eight rows become eight columns: the perfect shuffle, three times.
  @inline(__always)
  private func turn(_ block: Source, _ targets: UnsafePointer<Target>, _ row: Int) {
    var v0 = SIMD8<Double>.load(block).orMissing
    var v1 = SIMD8<Double>.load(block + lanes).orMissing
    var v2 = SIMD8<Double>.load(block + 2 &* lanes).orMissing
    var v3 = SIMD8<Double>.load(block + 3 &* lanes).orMissing
    var v4 = SIMD8<Double>.load(block + 4 &* lanes).orMissing
    var v5 = SIMD8<Double>.load(block + 5 &* lanes).orMissing
    var v6 = SIMD8<Double>.load(block + 6 &* lanes).orMissing
    var v7 = SIMD8<Double>.load(block + 7 &* lanes).orMissing
    for _ in 0..<3 {
      let (a, b) = (SIMD16(lowHalf: v0, highHalf: v1), SIMD16(lowHalf: v2, highHalf: v3))
      let (c, d) = (SIMD16(lowHalf: v4, highHalf: v5), SIMD16(lowHalf: v6, highHalf: v7))
      (v0, v1, v2, v3) = (a.evenHalf, b.evenHalf, c.evenHalf, d.evenHalf)
      (v4, v5, v6, v7) = (a.oddHalf, b.oddHalf, c.oddHalf, d.oddHalf)
    }
    put(v0, targets[0] + row)
    put(v1, targets[1] + row)
    if lanes > 2 { put(v2, targets[2] + row) }
    if lanes > 3 { put(v3, targets[3] + row) }
    if lanes > 4 { put(v4, targets[4] + row) }
    if lanes > 5 { put(v5, targets[5] + row) }
    if lanes > 6 { put(v6, targets[6] + row) }
    if lanes > 7 { put(v7, targets[7] + row) }
  }

  @inline(__always)
  private func put(_ values: SIMD8<Double>, _ target: Target) {
    if passesCaches { target.storePastCaches(values) } else { values.store(target) }
  }
}

extension SIMD8<Double> {
  /// Each lane, or the one quiet NaN where it is not finite.
  @inline(__always)
  var orMissing: Self { Self(repeating: .nan).replacing(with: self, where: isNumber) }
}
