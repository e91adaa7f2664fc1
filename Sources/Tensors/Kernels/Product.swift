import Numerics

/// Matrix products.
///
/// The right operand is first laid out in `Panels`; what a network multiplies by is a weight, so the
/// copy is read many times. A deep product is cut into blocks whose panels stay in the second-level
/// cache. Sums run in the order of the depth, whatever the number of threads.
enum Product<T: VectorScalar> {
  /// Lines of the right operand that are packed at once.
  static var depthBlock: Int { 256 }
  /// Rows of the left operand that are multiplied by every panel before the next ones.
  private static var rowBlock: Int { 96 }

  /// Where finished sums go.
  struct Target {
    let start: UnsafeMutablePointer<T>
    let stride: Int
    /// One number a column, added to every row.
    var bias: UnsafePointer<T>?
    /// Whether sums are added to what is there.
    var accumulates = false
  }

  /// Columns of the left operand in groups of equal depth, from one to the next by `period`.
  struct Groups {
    var count = 1
    let depth: Int
    var period = 0
  }

  /// Numbers that `multiply(_:_:…)` needs to work in.
  static func workspace(depth: Int, columns: Int) -> Int {
    Panels<T>(depth: min(depth, depthBlock), columns: columns).size
  }

  /// target = left · right, where both operands may be transposed through their strides.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func multiply(
    _ left: Strided<T>, _ right: Strided<T>, rows: Int, depth: Int, columns: Int,
    into target: Target, workspace: UnsafeMutablePointer<T>
  ) {
    var target = target
    var start = 0
    repeat {
      let count = min(depthBlock, depth &- start)
      let panels = Panels<T>(depth: count, columns: columns)
      panels.pack(
        Strided(right.at(start, 0), row: right.row, column: right.column), into: workspace)
      multiply(
        Strided(left.at(0, start), row: left.row, column: left.column), panels, workspace,
        rows: rows, into: target)
      target.accumulates = true
      target.bias = nil
      start &+= count
    } while start < depth
  }

  /// target = left · the packed matrix.
  @specialized(where T == Float)
  @specialized(where T == Double)
  static func multiply(
    _ left: Strided<T>, _ panels: Panels<T>, _ packed: UnsafePointer<T>, rows: Int,
    groups: Groups? = nil, into target: Target
  ) {
    let groups = groups ?? Groups(depth: panels.depth)
    var first = 0
    while first < rows {
      let end = min(rows, first &+ rowBlock)
      for panel in 0..<panels.count {
        let lines = packed + panels.offset(panel)
        let column = panel &* Panels<T>.width
        let block = Block(
          left: left, panel: lines, groups: groups, first: first, end: end, column: column,
          columns: panels.columns &- column, target: target)
        switch panels.registers(panel) {
        case 4: block.run(Rows<T, 6, 4>.self, Rows<T, 2, 4>.self, Rows<T, 1, 4>.self)
        case 3: block.run(Rows<T, 8, 3>.self, Rows<T, 2, 3>.self, Rows<T, 1, 3>.self)
        case 2: block.run(Rows<T, 12, 2>.self, Rows<T, 4, 2>.self, Rows<T, 1, 2>.self)
        default: block.run(Rows<T, 12, 1>.self, Rows<T, 4, 1>.self, Rows<T, 1, 1>.self)
        }
      }
      first = end
    }
  }

  /// The rows of one block against one panel.
  fileprivate struct Block {
    let left: Strided<T>
    let panel: UnsafePointer<T>
    let groups: Groups
    let first, end: Int
    let column: Int
    /// Columns from this panel on.
    let columns: Int
    let target: Target

    /// As many rows at a time as registers allow, then fewer, then single ones.
    @inline(__always)
    func run<Many: RowCount<T>, Few: RowCount<T>, One: RowCount<T>>(
      _ many: Many.Type, _ few: Few.Type, _ one: One.Type
    ) {
      let rest = Many.run(self, from: first)
      _ = One.run(self, from: rest < end ? Few.run(self, from: rest) : rest)
    }
  }

  fileprivate enum Rows<S: VectorScalar, let R: Int, let V: Int>: RowCount {
    @inline(__always)
    static func run(_ block: Product<S>.Block, from first: Int) -> Int {
      var row = first
      while row &+ R <= block.end {
        var tile = Tile<S, R, V>()
        let groups = block.groups
        for group in 0..<groups.count {
          tile.add(
            block.left.at(row, group &* groups.period), row: block.left.row,
            column: block.left.column,
            panel: block.panel + group &* groups.depth &* V &* S.Lanes.scalarCount,
            depth: groups.depth)
        }
        block.store(tile, row: row)
        row &+= R
      }
      return row
    }
  }
}

/// A number of rows that a tile has.
private protocol RowCount<S> {
  associatedtype S: VectorScalar
  /// Multiplies whole tiles of rows and gives the first one that is left over.
  static func run(_ block: Product<S>.Block, from first: Int) -> Int
}

extension Product.Block {
  @inline(__always)
  fileprivate func store<let R: Int, let V: Int>(_ tile: Tile<T, R, V>, row: Int) {
    let width = T.Lanes.scalarCount
    let corner = target.start + (row &* target.stride &+ column)
    for v in 0..<V {
      let valid = columns &- v &* width
      if valid >= width {
        let bias = target.bias.map { ($0 + (column &+ v &* width)).lanes() } ?? .zero
        for r in 0..<R {
          let place = corner + (r &* target.stride &+ v &* width)
          let old = target.accumulates ? UnsafePointer(place).lanes() : bias
          place.store(tile.sums[r][v] + old)
        }
      } else {
        let bias = target.bias.map { ($0 + (column &+ v &* width)).lanes(first: valid) } ?? .zero
        for r in 0..<R {
          let place = corner + (r &* target.stride &+ v &* width)
          let old = target.accumulates ? UnsafePointer(place).lanes(first: valid) : bias
          place.store(tile.sums[r][v] + old, first: valid)
        }
      }
    }
  }
}
