import Numerics

extension Forest {
  /// Rows whose keys stay in the nearest caches while all trees pass over them.
  private static var blockRows: Int { RankedTrees<Leaf>.rows }

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

  func rowMemory() -> RowMemory { RowMemory(keys: keys.count, places: trees.count + View.walks) }

  /// The same for one row, at once and with memory that the caller keeps.
  func add(
    row: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Leaf>, _ memory: RowMemory
  ) {
    withView { addRow($0, row, to: sums, memory) }
  }

  private func addRow(
    _ view: View, _ row: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Leaf>,
    _ memory: RowMemory
  ) {
    keys.fill(memory.keys, stride: 1, from: row)
    if categoryTests.isEmpty {
      view.walk(memory.keys, places: memory.places, walking: memory.walking)
    } else {
      keys.features.withUnsafeBufferPointer { features in
        guard let features = features.baseAddress else { return }
        view.walk(memory.keys, row, features, places: memory.places)
      }
    }
    view.addLeaves(memory.places, to: sums, outputs: outputs)
  }

  private func addBlock(
    _ view: View, _ rows: UnsafePointer<Float>, _ count: Int, width: Int,
    to sums: UnsafeMutablePointer<Leaf>
  ) {
    // With fewer rows too many questions are put for nobody.
    if let ranked, count >= 16 {
      ranked.add(rows, count: count, width: width, keys: keys, to: sums, stride: outputs)
      return
    }
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
    if eights == count { return }
    let memory = rowMemory()
    for row in eights..<count {
      addRow(view, rows + row * width, to: sums + row * outputs, memory)
    }
  }
}
