import CRankQuestions

/// Trees of at most six levels, laid out so that all their questions are put to 64 rows at once.
///
/// A row's key is replaced by its rank among the thresholds of its slot, a byte, and the bytes of 64
/// rows lie side by side: a node is one comparison of 64 bytes. Which leaf a row reaches is chosen from
/// the lowest nodes up, between what both children say. That puts 63 questions where a walk puts six,
/// but to 64 rows in one instruction, with no step that waits for the one before.
struct RankedTrees<Leaf: BinaryFloatingPoint & BitwiseCopyable & Sendable>: Sendable {
  /// Rows that are asked at once.
  static var rows: Int { 64 }
  private static var nodeCount: Int { 63 }
  private static var leafCount: Int { 64 }
  /// Above it is no rank.
  private static var never: UInt8 { .max }

  /// 63 a tree, level by level; below a leaf that lies higher up nobody goes right.
  private var nodes: [martinet_question]
  /// 64 a tree.
  private var leaves: [Leaf]
  private let outputs: [Int32]
  /// The thresholds of each slot one after the other, rising, and where those of each begin.
  private var thresholds: [UInt32] = []
  private var bounds: [Int] = [0]

  /// Nil where a tree is deeper, tests categories, or a slot has more thresholds than a byte counts.
  init?(_ forest: Forest<Leaf>) {
    guard forest.categoryTests.isEmpty, forest.keys.count > 0,
      forest.trees.allSatisfy({ $0.depth <= 6 })
    else { return nil }
    var own = [Set<UInt32>](repeating: [], count: forest.keys.count)
    for node in forest.nodes where node.step != 0 { own[Int(node.slot)].insert(node.threshold) }
    guard own.allSatisfy({ $0.count <= Int(Self.never) }) else { return nil }
    for slot in own {
      thresholds += slot.sorted()
      bounds.append(thresholds.count)
    }
    outputs = forest.trees.map(\.output)
    nodes = Array(
      repeating: martinet_question(slot: 0, rank: Self.never), count: Self.nodeCount * outputs.count
    )
    leaves = Array(repeating: 0, count: Self.leafCount * outputs.count)
    for (tree, root) in forest.roots.enumerated() { lay(forest, Int(root), tree: tree, at: 0) }
  }

  private mutating func lay(_ forest: Forest<Leaf>, _ place: Int, tree: Int, at index: Int) {
    guard index < Self.nodeCount else {
      leaves[tree * Self.leafCount + index - Self.nodeCount] = forest.leaves[place]
      return
    }
    let node = forest.nodes[place]
    let isLeaf = node.step == 0
    if !isLeaf {
      let slot = Int(node.slot)
      // Those above a threshold have more thresholds below them than it has.
      let lower = thresholds[bounds[slot]..<bounds[slot + 1]].count { $0 < node.threshold }
      nodes[tree * Self.nodeCount + index] = martinet_question(
        slot: node.slot, rank: UInt8(lower))
    }
    let left = place + Int(node.step)
    lay(forest, left, tree: tree, at: 2 * index + 1)
    lay(forest, isLeaf ? left : left + 1, tree: tree, at: 2 * index + 2)
  }

  /// Adds the leaves of all trees to the sums of up to 64 rows, in the order of the trees.
  ///
  /// - Parameter stride: how far the sums of one row lie from those of the next
  func add(
    _ rows: UnsafePointer<Float>, count: Int, width: Int, keys: SortingKeys,
    to sums: UnsafeMutablePointer<Leaf>, stride: Int
  ) {
    withUnsafeTemporaryAllocation(
      byteCount: Self.rows * (keys.count + 1), alignment: Self.rows
    ) { bytes in
      guard let start = bytes.baseAddress else { return }
      let reached = start.assumingMemoryBound(to: UInt8.self)
      let ranks = reached + Self.rows
      fill(ranks, rows, count: count, width: width, keys: keys)
      nodes.withUnsafeBufferPointer { nodes in
        leaves.withUnsafeBufferPointer { leaves in
          guard let node = nodes.baseAddress, let leaf = leaves.baseAddress else { return }
          for tree in outputs.indices {
            martinet_ask(node + tree * Self.nodeCount, ranks, reached)
            let table = leaf + tree * Self.leafCount
            let own = sums + Int(outputs[tree])
            for row in 0..<count { own[row * stride] += table[Int(reached[row])] }
          }
        }
      }
    }
  }

  /// The ranks of rows, those of one slot side by side.
  private func fill(
    _ ranks: UnsafeMutablePointer<UInt8>, _ rows: UnsafePointer<Float>, count: Int, width: Int,
    keys: SortingKeys
  ) {
    let keyCount = Self.rows * keys.count
    withUnsafeTemporaryAllocation(
      byteCount: keyCount * MemoryLayout<UInt32>.stride, alignment: Self.rows
    ) { bytes in
      guard let start = bytes.baseAddress?.bindMemory(to: UInt32.self, capacity: keyCount) else {
        return
      }
      // Rows that are not there have a key too.
      if count < Self.rows { start.initialize(repeating: 0, count: keyCount) }
      for row in 0..<count { keys.fill(start + row, stride: Self.rows, from: rows + row * width) }
      thresholds.withUnsafeBufferPointer { thresholds in
        guard let all = thresholds.baseAddress else { return }
        for slot in 0..<keys.count {
          martinet_rank(
            start + slot * Self.rows, all + bounds[slot], bounds[slot + 1] - bounds[slot],
            ranks + slot * Self.rows)
        }
      }
    }
  }
}
