import Numerics

/// The formulas of a recurrent layer for one register of units.
///
/// Four sums belong to a unit and lie in four registers of a tile, so that the gates are worked out
/// while their sums are still in registers.
protocol RecurrentCell: Sendable {
  associatedtype T: VectorScalar
  /// Blocks of rows in PyTorch's weights.
  static var gateCount: Int { get }
  /// Registers that a line of packed weights takes.
  static var width: Int { get }
  /// The first of the four sums that the hidden state adds to; the input adds from the first on.
  static var hiddenFirst: Int { get }
  /// The block of PyTorch's rows that belongs to a sum, for the input's weights.
  static func inputGate(_ sum: Int) -> Int
  static func hiddenGate(_ sum: Int) -> Int
  static var hasCell: Bool { get }

  static func add<let R: Int>(
    _ tile: inout Tile<T, R, 4>, _ left: UnsafePointer<T>, row: Int, panel: UnsafePointer<T>,
    depth: Int, isHidden: Bool)

  /// The next hidden and cell state; the sums become what `backward` needs.
  static func forward(
    _ sums: inout InlineArray<4, T.Lanes>, hidden: T.Lanes, cell: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes)

  /// The gradients of the four sums, in place of what was kept, and of the states before, as far as
  /// they do not come through the sums.
  static func backward(
    _ kept: inout InlineArray<4, T.Lanes>, before: (hidden: T.Lanes, cell: T.Lanes), cell: T.Lanes,
    hiddenGradient: T.Lanes, cellGradient: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes)
}

/// Long short-term memory (Hochreiter and Schmidhuber 1997), gates in PyTorch's order i, f, g, o.
enum LSTMCell<T: VectorScalar>: RecurrentCell {
  static var gateCount: Int { 4 }
  static var width: Int { 4 }
  static var hiddenFirst: Int { 0 }
  static func inputGate(_ sum: Int) -> Int { sum }
  static func hiddenGate(_ sum: Int) -> Int { sum }
  static var hasCell: Bool { true }

  @inline(__always)
  static func add<let R: Int>(
    _ tile: inout Tile<T, R, 4>, _ left: UnsafePointer<T>, row: Int, panel: UnsafePointer<T>,
    depth: Int, isHidden: Bool
  ) {
    tile.add(left, row: row, column: 1, panel: panel, depth: depth)
  }

  @inline(__always)
  static func forward(
    _ sums: inout InlineArray<4, T.Lanes>, hidden: T.Lanes, cell: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes) {
    let i = T.Lanes.gate(sums[0])
    let f = T.Lanes.gate(sums[1])
    let g = T.Lanes.squash(sums[2])
    let o = T.Lanes.gate(sums[3])
    sums[0] = i
    sums[1] = f
    sums[2] = g
    sums[3] = o
    let next = (f * cell).addingProduct(i, g)
    return (o * T.Lanes.squash(next), next)
  }

  @inline(__always)
  static func backward(
    _ kept: inout InlineArray<4, T.Lanes>, before: (hidden: T.Lanes, cell: T.Lanes), cell: T.Lanes,
    hiddenGradient: T.Lanes, cellGradient: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes) {
    let (i, f, g, o) = (kept[0], kept[1], kept[2], kept[3])
    let shown = T.Lanes.squash(cell)
    let slope = cellGradient.addingProduct(hiddenGradient * o, 1 - shown * shown)
    kept[0] = slope * g * i * (1 - i)
    kept[1] = slope * before.cell * f * (1 - f)
    kept[2] = slope * i * (1 - g * g)
    kept[3] = hiddenGradient * shown * o * (1 - o)
    return (.zero, slope * f)
  }
}

/// Gated recurrent unit (Cho and others 2014) as PyTorch has it, with the reset gate after the
/// product. The sums are the input's part of n, r, z, and the hidden state's part of n; weights come
/// in PyTorch's order r, z, n.
enum GRUCell<T: VectorScalar>: RecurrentCell {
  static var gateCount: Int { 3 }
  static var width: Int { 3 }
  static var hiddenFirst: Int { 1 }
  static func inputGate(_ sum: Int) -> Int { (sum + 2) % 3 }
  static func hiddenGate(_ sum: Int) -> Int { sum - 1 }
  static var hasCell: Bool { false }

  @inline(__always)
  static func add<let R: Int>(
    _ tile: inout Tile<T, R, 4>, _ left: UnsafePointer<T>, row: Int, panel: UnsafePointer<T>,
    depth: Int, isHidden: Bool
  ) {
    tile.add(
      left, row: row, column: 1, panel: panel, depth: depth, first: isHidden ? 1 : 0,
      Registers<3>())
  }

  @inline(__always)
  static func forward(
    _ sums: inout InlineArray<4, T.Lanes>, hidden: T.Lanes, cell: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes) {
    let r = T.Lanes.gate(sums[1])
    let z = T.Lanes.gate(sums[2])
    let n = T.Lanes.squash(sums[0].addingProduct(r, sums[3]))
    sums[0] = n
    sums[1] = r
    sums[2] = z
    return (n.addingProduct(z, hidden - n), .zero)
  }

  @inline(__always)
  static func backward(
    _ kept: inout InlineArray<4, T.Lanes>, before: (hidden: T.Lanes, cell: T.Lanes), cell: T.Lanes,
    hiddenGradient: T.Lanes, cellGradient: T.Lanes
  ) -> (hidden: T.Lanes, cell: T.Lanes) {
    let (n, r, z, hiddenPart) = (kept[0], kept[1], kept[2], kept[3])
    let slope = hiddenGradient * (1 - z) * (1 - n * n)
    kept[0] = slope
    kept[1] = slope * hiddenPart * r * (1 - r)
    kept[2] = hiddenGradient * (before.hidden - n) * z * (1 - z)
    kept[3] = slope * r
    return (hiddenGradient * z, .zero)
  }
}
