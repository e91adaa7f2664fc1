/// Kernels whose value follows from the one before, for each lane by itself.
///
/// A row is read and written as one vector; of a register only the first lanes count, what stands in
/// the others is the next row's and is written over with it. States lie one register a number.
struct RecursionKernels<V: LaneVector & LaneTest> {
  typealias Source = UnsafePointer<Double>
  typealias Target = UnsafeMutablePointer<Double>

  let rows: Int
  let lanes: Int
  let state: Target

  @inline(__always) private func number(_ index: Int) -> V { V.load(state + index * 8) }
  @inline(__always) private func keep(_ value: V, _ index: Int) { value.store(state + index * 8) }

  /// Where every lane is past its beginning and no value is missing, which is nearly always, one line
  /// is enough; the block is done over with care where that turns out wrong.
  @inline(__always)
  private func isDone<S: RecursionStep>(
    _ x: Source, _ out: Target, begun: Double, _ step: S
  ) -> Bool where S.V == V {
    guard (number(1) - V(begun)).isZero(inFirst: lanes) else { return false }
    var y = number(0)
    var poison = V(0)
    var place = 0
    for _ in 0..<rows {
      let value = V.load(x + place)
      poison = poison + (value - value)
      y = step.next(y, value)
      y.store(out + place)
      place &+= lanes
    }
    guard poison.isZero(inFirst: lanes) else { return false }
    keep(y, 0)
    return true
  }

  func mean(_ x: Source, _ out: Target, weight: Double, seed: Double, skip: Double) {
    let step = MeanStep(weight: V(weight))
    if isDone(x, out, begun: skip + seed + 1, step) { return }
    let seeds = Seeds(first: skip + 1, last: skip + seed, ready: skip + seed, divisor: seed)
    carefully(x, out, seeds, step)
  }

  func wilderSum(_ x: Source, _ out: Target, count: Double) {
    let step = WilderStep(count: V(count))
    if isDone(x, out, begun: count, step) { return }
    carefully(x, out, Seeds(first: 1, last: count - 1, ready: count, divisor: 1), step)
  }

  /// Which of the values since the last hole are only summed, by their number, what the sum is then
  /// divided by, and from which on there is a value.
  private struct Seeds {
    let first, last, ready, divisor: Double
  }

  @inline(__always)
  private func carefully<S: RecursionStep>(
    _ x: Source, _ out: Target, _ seeds: Seeds, _ step: S
  ) where S.V == V {
    let last = V(seeds.last)
    let most = V(seeds.last + 1)
    var y = number(0)
    var seen = number(1)
    for row in 0..<rows {
      let value = V.load(x + row * lanes)
      let more = seen + V(1)
      seen = V.choose(value.isNumber, V.choose(more.isLess(most), more, most), V(0))
      let sum = V.choose(seen.isLessOrEqual(V(seeds.first)), value, y + value)
      let seed = V.choose(seen.isSame(last), sum / V(seeds.divisor), sum)
      y = V.choose(seen.isLessOrEqual(last), seed, step.next(y, value))
      V.choose(seen.isLess(V(seeds.ready)), V.missing, y).store(out + row * lanes)
    }
    keep(y, 0)
    keep(seen, 1)
  }

  func total(_ x: Source, first: Source, _ out: Target) {
    if isDone(x, out, begun: 1, SumStep()) { return }
    var y = number(0)
    var begun = number(1)
    for row in 0..<rows {
      let value = V.load(x + row * lanes)
      let start = V.choose(value.isNumber, value, V.load(first + row * lanes))
      let isBegun = V(0).isLess(begun)
      let addend = V.choose(isBegun, value, start)
      y = V.choose(addend.isNumber, V.choose(isBegun, y + addend, addend), y)
      begun = V.choose(addend.isNumber, V(1), begun)
      V.choose(addend.isNumber, y, V.missing).store(out + row * lanes)
    }
    keep(y, 0)
    keep(begun, 1)
  }

  func weightedStep(_ x: Source, _ weight: Source, _ start: Source, _ out: Target) {
    var y = number(0)
    var begun = number(1)
    for row in 0..<rows {
      let value = V.load(x + row * lanes)
      let from = V.choose(V(0).isLess(begun), y, V.load(start + row * lanes))
      y = from + V.load(weight + row * lanes) * (value - from)
      begun = V.choose(y.isNumber, V(1), V(0))
      y.store(out + row * lanes)
    }
    keep(y, 0)
    keep(begun, 1)
  }
}

/// How a value follows from the one before. A type, not a closure, so that loops are compiled for it.
private protocol RecursionStep {
  associatedtype V: LaneVector
  func next(_ y: V, _ value: V) -> V
}

private struct MeanStep<V: LaneVector>: RecursionStep {
  let weight: V
  @inline(__always) func next(_ y: V, _ value: V) -> V { y.addingProduct(weight, value - y) }
}

private struct WilderStep<V: LaneVector>: RecursionStep {
  let count: V
  @inline(__always) func next(_ y: V, _ value: V) -> V { y - y / count + value }
}

private struct SumStep<V: LaneVector>: RecursionStep {
  @inline(__always) func next(_ y: V, _ value: V) -> V { y + value }
}

/// What a kernel asks of its lanes once a block.
protocol LaneTest {
  func isZero(inFirst lanes: Int) -> Bool
}

extension Double: LaneTest {
  @inline(__always) func isZero(inFirst lanes: Int) -> Bool { self == 0 }
}

extension SIMD8<Double>: LaneTest {
  @inline(__always) func isZero(inFirst lanes: Int) -> Bool {
    for lane in 0..<lanes where self[lane] != 0 { return false }
    return true
  }
}
