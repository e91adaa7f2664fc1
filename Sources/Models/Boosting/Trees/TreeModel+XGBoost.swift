import Foundation
import Runtime

extension TreeModel {
  /// Reads a model that XGBoost saved, as JSON or as UBJSON.
  ///
  /// - Parameter source: what errors call the file
  package init(xgboost bytes: [UInt8], source: String) throws(TreeModelError) {
    let reader = XGBoostReader(source: source)
    let document: JSON
    // Both begin with a brace; JSON goes on with a quotation mark or blanks, UBJSON with a length.
    if bytes.count > 1, bytes[0] == UInt8(ascii: "{"), "\" \n\r\t}".utf8.contains(bytes[1]) {
      do throws(JSONError) {
        document = try JSON(parsing: bytes, source: source)
      } catch {
        throw .json(error)
      }
    } else {
      document = try UBJSONReader.read(bytes, source: source)
    }
    self = try reader.model(document)
  }
}

/// What is looked for in XGBoost's document, and what it is called where it is missing.
private struct XGBoostReader {
  let source: String

  func model(_ document: JSON) throws(TreeModelError) -> TreeModel {
    let learner = try member(document, "learner", at: "the file")
    let parameters = try member(learner, "learner_model_param", at: "learner")
    let objective = try member(learner, "objective", at: "learner")
    let name = try text(try member(objective, "name", at: "objective"), at: "objective/name")
    let booster = try member(learner, "gradient_booster", at: "learner")
    let kind = try text(try member(booster, "name", at: "gradient_booster"), at: "booster's name")
    guard kind == "gbtree" else {
      throw .unsupported(source: source, finding: "the booster is \(Excerpt.quoted(kind))")
    }
    let features = try number(parameters, "num_feature", at: "learner_model_param")
    guard (1...Forest<Float>.featureCountMax).contains(features) else {
      throw .malformed(
        source: source, place: "num_feature", finding: "\(features) features are not read")
    }
    let classes = try number(parameters, "num_class", at: "learner_model_param")
    // Files of before version 1.6 do not say it.
    let targets =
      parameters["num_target"] == nil
      ? 1 : try number(parameters, "num_target", at: "learner_model_param")
    let outputs = max(1, classes)
    guard targets <= 1, outputs <= 100_000 else {
      throw .unsupported(source: source, finding: "the model has \(targets) targets")
    }
    let (link, margin) = try Self.link(of: name, source: source)
    let trees = try member(booster, "model", at: "gradient_booster")
    return TreeModel(
      featureNames: try names(learner), featureCount: features, outputs: outputs, link: link,
      trees: .single(try forest(trees, features: features, outputs: outputs)),
      base: try base(parameters, outputs: outputs).map(margin), divisor: 1)
  }

  /// The objective's link, and what makes a base score, which is written as a prediction, a sum.
  private static func link(
    of objective: String, source: String
  ) throws(TreeModelError) -> (Link, (Float) -> Float) {
    switch objective {
    case "multi:softprob", "multi:softmax": (.softmax, { $0 })
    case "binary:logistic", "reg:logistic":
      (.logistic(slope: 1), { -logf(1 / $0 - 1) })
    case "binary:logitraw", "reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror",
      "reg:quantileerror", "reg:squaredlogerror", "rank:pairwise", "rank:ndcg", "rank:map":
      (.identity, { $0 })
    case "count:poisson", "reg:gamma", "reg:tweedie": (.exponential, { logf($0) })
    default:
      throw .unsupported(source: source, finding: "the objective is \(Excerpt.quoted(objective))")
    }
  }

  /// `[6E-2,5E-1]`, or before version 3.1 one number for all outputs.
  private func base(_ parameters: JSON, outputs: Int) throws(TreeModelError) -> [Float] {
    let text = try text(
      try member(parameters, "base_score", at: "learner_model_param"), at: "base_score")
    let words = text.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).split(separator: ",")
    let numbers = words.compactMap { Float($0) }
    guard numbers.count == words.count, numbers.count == 1 || numbers.count == outputs,
      numbers.allSatisfy(\.isFinite)
    else {
      throw .malformed(
        source: source, place: "base_score",
        finding: "\(Excerpt.quoted(text)) is no number for each of \(outputs) outputs")
    }
    return (0..<outputs).map { numbers[numbers.count == 1 ? 0 : $0] }
  }

  private func names(_ learner: JSON) throws(TreeModelError) -> [String] {
    guard let list = learner["feature_names"]?.elements else { return [] }
    return list.compactMap(\.string)
  }

  private func forest(
    _ model: JSON, features: Int, outputs: Int
  ) throws(TreeModelError) -> Forest<Float> {
    var forest = Forest<Float>(features: features, outputs: outputs, leastCategory: 0, zero: 0)
    guard let trees = try member(model, "trees", at: "model").elements else {
      throw .malformed(source: source, place: "trees", finding: "this is no list")
    }
    let groups = try integers(model, "tree_info", at: "model")
    guard groups.count == trees.count else {
      throw .malformed(
        source: source, place: "tree_info",
        finding: "\(groups.count) numbers for \(trees.count) trees")
    }
    for (index, tree) in trees.enumerated() {
      guard (0..<outputs).contains(groups[index]) else {
        throw .malformed(
          source: source, place: "tree_info", finding: "there is no output \(groups[index])")
      }
      let tree = try grown(
        tree, at: "tree \(index)", output: groups[index])
      do throws(Forest<Float>.Fault) {
        try forest.append(tree)
      } catch {
        throw .malformed(
          source: source, place: "tree \(index), node \(error.node)", finding: error.finding)
      }
    }
    forest.settle()
    return forest
  }
}

// One tree.
extension XGBoostReader {
  private func grown(
    _ tree: JSON, at place: String, output: Int
  ) throws(TreeModelError) -> GrownTree<Float> {
    if let size = tree["tree_param"]?["size_leaf_vector"]?.string, size != "1", size != "0" {
      throw .unsupported(source: source, finding: "a leaf holds \(Excerpt.bare(size)) numbers")
    }
    let left = try integers(tree, "left_children", at: place)
    let count = left.count
    func column(_ key: String) throws(TreeModelError) -> [Int] {
      let values = try integers(tree, key, at: place)
      guard values.count == count else {
        throw .malformed(
          source: source, place: "\(place), \(key)",
          finding: "\(values.count) numbers for \(count) nodes")
      }
      return values
    }
    let right = try column("right_children")
    let indices = try column("split_indices")
    let defaults = try column("default_left")
    let types = tree["split_type"] == nil ? [] : try column("split_type")
    let conditions = try numbers(tree, "split_conditions", at: place, count: count)
    let gains = try numbers(tree, "loss_changes", at: place, count: count)
    let sets = types.contains(1) ? try categories(tree, at: place) : [:]
    var nodes: [GrownTree<Float>.Node] = []
    nodes.reserveCapacity(count)
    for i in 0..<count {
      if left[i] == -1 {
        guard conditions[i].isFinite else {
          throw .malformed(
            source: source, place: "\(place), node \(i)", finding: "the leaf is not finite")
        }
        nodes.append(.leaf(conditions[i]))
        continue
      }
      let missingGoesLeft = defaults[i] != 0
      let test: GrownTree<Float>.Test =
        if types.isEmpty || types[i] == 0 {
          // XGBoost sends left what is below: up to the next smaller number.
          .upTo(conditions[i].nextDown, missingGoesLeft ? .isLeast : .isGreatest)
        } else {
          .among(sets[i] ?? [], goesLeft: false, missingGoesLeft: missingGoesLeft)
        }
      nodes.append(
        .split(feature: indices[i], test, gain: Double(gains[i]), left: left[i], right: right[i]))
    }
    return GrownTree(nodes: nodes, output: output)
  }

  /// The categories that go right, as bits, by node.
  private func categories(
    _ tree: JSON, at place: String
  ) throws(TreeModelError) -> [Int: [UInt32]] {
    let all = try integers(tree, "categories", at: place)
    let nodes = try integers(tree, "categories_nodes", at: place)
    let starts = try integers(tree, "categories_segments", at: place)
    let sizes = try integers(tree, "categories_sizes", at: place)
    guard nodes.count == starts.count, nodes.count == sizes.count else {
      throw .malformed(
        source: source, place: "\(place), categories", finding: "the lists differ in length")
    }
    var sets: [Int: [UInt32]] = [:]
    for i in nodes.indices {
      guard starts[i] >= 0, sizes[i] >= 0, starts[i] <= all.count,
        sizes[i] <= all.count - starts[i]
      else {
        throw .malformed(
          source: source, place: "\(place), categories of node \(nodes[i])",
          finding: "they reach beyond the list")
      }
      var words: [UInt32] = []
      for category in all[starts[i]..<starts[i] + sizes[i]] {
        // XGBoost's own bound, below which a Float counts exactly.
        guard (0..<1 << 24).contains(category) else {
          throw .malformed(
            source: source, place: "\(place), categories", finding: "\(category) is no category")
        }
        while words.count <= category / 32 { words.append(0) }
        words[category / 32] |= 1 << UInt32(category % 32)
      }
      sets[nodes[i]] = words
    }
    return sets
  }
}

// Values by key.
extension XGBoostReader {
  private func member(
    _ value: JSON, _ key: String, at place: String
  ) throws(TreeModelError) -> JSON {
    guard let found = value[key] else {
      throw .malformed(source: source, place: place, finding: "\(key) is missing")
    }
    return found
  }

  private func text(_ value: JSON, at place: String) throws(TreeModelError) -> String {
    guard let text = value.string else {
      throw .malformed(source: source, place: place, finding: "this is no text")
    }
    return text
  }

  /// Settings are numbers written as texts.
  private func number(
    _ value: JSON, _ key: String, at place: String
  ) throws(TreeModelError) -> Int {
    let text = try text(try member(value, key, at: place), at: key)
    guard let number = Int(text) else {
      throw .malformed(
        source: source, place: key, finding: "\(Excerpt.quoted(text)) is no whole number")
    }
    return number
  }

  private func integers(
    _ value: JSON, _ key: String, at place: String
  ) throws(TreeModelError) -> [Int] {
    let list = try member(value, key, at: place).elements ?? []
    var numbers: [Int] = []
    numbers.reserveCapacity(list.count)
    for element in list {
      switch element {
      case .integer(let whole): numbers.append(Int(whole))
      case .bool(let flag): numbers.append(flag ? 1 : 0)
      default:
        throw .malformed(
          source: source, place: "\(place), \(key)", finding: "not all are whole numbers")
      }
    }
    return numbers
  }

  private func numbers(
    _ value: JSON, _ key: String, at place: String, count: Int
  ) throws(TreeModelError) -> [Float] {
    let list = try member(value, key, at: place).elements ?? []
    var numbers: [Float] = []
    numbers.reserveCapacity(list.count)
    for element in list {
      guard let number = element.double, !number.isNaN else {
        throw .malformed(source: source, place: "\(place), \(key)", finding: "not all are numbers")
      }
      numbers.append(Float(number))
    }
    guard numbers.count == count else {
      throw .malformed(
        source: source, place: "\(place), \(key)",
        finding: "\(numbers.count) numbers for \(count) nodes")
    }
    return numbers
  }
}
