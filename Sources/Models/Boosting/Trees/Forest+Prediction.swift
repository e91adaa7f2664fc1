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
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, keys.count)) { buffer in
      withUnsafeTemporaryAllocation(of: Leaf.self, capacity: trees.count) { found in
        guard let keys = buffer.baseAddress, let leaves = found.baseAddress else { return }
        self.keys.fill(keys, from: row)
        if categoryTests.isEmpty {
          view.findLeaves(keys, into: leaves)
        } else {
          self.keys.features.withUnsafeBufferPointer { features in
            guard let features = features.baseAddress else { return }
            view.findLeaves(keys, row, features, into: leaves)
          }
        }
        // In the order of the trees, as the libraries add them.
        for (tree, leaf) in zip(view.trees, found) { sums[Int(tree.output)] += leaf }
      }
    }
  }

  private func addBlock(
    _ view: View, _ rows: UnsafePointer<Float>, _ count: Int, width: Int,
    to sums: UnsafeMutablePointer<Leaf>
  ) {
    // Eights of rows side by side; the rest, and rows with categories, one by one.
    let eights = categoryTests.isEmpty ? count & ~7 : 0
    let stride = keys.count
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: max(1, eights * stride)) { buffer in
      guard let keys = buffer.baseAddress else { return }
      for row in 0..<eights { self.keys.fill(keys + row * stride, from: rows + row * width) }
      for tree in view.trees {
        for row in Swift.stride(from: 0, to: eights, by: 8) {
          view.addEight(
            tree, keys + row * stride, stride: stride, to: sums + row * outputs, outputs: outputs)
        }
      }
    }
    for row in eights..<count { addRow(view, rows + row * width, to: sums + row * outputs) }
  }
}
