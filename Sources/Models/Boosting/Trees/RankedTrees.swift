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

  private struct Node: BitwiseCopyable {
    var slot: UInt16
    /// Those go right whose rank is greater.
    var rank: UInt8
  }

  /// 63 a tree, level by level; below a leaf that lies higher up nobody goes right.
  private var nodes: [Node]
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
      repeating: Node(slot: 0, rank: Self.never), count: Self.nodeCount * outputs.count)
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
      nodes[tree * Self.nodeCount + index] = Node(slot: node.slot, rank: UInt8(lower))
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
            Self.ask(node + tree * Self.nodeCount, ranks, reached)
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
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.rows * keys.count) { buffer in
      guard let start = buffer.baseAddress else { return }
      for row in 0..<count { keys.fill(start + row, stride: Self.rows, from: rows + row * width) }
      thresholds.withUnsafeBufferPointer { thresholds in
        guard let all = thresholds.baseAddress else { return }
        for slot in 0..<keys.count {
          Self.rank(
            start + slot * Self.rows, count: count, among: all + bounds[slot],
            bounds[slot + 1] - bounds[slot], into: ranks + slot * Self.rows)
        }
      }
    }
  }

  /// By halves, without a jump that depends on a key.
  private static func rank(
    _ keys: UnsafePointer<UInt32>, count: Int, among thresholds: UnsafePointer<UInt32>,
    _ thresholdCount: Int, into ranks: UnsafeMutablePointer<UInt8>
  ) {
    for row in 0..<count {
      let key = keys[row]
      var (first, rest) = (0, thresholdCount)
      while rest > 1 {
        let half = rest / 2
        first &+= thresholds[first &+ half &- 1] < key ? half : 0
        rest &-= half
      }
      if rest == 1 { first &+= thresholds[first] < key ? 1 : 0 }
      ranks[row] = UInt8(truncatingIfNeeded: first)
    }
  }
}

// One tree and 64 rows.
extension RankedTrees {
  private typealias Bytes = SIMD64<UInt8>

  /// Which leaf each row reaches.
  @inline(never)
  private static func ask(
    _ nodes: UnsafePointer<Node>, _ ranks: UnsafePointer<UInt8>,
    _ reached: UnsafeMutablePointer<UInt8>
  ) {
    let (a, b) = (three(nodes, ranks, 7, 0), three(nodes, ranks, 8, 8))
    let ab = chosen(goesRight(nodes[3], ranks), b, a)
    let (c, d) = (three(nodes, ranks, 9, 16), three(nodes, ranks, 10, 24))
    let abcd = chosen(
      goesRight(nodes[1], ranks), chosen(goesRight(nodes[4], ranks), d, c), ab)
    let (e, f) = (three(nodes, ranks, 11, 32), three(nodes, ranks, 12, 40))
    let ef = chosen(goesRight(nodes[5], ranks), f, e)
    let (g, h) = (three(nodes, ranks, 13, 48), three(nodes, ranks, 14, 56))
    let efgh = chosen(
      goesRight(nodes[2], ranks), chosen(goesRight(nodes[6], ranks), h, g), ef)
    UnsafeMutableRawPointer(reached).storeBytes(
      of: chosen(goesRight(nodes[0], ranks), efgh, abcd), as: Bytes.self)
  }

  /// The lowest three levels below a node.
  @inline(__always)
  private static func three(
    _ nodes: UnsafePointer<Node>, _ ranks: UnsafePointer<UInt8>, _ root: Int, _ leaf: UInt8
  ) -> Bytes {
    chosen(
      goesRight(nodes[root], ranks), two(nodes, ranks, 2 * root + 2, leaf + 4),
      two(nodes, ranks, 2 * root + 1, leaf))
  }

  @inline(__always)
  private static func two(
    _ nodes: UnsafePointer<Node>, _ ranks: UnsafePointer<UInt8>, _ root: Int, _ leaf: UInt8
  ) -> Bytes {
    // All bits of a byte are −1.
    let left = Bytes(repeating: leaf) &- goesRight(nodes[2 * root + 1], ranks)
    let right = Bytes(repeating: leaf + 2) &- goesRight(nodes[2 * root + 2], ranks)
    return chosen(goesRight(nodes[root], ranks), right, left)
  }

  /// All bits of a row's byte, or none.
  @inline(__always)
  private static func goesRight(_ node: Node, _ ranks: UnsafePointer<UInt8>) -> Bytes {
    let own = UnsafeRawPointer(ranks + Int(node.slot) * rows).load(as: Bytes.self)
    return unsafeBitCast(own .> Bytes(repeating: node.rank), to: Bytes.self)
  }

  @inline(__always)
  private static func chosen(_ mask: Bytes, _ right: Bytes, _ left: Bytes) -> Bytes {
    left ^ ((left ^ right) & mask)
  }
}
