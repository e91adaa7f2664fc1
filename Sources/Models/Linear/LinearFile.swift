import Learning
import Numerics
import Runtime

/// The file that linear models keep: one object of JSON.
struct LinearFile {
  private static let name = "weights.json"
  private let path: String
  private let json: JSON

  static func write(_ json: JSON, to folder: String) throws {
    try AtomicFile.write(json.text(pretty: true) + "\n", to: "\(folder)/\(name)")
  }

  /// What the matrices of linear models are multiplied by.
  static func libraries() throws -> [Manifest.Library] {
    let backend = try LinearAlgebra.backend()
    return [Manifest.Library("OpenBLAS", "\(backend.library), kernels \(backend.kernels)")]
  }

  init(in folder: String) throws {
    path = "\(folder)/\(Self.name)"
    json = try JSON(parsing: SmallFile.read(path, bytesMax: 1 << 28), source: path)
  }

  func standard() throws(ModelFileError) -> Standard {
    guard let standard = Standard(json["standard"]), !standard.means.isEmpty else {
      throw ModelFileError(path: path, finding: "holds no means and scales")
    }
    return standard
  }

  func numbers(_ key: String, count: Int) throws(ModelFileError) -> [Double] {
    guard let numbers = json.numbers(key), numbers.count == count else {
      throw ModelFileError(path: path, finding: "does not hold \(count) numbers as \(key)")
    }
    return numbers
  }

  func has(_ key: String) -> Bool { json[key] != nil }

  /// How many features a row of a sample has, of the numbers of the whole sample.
  func features(width: Int) throws(ModelFileError) -> Int {
    guard let features = json["features"]?.whole, features > 0, width % Int(features) == 0 else {
      throw ModelFileError(path: path, finding: "does not say how many features there are")
    }
    return Int(features)
  }

  /// What the weights of each feature come to in all rows of a sample, as a share of all.
  static func importance(
    features: Int, width: Int, _ weight: (Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: features)
    for row in 0..<width { sums[row % features] += weight(row) }
    let sum = sums.reduce(0, +)
    return sum > 0 ? sums.map { $0 / sum } : sums
  }
}
