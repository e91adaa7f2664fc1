import Numerics

/// Panels kept as BFloat16, half as long: what a product reads of them is widened, a block of lines at a
/// time, into memory that stays near the core.
struct HalfPanels<T: VectorScalar> {
  let panels: Panels<T>

  private static var depthBlock: Int { 256 }
  /// Numbers that a product needs to work in, of each thread.
  static var workspace: Int { depthBlock * Panels<T>.width }

  /// Numbers of the program's format that take the place of the halves.
  var size: Int {
    (panels.size * MemoryLayout<UInt16>.stride + MemoryLayout<T>.stride - 1)
      / MemoryLayout<T>.stride
  }

  /// Lays the matrix out and rounds it.
  func pack(_ matrix: Strided<T>, into target: UnsafeMutablePointer<T>) {
    let wide = Memory<T>.allocate(panels.size)
    defer { Memory<T>.free(wide) }
    panels.pack(matrix, into: wide)
    let halves = UnsafeMutableRawPointer(target)
    for i in 0..<panels.size {
      halves.storeBytes(of: BFloat16(Float(wide[i])).bits, toByteOffset: 2 * i, as: UInt16.self)
    }
  }

  /// target = left · the packed matrix; one panel of columns.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func multiply(
    _ left: Strided<T>, _ packed: UnsafePointer<T>, panel: Int, rows: Int,
    into target: Product<T>.Target, workspace: UnsafeMutablePointer<T>
  ) {
    let halves = UnsafeRawPointer(packed)
    let column = panel &* Panels<T>.width
    let width = panels.registers(panel) &* Panels<T>.lanes
    let columns = min(Panels<T>.width, panels.columns &- column)
    var block = Product<T>.Target(
      start: target.start + column, stride: target.stride, bias: target.bias.map { $0 + column },
      accumulates: target.accumulates)
    var first = 0
    while first < panels.depth {
      let lines = min(Self.depthBlock, panels.depth &- first)
      let start = 2 &* (panels.offset(panel) &+ first &* width)
      for i in 0..<lines &* width {
        let bits = halves.loadUnaligned(fromByteOffset: start &+ 2 &* i, as: UInt16.self)
        workspace[i] = T(Float(bitPattern: UInt32(bits) << 16))
      }
      Product.multiply(
        Strided(left.at(0, first), row: left.row, column: left.column),
        Panels(depth: lines, columns: columns), UnsafePointer(workspace), rows: rows, into: block)
      block.accumulates = true
      block.bias = nil
      first &+= lines
    }
  }
}
