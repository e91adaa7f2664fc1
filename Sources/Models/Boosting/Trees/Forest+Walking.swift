/// Walks of several rows or several trees at once: a single walk waits for memory at every step, and
/// the processor has room for a dozen of them.
extension Forest {
  /// What walks read, bound once outside of all loops.
  struct View {
    let nodes: UnsafePointer<Node>
    let leaves: UnsafePointer<Leaf>
    let trees: UnsafeBufferPointer<Tree>
    let lastNode: Int32
    let categoryTests: UnsafeBufferPointer<CategoryTest>
    let words: UnsafeBufferPointer<UInt32>
    let leastCategory: Float
  }

  /// Lends the view; nothing happens where there is no tree.
  func withView(_ body: (View) -> Void) {
    nodes.withUnsafeBufferPointer { nodes in
      leaves.withUnsafeBufferPointer { leaves in
        trees.withUnsafeBufferPointer { trees in
          categoryTests.withUnsafeBufferPointer { tests in
            words.withUnsafeBufferPointer { words in
              guard let n = nodes.baseAddress, let l = leaves.baseAddress else { return }
              body(
                View(
                  nodes: n, leaves: l, trees: trees, lastNode: Int32(nodes.count - 1),
                  categoryTests: tests, words: words, leastCategory: leastCategory))
            }
          }
        }
      }
    }
  }
}

extension Forest.View {
  typealias Tree = Forest.Tree
  typealias Keys = UnsafePointer<UInt32>

  /// Trees that are walked side by side: as many as there are registers for.
  static var walks: Int { 10 }

  /// One step from a node. The carry of the comparison is what is added.
  @inline(__always)
  private func step(_ place: inout Int, _ key: UInt32) {
    let node = nodes[place]
    place = place &+ Int(node.step) &+ (node.threshold < key ? 1 : 0)
  }

  @inline(__always)
  private func slot(_ place: Int) -> Int { Int(nodes[place].slot) }

  /// Walks every tree for one row that has no categories.
  ///
  /// Most walks of a tree grown leaf by leaf end early while a few go three times as deep. So all take
  /// a few steps, then those that are not done a few more.
  ///
  /// - Parameters:
  ///   - places: room for one more than there are trees; afterwards the leaf of each
  ///   - walking: room for as many and a whole handful more
  func walk(
    _ keys: Keys, places: UnsafeMutablePointer<Int32>, walking: UnsafeMutablePointer<Int32>
  ) {
    let none = trees.count
    var (count, deepest) = (0, Int32(0))
    for (index, tree) in trees.enumerated() {
      places[index] = tree.root
      deepest = max(deepest, tree.depth)
      walking[count] = Int32(index)
      count += tree.depth > 0 ? 1 : 0
    }
    // The last node is a leaf, where those wait that only fill a handful up.
    places[none] = lastNode
    var steps = min(4, deepest)
    while count > 0 {
      for filler in count..<count + Self.walks { walking[filler] = Int32(none) }
      for first in Swift.stride(from: 0, to: count, by: Self.walks) {
        advance(walking + first, by: steps, keys, places)
      }
      deepest -= steps
      steps = min(3, deepest)
      var left = 0
      for i in 0..<count {
        let tree = walking[i]
        walking[left] = tree
        left += nodes[Int(places[Int(tree)])].step != 0 ? 1 : 0
      }
      count = left
    }
  }

  @inline(__always)
  private func advance(
    _ ten: UnsafeMutablePointer<Int32>, by steps: Int32, _ keys: Keys,
    _ places: UnsafeMutablePointer<Int32>
  ) {
    @inline(__always) func place(_ i: Int) -> Int { Int(places[Int(ten[i])]) }
    @inline(__always) func keep(_ i: Int, _ place: Int) {
      places[Int(ten[i])] = Int32(truncatingIfNeeded: place)
    }
    var (a, b, c, d, e) = (place(0), place(1), place(2), place(3), place(4))
    var (f, g, h, i, j) = (place(5), place(6), place(7), place(8), place(9))
    for _ in 0..<steps {
      step(&a, keys[slot(a)])
      step(&b, keys[slot(b)])
      step(&c, keys[slot(c)])
      step(&d, keys[slot(d)])
      step(&e, keys[slot(e)])
      step(&f, keys[slot(f)])
      step(&g, keys[slot(g)])
      step(&h, keys[slot(h)])
      step(&i, keys[slot(i)])
      step(&j, keys[slot(j)])
    }
    keep(0, a)
    keep(1, b)
    keep(2, c)
    keep(3, d)
    keep(4, e)
    keep(5, f)
    keep(6, g)
    keep(7, h)
    keep(8, i)
    keep(9, j)
  }

  /// Adds one tree's leaves to the sums of eight rows, whose keys of one slot lie side by side.
  @inline(__always)
  func addEight(
    _ tree: Tree, _ keys: Keys, to sums: UnsafeMutablePointer<Leaf>, outputs: Int
  ) {
    let root = Int(tree.root)
    var (a, b, c, d) = (root, root, root, root)
    var (e, f, g, h) = (root, root, root, root)
    for _ in 0..<tree.depth {
      step(&a, keys[slot(a) * 8])
      step(&b, keys[slot(b) * 8 + 1])
      step(&c, keys[slot(c) * 8 + 2])
      step(&d, keys[slot(d) * 8 + 3])
      step(&e, keys[slot(e) * 8 + 4])
      step(&f, keys[slot(f) * 8 + 5])
      step(&g, keys[slot(g) * 8 + 6])
      step(&h, keys[slot(h) * 8 + 7])
    }
    let sums = sums + Int(tree.output)
    sums[0] += leaves[a]
    sums[outputs] += leaves[b]
    sums[2 * outputs] += leaves[c]
    sums[3 * outputs] += leaves[d]
    sums[4 * outputs] += leaves[e]
    sums[5 * outputs] += leaves[f]
    sums[6 * outputs] += leaves[g]
    sums[7 * outputs] += leaves[h]
  }

  /// Walks every tree for one row where some test categories.
  func walk(
    _ keys: Keys, _ row: UnsafePointer<Float>, _ features: UnsafePointer<Int32>,
    places: UnsafeMutablePointer<Int32>
  ) {
    for (index, tree) in trees.enumerated() {
      var place = Int(tree.root)
      while nodes[place].step != 0 {
        let test = categoryTests[place]
        if test.isTest {
          let x = row[Int(features[slot(place)])]
          place += Int(nodes[place].step) + (goesLeft(x, test) ? 0 : 1)
        } else {
          step(&place, keys[slot(place)])
        }
      }
      places[index] = Int32(truncatingIfNeeded: place)
    }
  }

  private func goesLeft(_ x: Float, _ test: Forest.CategoryTest) -> Bool {
    if x.isNaN { return test.missingGoesLeft }
    guard x >= leastCategory, x < Float(test.wordCount) * 32 else { return !test.setGoesLeft }
    let category = Int(x)
    let isIn = words[Int(test.firstWord) + category / 32] >> (category % 32) & 1 == 1
    return isIn == test.setGoesLeft
  }
}
