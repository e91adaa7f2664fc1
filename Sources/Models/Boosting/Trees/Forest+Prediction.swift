import Numerics

extension Forest {
  /// Rows whose keys stay in the nearest caches while all trees pass over them.
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
    withView { view in
      if count == 1 { return addRow(view, rows, to: sums) }
      // Bodies only read the view, and write sums that belong to their own rows.
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
    _ view: View, _ row: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Leaf>
  ) {
    let count = trees.count
    let room = 2 * (count + 1) + View.walks
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, keys.count)) { keys in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: room) { places in
        guard let keys = keys.baseAddress, let places = places.baseAddress else { return }
        self.keys.fill(keys, stride: 1, from: row)
        if categoryTests.isEmpty {
          view.walk(keys, places: places, walking: places + count + 1)
        } else {
          self.keys.features.withUnsafeBufferPointer { features in
            guard let features = features.baseAddress else { return }
            view.walk(keys, row, features, places: places)
          }
        }
        // In the order of the trees, as the libraries add them.
        for (index, tree) in view.trees.enumerated() {
          sums[Int(tree.output)] += view.leaves[Int(places[index])]
        }
      }
    }
  }

  private func addBlock(
    _ view: View, _ rows: UnsafePointer<Float>, _ count: Int, width: Int,
    to sums: UnsafeMutablePointer<Leaf>
  ) {
    // Eights of rows side by side; the rest, and rows with categories, one by one.
    let eights = categoryTests.isEmpty ? count & ~7 : 0
    let size = 8 * keys.count
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, eights * keys.count)) {
      buffer in
      guard let keys = buffer.baseAddress else { return }
      for row in 0..<eights {
        self.keys.fill(keys + row / 8 * size + row % 8, stride: 8, from: rows + row * width)
      }
      for tree in view.trees {
        for eight in 0..<eights / 8 {
          view.addEight(
            tree, keys + eight * size, to: sums + eight * 8 * outputs, outputs: outputs)
        }
      }
    }
    for row in eights..<count { addRow(view, rows + row * width, to: sums + row * outputs) }
  }
}
