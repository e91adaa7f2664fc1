/// Walks of several rows or several trees at once: a single walk waits for memory at every step, and
/// the processor has room for a dozen of them.
extension Forest {
  /// How many walks go side by side.
  static var width: Int { 8 }

  /// What the walks read, bound once outside of all loops.
  struct View {
    let nodes: UnsafePointer<Node>
    let leaves: UnsafePointer<Leaf>
    let rules: UnsafePointer<Rule>
    let trees: UnsafeBufferPointer<Tree>
    let words: UnsafeBufferPointer<UInt32>
    let leastCategory: Float
  }

  func withView<Result>(_ body: (View) -> Result) -> Result? {
    nodes.withUnsafeBufferPointer { nodes in
      leaves.withUnsafeBufferPointer { leaves in
        rules.withUnsafeBufferPointer { rules in
          trees.withUnsafeBufferPointer { trees in
            words.withUnsafeBufferPointer { words in
              guard let n = nodes.baseAddress, let l = leaves.baseAddress,
                let r = rules.baseAddress
              else { return nil }
              return body(
                View(
                  nodes: n, leaves: l, rules: r, trees: trees, words: words,
                  leastCategory: leastCategory))
            }
          }
        }
      }
    }
  }
}

extension Forest.View {
  typealias Node = Forest.Node
  typealias Row = UnsafePointer<Float>
  typealias Walk = UnsafePointer<Node>

  /// One step by comparison alone.
  @inline(__always)
  private func step(_ walk: Walk, _ row: Row) -> Walk {
    let node = walk.pointee
    return walk + (Int(node.step) &+ (row[Int(node.feature)] > node.threshold ? 1 : 0))
  }

  @inline(__always)
  private func value(_ walk: Walk) -> Leaf { leaves[walk - nodes] }

  /// Adds every tree's leaf to the sums of one row that has no missing value, eight trees at once.
  func addPlain(_ row: Row, to sums: UnsafeMutablePointer<Leaf>) {
    var first = 0
    while first + 8 <= trees.count {
      let t = UnsafeBufferPointer(rebasing: trees[first..<first + 8])
      var depth = t[0].depth
      for i in 1..<8 { depth = max(depth, t[i].depth) }
      var (a, b, c, d) = (start(t[0]), start(t[1]), start(t[2]), start(t[3]))
      var (e, f, g, h) = (start(t[4]), start(t[5]), start(t[6]), start(t[7]))
      while depth > 0 {
        (a, b, c, d) = (step(a, row), step(b, row), step(c, row), step(d, row))
        (e, f, g, h) = (step(e, row), step(f, row), step(g, row), step(h, row))
        depth &-= 1
      }
      sums[Int(t[0].output)] += value(a)
      sums[Int(t[1].output)] += value(b)
      sums[Int(t[2].output)] += value(c)
      sums[Int(t[3].output)] += value(d)
      sums[Int(t[4].output)] += value(e)
      sums[Int(t[5].output)] += value(f)
      sums[Int(t[6].output)] += value(g)
      sums[Int(t[7].output)] += value(h)
      first += 8
    }
    while first < trees.count {
      var walk = start(trees[first])
      while walk.pointee.step != 0 { walk = step(walk, row) }
      sums[Int(trees[first].output)] += value(walk)
      first += 1
    }
  }

  @inline(__always)
  private func start(_ tree: Forest.Tree) -> Walk { nodes + Int(tree.root) }

  /// Adds one tree's leaves to the sums of eight rows that have no missing value.
  @inline(__always)
  func addPlain(
    _ tree: Forest.Tree, _ row: Row, stride: Int, to sums: UnsafeMutablePointer<Leaf>, outputs: Int
  ) {
    let root = start(tree)
    var (a, b, c, d) = (root, root, root, root)
    var (e, f, g, h) = (root, root, root, root)
    var depth = tree.depth
    while depth > 0 {
      (a, b) = (step(a, row), step(b, row + stride))
      (c, d) = (step(c, row + 2 * stride), step(d, row + 3 * stride))
      (e, f) = (step(e, row + 4 * stride), step(f, row + 5 * stride))
      (g, h) = (step(g, row + 6 * stride), step(h, row + 7 * stride))
      depth &-= 1
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

  /// Adds every tree's leaf to the sums of one row, whatever it holds.
  func add(_ row: Row, to sums: UnsafeMutablePointer<Leaf>) {
    for tree in trees {
      var walk = start(tree)
      while walk.pointee.step != 0 {
        walk += Int(walk.pointee.step) + (goesRight(walk, row) ? 1 : 0)
      }
      sums[Int(tree.output)] += value(walk)
    }
  }

  private func goesRight(_ walk: Walk, _ row: Row) -> Bool {
    let node = walk.pointee
    let rule = rules[walk - nodes]
    let x = row[Int(node.feature)]
    switch rule.kind {
    case .nan: return x.isNaN ? !rule.missingGoesLeft : x > node.threshold
    case .nothing: return (x.isNaN ? 0 : x) > node.threshold
    case .zero:
      // What LightGBM takes for a zero.
      return x.isNaN || x.magnitude <= 1e-35 ? !rule.missingGoesLeft : x > node.threshold
    case .leftSet, .rightSet:
      return x.isNaN ? !rule.missingGoesLeft : isIn(rule, x) == (rule.kind == .rightSet)
    }
  }

  private func isIn(_ rule: Forest.Rule, _ x: Float) -> Bool {
    guard x >= leastCategory, x < Float(rule.wordCount) * 32 else { return false }
    let category = Int(x)
    return words[Int(rule.firstWord) + category / 32] >> (category % 32) & 1 == 1
  }
}
