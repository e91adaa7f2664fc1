/// Walks of several rows or several trees at once: a single walk waits for memory at every step, and
/// the processor has room for a dozen of them.
extension Forest {
  /// What walks read, bound once outside of all loops.
  struct View {
    let nodes: UnsafePointer<Node>
    let leaves: UnsafePointer<Leaf>
    let trees: UnsafeBufferPointer<Tree>
    let roots: UnsafePointer<Int32>
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
          roots.withUnsafeBufferPointer { roots in
            categoryTests.withUnsafeBufferPointer { tests in
              words.withUnsafeBufferPointer { words in
                guard let n = nodes.baseAddress, let l = leaves.baseAddress,
                  let r = roots.baseAddress, !trees.isEmpty
                else { return }
                body(
                  View(
                    nodes: n, leaves: l, trees: trees, roots: r,
                    lastNode: Int32(nodes.count - 1), categoryTests: tests, words: words,
                    leastCategory: leastCategory))
              }
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
  /// three steps, then those that are not done three more, and so on.
  ///
  /// - Parameters:
  ///   - places: room for a handful more than there are trees; afterwards the leaf of each
  ///   - walking: room for as many
  func walk(
    _ keys: Keys, places: UnsafeMutablePointer<Int32>, walking: UnsafeMutablePointer<Int32>
  ) {
    places.update(from: roots, count: trees.count)
    for filler in 0..<Self.walks { places[trees.count + filler] = lastNode }
    var count = 0
    for first in Swift.stride(from: 0, to: trees.count, by: Self.walks) {
      @inline(__always) func tree(_ i: Int) -> Int { first + i }
      advance(tree, keys, places, walking, &count)
    }
    while count > 0 {
      // The last node is a leaf, where those wait that only fill a handful up.
      for filler in count..<count + Self.walks { walking[filler] = Int32(trees.count) }
      let before = count
      count = 0
      for first in Swift.stride(from: 0, to: before, by: Self.walks) {
        @inline(__always) func tree(_ i: Int) -> Int { Int(walking[first + i]) }
        advance(tree, keys, places, walking, &count)
      }
    }
  }

  /// Three steps in each of ten trees; those that are not done are listed, in the places of those that
  /// have been looked at.
  @inline(__always)
  private func advance(
    _ tree: (Int) -> Int, _ keys: Keys, _ places: UnsafeMutablePointer<Int32>,
    _ walking: UnsafeMutablePointer<Int32>, _ count: inout Int
  ) {
    let (ta, tb, tc, td, te) = (tree(0), tree(1), tree(2), tree(3), tree(4))
    let (tf, tg, th, ti, tj) = (tree(5), tree(6), tree(7), tree(8), tree(9))
    @inline(__always) func place(_ tree: Int) -> Int { Int(places[tree]) }
    var (a, b, c, d, e) = (place(ta), place(tb), place(tc), place(td), place(te))
    var (f, g, h, i, j) = (place(tf), place(tg), place(th), place(ti), place(tj))
    for _ in 0..<3 {
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
    @inline(__always) func keep(_ tree: Int, _ place: Int) {
      places[tree] = Int32(truncatingIfNeeded: place)
      walking[count] = Int32(truncatingIfNeeded: tree)
      count &+= nodes[place].step != 0 ? 1 : 0
    }
    keep(ta, a)
    keep(tb, b)
    keep(tc, c)
    keep(td, d)
    keep(te, e)
    keep(tf, f)
    keep(tg, g)
    keep(th, h)
    keep(ti, i)
    keep(tj, j)
  }

  /// Adds the leaf of every tree to a row's sums, in the order of the trees, as the libraries do.
  func addLeaves(
    _ places: UnsafePointer<Int32>, to sums: UnsafeMutablePointer<Leaf>, outputs: Int
  ) {
    var index = 0
    if outputs == 3 {
      // Rounds of three classes, by far the commonest, are summed in registers.
      var (a, b, c) = (sums[0], sums[1], sums[2])
      while index + 3 <= trees.count, trees[index].output == 0, trees[index + 1].output == 1,
        trees[index + 2].output == 2
      {
        a += leaves[Int(places[index])]
        b += leaves[Int(places[index + 1])]
        c += leaves[Int(places[index + 2])]
        index += 3
      }
      (sums[0], sums[1], sums[2]) = (a, b, c)
    }
    while index < trees.count {
      sums[Int(trees[index].output)] += leaves[Int(places[index])]
      index += 1
    }
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
