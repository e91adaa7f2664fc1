import Foundation
import Runtime

extension TreeModel {
  /// Reads a model that LightGBM saved as text.
  ///
  /// - Parameter source: what errors call the file
  package init(lightgbm bytes: [UInt8], source: String) throws(TreeModelError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(source: source, place: "the file", finding: "this is no text in UTF-8")
    }
    var reader = LightGBMReader(text, source: source)
    self = try reader.model()
  }
}

/// Blocks of `key=value` lines: first of the model, then of each tree, up to `end of trees`.
private struct LightGBMReader {
  private let source: String
  private let lines: [Substring]
  private var next = 0

  init(_ text: String, source: String) {
    self.source = source
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  mutating func model() throws(TreeModelError) -> TreeModel {
    guard lines.first == "tree" else {
      throw .malformed(source: source, place: "line 1", finding: "it does not say: tree")
    }
    next = 1
    let header = try block(at: "the header") { $0.hasPrefix("Tree=") || $0 == "end of trees" }
    let perRound = try header.integer("num_tree_per_iteration")
    let lastFeature = try header.integer("max_feature_idx")
    guard (0..<Forest<Double>.featureCountMax).contains(lastFeature) else {
      throw .malformed(
        source: source, place: "max_feature_idx", finding: "\(lastFeature) is not read")
    }
    guard (1...100_000).contains(perRound) else {
      throw .malformed(
        source: source, place: "num_tree_per_iteration", finding: "\(perRound) is not read")
    }
    let link = try Self.link(of: header.texts("objective") ?? [], source: source)
    var forest = Forest<Double>(
      features: lastFeature + 1, outputs: perRound, leastCategory: Float(-1).nextUp,
      zero: 1e-35)
    var count = 0
    while next < lines.count, lines[next].hasPrefix("Tree=") {
      next += 1
      let values = try block(at: "tree \(count)") { $0.hasPrefix("Tree=") || $0 == "end of trees" }
      let tree = try grown(values, output: count % perRound)
      do throws(Forest<Double>.Fault) {
        try forest.append(tree)
      } catch {
        throw .malformed(
          source: source, place: "tree \(count), node \(error.node)", finding: error.finding)
      }
      count += 1
    }
    guard next < lines.count else {
      throw .malformed(
        source: source, place: "tree \(count)", finding: "the file ends before: end of trees")
    }
    guard count % perRound == 0 else {
      throw .malformed(
        source: source, place: "tree \(count)",
        finding: "\(count) trees are no whole rounds of \(perRound)")
    }
    forest.settle()
    return TreeModel(
      featureNames: header.texts("feature_names")?.map(String.init) ?? [],
      featureCount: lastFeature + 1, outputs: perRound, link: link, trees: .double(forest),
      base: [Float](repeating: 0, count: perRound),
      divisor: header["average_output"] == nil ? 1 : Double(max(1, count / perRound)))
  }

  private static func link(
    of words: [Substring], source: String
  ) throws(TreeModelError) -> Link {
    func slope() throws(TreeModelError) -> Double {
      guard let word = words.first(where: { $0.hasPrefix("sigmoid:") }) else { return 1 }
      guard let slope = Double(word.dropFirst("sigmoid:".count)), slope.isFinite else {
        throw .malformed(source: source, place: "objective", finding: "\(Excerpt.quoted(word))")
      }
      return slope
    }
    switch words.first ?? "" {
    case "": return .identity
    case "multiclass": return .softmax
    case "multiclassova", "binary": return .logistic(slope: try slope())
    case "cross_entropy": return .logistic(slope: 1)
    case "poisson", "gamma", "tweedie": return .exponential
    case "regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank",
      "rank_xendcg":
      return words.contains("sqrt") ? .signedSquare : .identity
    case let other:
      throw .unsupported(source: source, finding: "the objective is \(Excerpt.quoted(other))")
    }
  }

  /// The lines up to one that ends the block, which stays unread.
  private mutating func block(
    at place: String, until isEnd: (Substring) -> Bool
  ) throws(TreeModelError) -> Block {
    var values: [Substring: Substring] = [:]
    while next < lines.count, !isEnd(lines[next]) {
      let line = lines[next]
      next += 1
      guard !line.isEmpty else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard values.updateValue(parts.count == 2 ? parts[1] : "", forKey: parts[0]) == nil else {
        throw .malformed(
          source: source, place: "line \(next)",
          finding: "\(Excerpt.quoted(parts[0])) stands twice")
      }
    }
    return Block(values: values, place: place, source: source)
  }
}

/// The values of a block by key.
private struct Block {
  let values: [Substring: Substring]
  let place: String
  let source: String

  subscript(key: Substring) -> Substring? { values[key] }

  func texts(_ key: Substring) -> [Substring]? { values[key]?.split(separator: " ") }

  func integer(_ key: Substring) throws(TreeModelError) -> Int {
    let all: [Int] = try numbers(key)
    guard all.count == 1 else { throw fault(key, "one number is needed") }
    return all[0]
  }

  /// - Parameter count: how many there must be, where that is known
  func numbers<Number: LosslessStringConvertible>(
    _ key: Substring, count: Int? = nil
  ) throws(TreeModelError) -> [Number] {
    guard let texts = texts(key) else { throw fault(key, "it is missing") }
    var found: [Number] = []
    found.reserveCapacity(texts.count)
    for text in texts {
      guard let number = Number(String(text)) else {
        throw fault(key, "\(Excerpt.quoted(text)) is not what belongs there")
      }
      found.append(number)
    }
    if let count, found.count != count { throw fault(key, "\(found.count) numbers, not \(count)") }
    return found
  }

  func fault(_ key: Substring, _ finding: String) -> TreeModelError {
    .malformed(source: source, place: "\(place), \(key)", finding: finding)
  }
}

// One tree.
extension LightGBMReader {
  /// Splits are numbered from 0; a child below zero is the leaf of its complement. Here the leaves
  /// follow the splits.
  private func grown(
    _ block: Block, output: Int
  ) throws(TreeModelError) -> GrownTree<Double> {
    guard block["is_linear"] == nil || block["is_linear"] == "0" else {
      throw .unsupported(source: source, finding: "the leaves hold linear models")
    }
    let leafCount = try block.integer("num_leaves")
    guard leafCount >= 1 else { throw block.fault("num_leaves", "there is no leaf") }
    let leaves: [Double] = try block.numbers("leaf_value", count: leafCount)
    guard leaves.allSatisfy(\.isFinite) else {
      throw block.fault("leaf_value", "not all are finite")
    }
    let count = leafCount - 1
    guard count > 0 else { return GrownTree(nodes: [.leaf(leaves[0])], output: output) }
    let indices: [Int] = try block.numbers("split_feature", count: count)
    let gains: [Double] = try block.numbers("split_gain", count: count)
    let thresholds: [Double] = try block.numbers("threshold", count: count)
    let types: [UInt8] = try block.numbers("decision_type", count: count)
    let left: [Int] = try block.numbers("left_child", count: count)
    let right: [Int] = try block.numbers("right_child", count: count)
    let sets = try categories(block)
    func place(_ child: Int) -> Int { child < 0 ? count + ~child : child }
    var nodes: [GrownTree<Double>.Node] = []
    nodes.reserveCapacity(count + leafCount)
    for i in 0..<count {
      let test = try test(types[i], thresholds[i], sets, block)
      nodes.append(
        .split(
          feature: indices[i], test, gain: gains[i], left: place(left[i]), right: place(right[i])))
    }
    return GrownTree(nodes: nodes + leaves.map { .leaf($0) }, output: output)
  }

  /// The lowest bit says that it is a set, the next where missing values go, two more what is missing.
  private func test(
    _ type: UInt8, _ threshold: Double, _ sets: [[UInt32]], _ block: Block
  ) throws(TreeModelError) -> GrownTree<Double>.Test {
    if type & 1 == 1 {
      guard let index = Int(exactly: threshold), sets.indices.contains(index) else {
        throw block.fault("threshold", "there is no set \(threshold)")
      }
      return .among(sets[index], goesLeft: true, missingGoesLeft: false)
    }
    let goesLeft = type & 2 != 0
    let missing: MissingRule
    switch type >> 2 & 3 {
    case 0: missing = .isZero
    case 1: missing = goesLeft ? .zeroIsLeast : .zeroIsGreatest
    case 2: missing = goesLeft ? .isLeast : .isGreatest
    default: throw block.fault("decision_type", "there is no type \(type)")
    }
    guard !threshold.isNaN else { throw block.fault("threshold", "one is not a number") }
    // A Float is at most the threshold exactly when it is at most the next Float below it.
    let nearest = Float(threshold)
    return .upTo(Double(nearest) > threshold ? nearest.nextDown : nearest, missing)
  }

  private func categories(_ block: Block) throws(TreeModelError) -> [[UInt32]] {
    let count = try block.integer("num_cat")
    guard count > 0 else { return [] }
    let words: [UInt32] = try block.numbers("cat_threshold")
    // A set is a word at least, so that a larger count is a lie.
    guard count <= words.count else { throw block.fault("num_cat", "\(count) sets are not there") }
    let bounds: [Int] = try block.numbers("cat_boundaries", count: count + 1)
    var sets: [[UInt32]] = []
    for i in 0..<count {
      guard bounds[i] >= 0, bounds[i] <= bounds[i + 1], bounds[i + 1] <= words.count else {
        throw block.fault("cat_boundaries", "they reach beyond the sets")
      }
      sets.append(Array(words[bounds[i]..<bounds[i + 1]]))
    }
    return sets
  }
}
