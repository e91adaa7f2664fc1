import Numerics

/// How the right operand of a product is laid out for `Tile`: panels of four registers' width, each
/// with its lines one after the other. The last panel is as narrow as whole registers allow, and what
/// it has too much is zero.
@usableFromInline
struct Panels<T: VectorScalar> {
  static var lanes: Int { T.Lanes.scalarCount }
  /// Columns of a whole panel.
  static var width: Int { 4 &* lanes }

  let depth: Int
  let columns: Int

  init(depth: Int, columns: Int) {
    self.depth = depth
    self.columns = columns
  }

  var count: Int { (columns &+ Self.width &- 1) / Self.width }
  /// Numbers they take.
  var size: Int { depth &* ((columns &+ Self.lanes &- 1) / Self.lanes &* Self.lanes) }

  /// Registers in a line of the panel.
  @inline(__always)
  func registers(_ panel: Int) -> Int {
    min(4, (columns &- panel &* Self.width &+ Self.lanes &- 1) / Self.lanes)
  }

  @inline(__always)
  func offset(_ panel: Int) -> Int { panel &* Self.width &* depth }

  /// Copies the matrix into panels.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func pack(_ matrix: Strided<T>, into target: UnsafeMutablePointer<T>) {
    for panel in 0..<count {
      let first = panel &* Self.width
      let width = registers(panel) &* Self.lanes
      let filled = min(width, columns &- first)
      let block = target + offset(panel)
      if filled < width { block.update(repeating: 0, count: depth &* width) }
      let source = Strided(matrix.at(0, first), row: matrix.row, column: matrix.column)
      if matrix.column == 1 {
        Self.copyLines(source, block, depth: depth, filled: filled, width: width)
      } else if matrix.row == 1 {
        Self.transposeLines(source, block, depth: depth, filled: filled, width: width)
      } else {
        for line in 0..<depth {
          for j in 0..<filled { block[line &* width &+ j] = source.at(line, j).pointee }
        }
      }
    }
  }

  @inline(__always)
  private static func copyLines(
    _ source: Strided<T>, _ block: UnsafeMutablePointer<T>, depth: Int, filled: Int, width: Int
  ) {
    for line in 0..<depth {
      let from = source.start + line &* source.row
      let to = block + line &* width
      var j = 0
      while j &+ lanes <= filled {
        (to + j).store((from + j).lanes())
        j &+= lanes
      }
      while j < filled {
        to[j] = from[j]
        j &+= 1
      }
    }
  }

  /// Columns that lie one after the other in memory become lines: a few columns at a time, so that
  /// reads and writes both stay within few cache lines.
  @inline(__always)
  private static func transposeLines(
    _ source: Strided<T>, _ block: UnsafeMutablePointer<T>, depth: Int, filled: Int, width: Int
  ) {
    var j = 0
    while j < filled {
      let columns = min(lanes, filled &- j)
      let from = source.start + j &* source.column
      let to = block + j
      if columns == lanes {
        for line in 0..<depth {
          var register = T.Lanes.zero
          for lane in 0..<T.Lanes.scalarCount {
            register[lane] = from[lane &* source.column &+ line]
          }
          (to + line &* width).store(register)
        }
      } else {
        for line in 0..<depth {
          for lane in 0..<columns {
            to[line &* width &+ lane] = from[lane &* source.column &+ line]
          }
        }
      }
      j &+= lanes
    }
  }
}
