import Numerics

/// A block of a matrix product that is held in registers: `R` rows of `V` registers.
///
/// Six rows of four registers fill 24 of the 32 that AVX-512 has; four more hold a line of the right
/// operand and one a number of the left. The counts are part of the type, so that every loop here is
/// unrolled and nothing of it is ever written to memory.
@usableFromInline
struct Tile<T: VectorScalar, let R: Int, let V: Int> {
  var sums: InlineArray<R, InlineArray<V, T.Lanes>>

  @inline(__always)
  init() { sums = .init(repeating: .init(repeating: .zero)) }

  /// A tile whose rows all begin with the same numbers: a bias.
  @inline(__always)
  init(row: UnsafePointer<T>) {
    var line = InlineArray<V, T.Lanes>(repeating: .zero)
    for v in 0..<V { line[v] = (row + v &* T.Lanes.scalarCount).lanes() }
    sums = .init(repeating: line)
  }

  /// Adds the product of `R` rows of the left operand with a panel of the right one.
  ///
  /// - Parameters:
  ///   - row: from one row of the left operand to the next
  ///   - column: from one column of the left operand to the next
  ///   - panel: `depth` lines of `V` registers
  @inline(__always)
  mutating func add(
    _ left: UnsafePointer<T>, row: Int, column: Int, panel: UnsafePointer<T>, depth: Int
  ) {
    var left = left
    var line = panel
    var rest = depth
    while rest > 0 {
      var right = InlineArray<V, T.Lanes>(repeating: .zero)
      for v in 0..<V { right[v] = (line + v &* T.Lanes.scalarCount).lanes() }
      for r in 0..<R {
        let factor = T.Lanes(repeating: left[r &* row])
        for v in 0..<V { sums[r][v] = sums[r][v].addingProduct(factor, right[v]) }
      }
      left += column
      line += V &* T.Lanes.scalarCount
      rest &-= 1
    }
  }

  /// The same with a panel that is narrower than the tile: its `W` registers are added to those from
  /// `first` on.
  @inline(__always)
  mutating func add<let W: Int>(
    _ left: UnsafePointer<T>, row: Int, column: Int, panel: UnsafePointer<T>, depth: Int,
    first: Int, _ width: Registers<W>
  ) {
    var left = left
    var line = panel
    var rest = depth
    while rest > 0 {
      var right = InlineArray<W, T.Lanes>(repeating: .zero)
      for v in 0..<W { right[v] = (line + v &* T.Lanes.scalarCount).lanes() }
      for r in 0..<R {
        let factor = T.Lanes(repeating: left[r &* row])
        for v in 0..<W { sums[r][first &+ v] = sums[r][first &+ v].addingProduct(factor, right[v]) }
      }
      left += column
      line += W &* T.Lanes.scalarCount
      rest &-= 1
    }
  }
}

/// A number of registers as a type.
struct Registers<let W: Int> {}
