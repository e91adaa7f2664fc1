import Foundation
import Models
import Runtime
import TestKit
import Testing

@Suite("Damaged files of trees are refused with a place, and never end the program")
struct TreeFileTests {
  private static let words = [
    "4294967296", "-1", "-9223372036854775808", "1e400", "nan", "inf", "num_leaves=", "Tree=0",
    "num_cat=9", "L\u{7F}", "[$L#", "[$Z#U", "{", "\"trees\"", "65536", " 2147483647", "1 1 1",
  ].map { Array($0.utf8) }

  private static func predictZeros(_ bytes: [UInt8], _ file: String) throws {
    let model = try GoldenTrees.read(bytes, file)
    let rows =
      [Float](repeating: 0, count: model.featureCount)
      + [Float](repeating: .nan, count: model.featureCount)
    #expect(try model.predict(rows).count == 2 * model.outputs)
  }

  @Test(
    "thousands of damaged files of each format", arguments: [".txt", ".ubj", ".json"])
  func mutated(ending: String) throws {
    let corpus = try GoldenTrees.recorded().filter { $0.file.hasSuffix(ending) }.map {
      try $0.bytes
    }
    var refused = 0
    let count = FuzzBudget.inputs(usual: 300, nightly: 20_000)
    for bytes in mutations(
      of: corpus, count: count, seed: 7, dictionary: Self.words, longest: 1 << 20)
    {
      do {
        try Self.predictZeros(bytes, "damaged" + ending)
      } catch let error as TreeModelError {
        #expect(error.diagnosis.place.hasPrefix("damaged\(ending)"))
        #expect(!error.diagnosis.finding.isEmpty)
        refused += 1
      }
    }
    #expect(refused > count / 4)
  }

  @Test("every cut of a file", arguments: [".txt", ".ubj", ".json"])
  func cut(ending: String) throws {
    let recorded = try #require(try GoldenTrees.recorded().first { $0.file.hasSuffix(ending) })
    let bytes = try recorded.bytes
    // What follows the trees of a text are the settings it was grown with.
    let text = String(decoding: bytes, as: UTF8.self)
    let needed =
      ending == ".txt"
      ? text[..<(try #require(text.range(of: "end of trees")).lowerBound)].utf8.count : bytes.count
    for length in stride(from: 0, to: needed, by: max(1, needed / 200)) {
      #expect(throws: TreeModelError.self, "\(length)") {
        _ = try GoldenTrees.read(Array(bytes.prefix(length)), "cut" + ending)
      }
    }
  }

  /// Each is a text with one thing replaced, and what the message must name.
  @Test(
    "a text of LightGBM's with one wrong line names it",
    arguments: [
      ("max_feature_idx=5", "max_feature_idx=1", "feature"),
      ("num_tree_per_iteration=1", "num_tree_per_iteration=0", "num_tree_per_iteration"),
      ("num_leaves=12", "num_leaves=11", "leaf_value"),
      ("left_child=", "left_child=0 ", "left_child"),
      ("decision_type=", "decision_type=14 ", "decision_type"),
      ("objective=binary", "objective=unheard_of", "unheard_of"),
      ("is_linear=0", "is_linear=1", "linear"),
      ("leaf_value=", "leaf_value=inf ", "leaf_value"),
    ])
  func named(line: String, replacement: String, name: String) throws {
    let recorded = try #require(
      try GoldenTrees.recorded().first { $0.file == "lightgbm_binary.txt" })
    let text = String(decoding: try recorded.bytes, as: UTF8.self)
    let damaged = text.replacing(line, with: replacement, maxReplacements: 1)
    #expect(damaged != text)
    do {
      _ = try TreeModel(lightgbm: Array(damaged.utf8), source: "model.txt")
      Issue.record("it was read")
    } catch {
      #expect("\(error.diagnosis)".contains(name))
      #expect(error.diagnosis.place.hasPrefix("model.txt"))
    }
  }

  @Test(
    "a document of XGBoost's with one wrong value names it",
    arguments: [
      ("\"name\":\"gbtree\"", "\"name\":\"dart\"", "dart"),
      ("\"num_feature\":\"6\"", "\"num_feature\":\"0\"", "num_feature"),
      ("\"num_target\":\"1\"", "\"num_target\":\"one\"", "num_target"),
      ("\"num_feature\":\"6\"", "\"num_feature\":\"2\"", "feature"),
      ("multi:softprob", "survival:cox", "survival:cox"),
      ("\"left_children\":[1", "\"left_children\":[0", "tree 0, node 0"),
      ("\"right_children\":[2", "\"right_children\":[99999", "tree 0, node 0"),
      ("\"right_children\":[2", "\"right_children\":[2.5", "right_children"),
      ("\"tree_info\":[0", "\"tree_info\":[3", "tree_info"),
      ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"3\"", "leaf"),
      ("\"categories\":[", "\"categories\":[-1,", "categor"),
      ("\"base_score\":\"[", "\"base_score\":\"[x", "base_score"),
    ])
  func namedByXGBoost(part: String, replacement: String, name: String) throws {
    let recorded = try #require(
      try GoldenTrees.recorded().first { $0.file == "xgboost_classes.json" })
    let text = String(decoding: try recorded.bytes, as: UTF8.self)
    let damaged = text.replacing(part, with: replacement)
    #expect(damaged != text)
    do {
      _ = try TreeModel(xgboost: Array(damaged.utf8), source: "model.json")
      Issue.record("it was read")
    } catch {
      #expect("\(error.diagnosis)".contains(name))
      #expect(error.diagnosis.place.hasPrefix("model.json"))
    }
  }
}
