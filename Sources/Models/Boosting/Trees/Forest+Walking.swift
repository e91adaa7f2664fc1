/// Walks of several rows or several trees at once: a single walk waits for memory at every step, and
/// the processor has room for a dozen of them.
extension Forest {
  /// What walks read, bound once outside of all loops.
  struct View {
    let nodes: UnsafePointer<Node>
    let leaves: UnsafePointer<Leaf>
    let trees: UnsafeBufferPointer<Tree>
    let byDepth: UnsafeBufferPointer<Int32>
    let categoryTests: UnsafeBufferPointer<CategoryTest>
    let words: UnsafeBufferPointer<UInt32>
    let leastCategory: Float
  }

  /// Lends the view; nothing happens where there is no tree.
  func withView(_ body: (View) -> Void) {
    nodes.withUnsafeBufferPointer { nodes in
      leaves.withUnsafeBufferPointer { leaves in
        trees.withUnsafeBufferPointer { trees in
          byDepth.withUnsafeBufferPointer { byDepth in
            categoryTests.withUnsafeBufferPointer { tests in
              words.withUnsafeBufferPointer { words in
                guard let n = nodes.baseAddress, let l = leaves.baseAddress else { return }
                body(
                  View(
                    nodes: n, leaves: l, trees: trees, byDepth: byDepth, categoryTests: tests,
                    words: words, leastCategory: leastCategory))
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
  typealias Walk = UnsafePointer<Forest.Node>

  /// Trees or rows that are walked side by side.
  static var width: Int { 12 }

  @inline(__always)
  private func step(_ walk: inout Walk, _ keys: Keys) {
    let node = walk.pointee
    walk += Int(node.step) &+ (node.threshold < keys[Int(node.slot)] ? 1 : 0)
  }

  @inline(__always)
  private func start(_ tree: Tree) -> Walk { nodes + Int(tree.root) }

  @inline(__always)
  private func value(_ walk: Walk) -> Leaf { leaves[walk - nodes] }

  /// Finds the leaf of every tree for one row.
  func findLeaves(_ keys: Keys, into found: UnsafeMutablePointer<Leaf>) {
    var first = 0
    while first + Self.width <= trees.count {
      // Of nearly equal depth, so that none waits long for the deepest, which is the last.
      let places = UnsafeBufferPointer(rebasing: byDepth[first..<first + Self.width])
      findTwelve(places, keys, into: found)
      first += Self.width
    }
    while first < trees.count {
      let place = Int(byDepth[first])
      var walk = start(trees[place])
      for _ in 0..<trees[place].depth { step(&walk, keys) }
      found[place] = value(walk)
      first += 1
    }
  }

  @inline(__always)
  private func findTwelve(
    _ places: UnsafeBufferPointer<Int32>, _ keys: Keys, into found: UnsafeMutablePointer<Leaf>
  ) {
    @inline(__always) func root(_ i: Int) -> Walk { start(trees[Int(places[i])]) }
    @inline(__always) func keep(_ i: Int, _ walk: Walk) { found[Int(places[i])] = value(walk) }
    var (a, b, c, d) = (root(0), root(1), root(2), root(3))
    var (e, f, g, h) = (root(4), root(5), root(6), root(7))
    var (i, j, k, l) = (root(8), root(9), root(10), root(11))
    for _ in 0..<trees[Int(places[11])].depth {
      step(&a, keys)
      step(&b, keys)
      step(&c, keys)
      step(&d, keys)
      step(&e, keys)
      step(&f, keys)
      step(&g, keys)
      step(&h, keys)
      step(&i, keys)
      step(&j, keys)
      step(&k, keys)
      step(&l, keys)
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
    keep(10, k)
    keep(11, l)
  }

  /// Adds one tree's leaves to the sums of eight rows.
  @inline(__always)
  func addEight(
    _ tree: Tree, _ keys: Keys, stride: Int, to sums: UnsafeMutablePointer<Leaf>, outputs: Int
  ) {
    let root = start(tree)
    var (a, b, c, d) = (root, root, root, root)
    var (e, f, g, h) = (root, root, root, root)
    for _ in 0..<tree.depth {
      step(&a, keys)
      step(&b, keys + stride)
      step(&c, keys + 2 * stride)
      step(&d, keys + 3 * stride)
      step(&e, keys + 4 * stride)
      step(&f, keys + 5 * stride)
      step(&g, keys + 6 * stride)
      step(&h, keys + 7 * stride)
    }
    let sums = sums + Int(tree.output)
    sums[0] += value(a)
    sums[outputs] += value(b)
    sums[2 * outputs] += value(c)
    sums[3 * outputs] += value(d)
    sums[4 * outputs] += value(e)
    sums[5 * outputs] += value(f)
    sums[6 * outputs] += value(g)
    sums[7 * outputs] += value(h)
  }

  /// Finds the leaf of every tree for one row where some test categories.
  func findLeaves(
    _ keys: Keys, _ row: UnsafePointer<Float>, _ features: UnsafePointer<Int32>,
    into found: UnsafeMutablePointer<Leaf>
  ) {
    for (place, tree) in trees.enumerated() {
      var walk = start(tree)
      while walk.pointee.step != 0 {
        let test = categoryTests[walk - nodes]
        if test.isTest {
          let x = row[Int(features[Int(walk.pointee.slot)])]
          walk += Int(walk.pointee.step) + (goesLeft(x, test) ? 0 : 1)
        } else {
          step(&walk, keys)
        }
      }
      found[place] = value(walk)
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
