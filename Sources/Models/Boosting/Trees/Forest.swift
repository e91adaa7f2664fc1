/// Trees in flat arrays, laid out for walking many of them at once.
///
/// The two children of a node lie side by side, so that a step is an addition: by how far the left one
/// lies ahead, and one more where the value is above the threshold. A leaf points to itself, so trees
/// of different depths can take steps together without asking whether they are done.
struct Forest<Leaf: BinaryFloatingPoint & BitwiseCopyable & Sendable>: Sendable {
  /// Eight bytes, which the walk reads at once.
  struct Node: BitwiseCopyable, Sendable {
    /// Infinite at leaves.
    var threshold: Float
    var feature: UInt16
    /// To the left child; zero at leaves.
    var step: UInt16
  }

  struct Tree: BitwiseCopyable, Sendable {
    var root: Int32
    /// Steps from the root to the deepest leaf.
    var depth: Int32
    var output: Int32
  }

  /// What a node's test is beyond a comparison, for rows with missing values and for categories.
  struct Rule: BitwiseCopyable, Sendable {
    enum Kind: UInt8, Sendable {
      /// Only NaN is missing.
      case nan
      case zero, nothing
      /// A set of categories; those in it go left, or right.
      case leftSet, rightSet
    }

    var kind = Kind.nan
    var missingGoesLeft = true
    /// The words of the set.
    var firstWord: UInt32 = 0
    var wordCount: UInt32 = 0
  }

  private(set) var nodes: [Node] = []
  /// Beside the nodes; zero where they are no leaves.
  private(set) var leaves: [Leaf] = []
  private(set) var rules: [Rule] = []
  private(set) var trees: [Tree] = []
  private(set) var words: [UInt32] = []
  /// Whether a comparison decides every node for rows without missing values.
  private(set) var isPlain = true
  /// Values below it are no categories: XGBoost refuses any negative one, LightGBM cuts off the
  /// fraction first.
  let leastCategory: Float
  let outputs: Int

  init(outputs: Int, leastCategory: Float) {
    self.outputs = outputs
    self.leastCategory = leastCategory
  }

  static var featureCountMax: Int { Int(UInt16.max) + 1 }

  /// Why a tree cannot be laid out.
  struct Fault: Error {
    let node: Int
    let finding: String
  }

  /// Lays a tree out breadth first.
  mutating func append(_ tree: GrownTree<Leaf>) throws(Fault) {
    let root = nodes.count
    guard !tree.nodes.isEmpty else { throw Fault(node: 0, finding: "the tree is empty") }
    var isPlaced = [Bool](repeating: false, count: tree.nodes.count)
    var queue = [(source: 0, depth: 0)]
    var deepest = 0
    makeRoom()
    isPlaced[0] = true
    var next = 0
    while next < queue.count {
      let (source, depth) = queue[next]
      let place = root + next
      next += 1
      deepest = max(deepest, depth)
      switch tree.nodes[source] {
      case .leaf(let value): leaves[place] = value
      case .split(let feature, let test, let left, let right):
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
        guard let feature = UInt16(exactly: feature) else {
          throw Fault(node: source, finding: "there is no feature \(feature)")
        }
        set(place, feature: feature, step: step, test)
      }
    }
    guard let first = Int32(exactly: root) else {
      throw Fault(node: 0, finding: "the model is too large")
    }
    trees.append(Tree(root: first, depth: Int32(deepest), output: Int32(tree.output)))
  }

  private mutating func makeRoom() {
    nodes.append(Node(threshold: .infinity, feature: 0, step: 0))
    leaves.append(0)
    rules.append(Rule())
  }

  private mutating func set(
    _ place: Int, feature: UInt16, step: UInt16, _ test: GrownTree<Leaf>.Test
  ) {
    nodes[place].feature = feature
    nodes[place].step = step
    switch test {
    case .upTo(let threshold, let missing, let missingGoesLeft):
      nodes[place].threshold = threshold
      rules[place].missingGoesLeft = missingGoesLeft
      switch missing {
      case .nan: break
      case .nothing: rules[place].kind = .nothing
      case .zero:
        rules[place].kind = .zero
        isPlain = false
      }
    case .among(let set, let goesLeft, let missingGoesLeft):
      rules[place] = Rule(
        kind: goesLeft ? .leftSet : .rightSet, missingGoesLeft: missingGoesLeft,
        firstWord: UInt32(words.count), wordCount: UInt32(set.count))
      words += set
      isPlain = false
    }
  }
}
