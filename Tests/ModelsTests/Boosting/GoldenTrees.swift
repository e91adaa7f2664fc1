import Foundation
import Models
import Numerics
import Runtime
import TestKit

/// Models that the real packages saved, and what they predicted (Golden/trees.py).
struct GoldenTrees {
  let file: String
  let rows: [Float]
  let raw: [Double]
  let predictions: [Double]

  static let folder = Package.path("Tests/ModelsTests/Golden")

  static func recorded() throws -> [GoldenTrees] {
    let path = "\(folder)/trees.json"
    let json = try JSON(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))), source: path)
    return (json["cases"]?.elements ?? []).map { entry in
      func numbers(_ key: String) -> [Double] {
        (entry[key]?.elements ?? []).map { $0.double ?? Double($0.string ?? "") ?? .nan }
      }
      return GoldenTrees(
        file: entry["file"]?.string ?? "", rows: numbers("rows").map { Float($0) },
        raw: numbers("raw"), predictions: numbers("predictions"))
    }
  }

  var bytes: [UInt8] {
    get throws { Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(file)"))) }
  }

  static func read(_ bytes: [UInt8], _ file: String) throws -> TreeModel {
    file.hasSuffix(".txt")
      ? try TreeModel(lightgbm: bytes, source: file) : try TreeModel(xgboost: bytes, source: file)
  }
}

/// The greatest difference, against 1 or the number itself where that is larger.
func greatestError(_ ours: [Double], _ theirs: [Double]) -> Double {
  guard ours.count == theirs.count else { return .infinity }
  return zip(ours, theirs).reduce(0) { worst, pair in
    let error = (pair.0 - pair.1).magnitude / max(1, pair.1.magnitude)
    return error.isNaN ? .infinity : max(worst, error)
  }
}
