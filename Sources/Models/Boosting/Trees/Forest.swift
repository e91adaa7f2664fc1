/// Trees in flat arrays, laid out for walking many of them at once.
///
/// The two children of a node lie side by side, so that a step is an addition: by how far the left one
/// lies ahead, and one more where the value is above the threshold. A leaf points to itself, so trees
/// of different depths can take steps together without asking whether they are done. Values are
/// compared as whole numbers in the same order (`SortingKey`), which the processor does sooner.
struct Forest<Leaf: BinaryFloatingPoint & BitwiseCopyable & Sendable>: Sendable {
  /// Eight bytes.
  struct Node: BitwiseCopyable, Sendable {
    /// The largest key at leaves, which nothing is above.
    var threshold = UInt32.max
    /// Which of the row's keys is compared.
    var slot: UInt16 = 0
    /// To the left child; zero at leaves.
    var step: UInt16 = 0
  }

  struct Tree: BitwiseCopyable, Sendable {
    var root: Int32
    /// Steps from the root to the deepest leaf.
    var depth: Int32
    var output: Int32
  }

  /// A test for categories; of nodes with a threshold it has no words and says nothing.
  struct CategoryTest: BitwiseCopyable, Sendable {
    var isTest = false
    /// Whether those in the set go left.
    var setGoesLeft = false
    var missingGoesLeft = false
    var firstWord: UInt32 = 0
    var wordCount: UInt32 = 0
  }

  private(set) var nodes: [Node] = []
  /// Beside the nodes; zero where they are no leaves.
  private(set) var leaves: [Leaf] = []
  /// Beside the nodes; empty where no tree tests categories.
  private(set) var categoryTests: [CategoryTest] = []
  private(set) var words: [UInt32] = []
  private(set) var trees: [Tree] = []
  /// Those of the trees once more, side by side.
  private(set) var roots: [Int32] = []
  /// The same trees for many rows at once, where they are small; nil before `settle`.
  private(set) var ranked: RankedTrees<Leaf>?
  /// The keys that nodes compare.
  private(set) var keys: SortingKeys
  /// Values below it are no categories: XGBoost refuses any negative one, LightGBM cuts off the
  /// fraction first.
  let leastCategory: Float
  let outputs: Int
  /// Of each feature, the sum over all splits by it.
  private(set) var gains: [Double]

  /// - Parameter zero: see `SortingKeys`
  init(features: Int, outputs: Int, leastCategory: Float, zero: Float) {
    keys = SortingKeys(zero: zero)
    gains = [Double](repeating: 0, count: features)
    self.outputs = outputs
    self.leastCategory = leastCategory
  }

  static var featureCountMax: Int { 1 << 16 }

  /// Why a tree cannot be laid out.
  struct Fault: Error {
    let node: Int
    let finding: String
  }

  /// Lays a tree out breadth first.
  mutating func append(_ tree: GrownTree<Leaf>) throws(Fault) {
    // Places are numbers of 32 bits.
    guard nodes.count < 1 << 30, tree.nodes.count < 1 << 30 else {
      throw Fault(node: 0, finding: "the model is too large")
    }
    let root = Int32(nodes.count)
    guard !tree.nodes.isEmpty else { throw Fault(node: 0, finding: "the tree is empty") }
    var isPlaced = [Bool](repeating: false, count: tree.nodes.count)
    isPlaced[0] = true
    var queue = [(source: 0, depth: 0)]
    var next = 0
    makeRoom()
    while next < queue.count {
      let (source, depth) = queue[next]
      let place = Int(root) + next
      next += 1
      switch tree.nodes[source] {
      case .leaf(let value): leaves[place] = value
      case .split(let feature, let test, let gain, let left, let right):
        for child in [left, right] {
          guard tree.nodes.indices.contains(child) else {
            throw Fault(node: source, finding: "there is no node \(child)")
          }
          guard !isPlaced[child] else {
            throw Fault(node: source, finding: "node \(child) has two parents")
          }
          isPlaced[child] = true
          queue.append((child, depth + 1))
          makeRoom()
        }
        guard let step = UInt16(exactly: nodes.count - 2 - place) else {
          throw Fault(node: source, finding: "the tree is too large: 32,768 leaves are read")
        }
        guard gains.indices.contains(feature) else {
          throw Fault(node: source, finding: "feature \(feature) of \(gains.count)")
        }
        if gain > 0, gain.isFinite { gains[feature] += gain }
        nodes[place].step = step
        try set(place, feature: feature, test, source)
      }
    }
    roots.append(root)
    trees.append(
      Tree(root: root, depth: Int32(queue.last?.depth ?? 0), output: Int32(tree.output)))
  }

  /// To be called once all trees are there.
  mutating func settle() { ranked = RankedTrees(self) }

  private mutating func makeRoom() {
    nodes.append(Node())
    leaves.append(0)
    if !categoryTests.isEmpty { categoryTests.append(CategoryTest()) }
  }

  private mutating func set(
    _ place: Int, feature: Int, _ test: GrownTree<Leaf>.Test, _ source: Int
  ) throws(Fault) {
    var missing = MissingRule.isLeast
    switch test {
    case .upTo(let threshold, let rule):
      missing = rule
      nodes[place].threshold = SortingKey.of(threshold)
    case .among(let set, let goesLeft, let missingGoesLeft):
      if categoryTests.isEmpty {
        categoryTests = Array(repeating: CategoryTest(), count: nodes.count)
      }
      categoryTests[place] = CategoryTest(
        isTest: true, setGoesLeft: goesLeft, missingGoesLeft: missingGoesLeft,
        firstWord: UInt32(words.count), wordCount: UInt32(set.count))
      words += set
    }
    guard let slot = keys.slot(of: feature, missing) else {
      throw Fault(node: source, finding: "the model compares more than 65,536 things")
    }
    nodes[place].slot = slot
  }
}
