import Numerics

extension Forest {
  /// Rows that stay in the nearest cache while all trees pass over them.
  private static var blockRows: Int { 64 }

  /// Adds the leaves of all trees to the sums of all rows, on the threads of the pool.
  ///
  /// - Parameters:
  ///   - rows: one after the other, `width` numbers each
  ///   - sums: `outputs` numbers a row, which hold what is added to
  func add(
    _ rows: UnsafePointer<Float>, count: Int, width: Int, to sums: UnsafeMutablePointer<Leaf>,
    pool: Pool
  ) {
    _ = withView { view in
      if count == 1 {
        // No pool, no memory: a single row is wanted at once.
        addRow(view, rows, width: width, to: sums)
        return
      }
      // The body only reads the view and writes sums that belong to its own rows.
      nonisolated(unsafe) let (rows, sums) = (rows, sums)
      pool.forEachChunk(of: count, minimumChunk: 16, alignedTo: 8) { range in
        var first = range.lowerBound
        while first < range.upperBound {
          let block = min(Self.blockRows, range.upperBound - first)
          addBlock(view, rows + first * width, block, width: width, to: sums + first * outputs)
          first += block
        }
      }
    }
  }

  private func addRow(
    _ view: View, _ row: UnsafePointer<Float>, width: Int, to sums: UnsafeMutablePointer<Leaf>
  ) {
    if isPlain, !Self.hasMissing(row, count: width) {
      view.addPlain(row, to: sums)
    } else {
      view.add(row, to: sums)
    }
  }

  private func addBlock(
    _ view: View, _ rows: UnsafePointer<Float>, _ count: Int, width: Int,
    to sums: UnsafeMutablePointer<Leaf>
  ) {
    guard isPlain, count % 8 == 0, !Self.hasMissing(rows, count: count * width) else {
      for row in 0..<count {
        addRow(view, rows + row * width, width: width, to: sums + row * outputs)
      }
      return
    }
    for tree in view.trees {
      for row in stride(from: 0, to: count, by: 8) {
        view.addPlain(
          tree, rows + row * width, stride: width, to: sums + row * outputs, outputs: outputs)
      }
    }
  }

  /// Whether any number is NaN: sixteen at a time, each compared with itself.
  private static func hasMissing(_ numbers: UnsafePointer<Float>, count: Int) -> Bool {
    var found = SIMDMask<SIMD16<Int32>>(repeating: false)
    var i = 0
    while i + 16 <= count {
      let lanes = UnsafeRawPointer(numbers + i).loadUnaligned(as: SIMD16<Float>.self)
      found .|= lanes .!= lanes
      i += 16
    }
    var last = false
    while i < count {
      last = last || numbers[i].isNaN
      i += 1
    }
    return last || found != SIMDMask(repeating: false)
  }
}
