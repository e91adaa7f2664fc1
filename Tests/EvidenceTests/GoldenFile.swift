import Foundation
import Numerics
import Runtime
import TestKit

/// Numbers that other programs computed, by name.
enum GoldenFile {
  static func read(_ name: String) throws -> JSON {
    let path = Package.path("Tests/EvidenceTests/Golden/\(name)")
    return try JSON(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))), source: path)
  }
}

extension JSON {
  struct Absent: Error { let key: String }

  func number(_ key: String) throws -> Double {
    guard let value = self[key]?.double else { throw Absent(key: key) }
    return value
  }

  func numbers(_ key: String) throws -> [Double] {
    guard let values = self[key]?.elements?.compactMap(\.double), !values.isEmpty else {
      throw Absent(key: key)
    }
    return values
  }

  func matrix(_ key: String) throws -> Matrix<Double> {
    guard let rows = self[key]?.elements?.map({ $0.elements?.compactMap(\.double) ?? [] }),
      let width = rows.first?.count, rows.allSatisfy({ $0.count == width })
    else { throw Absent(key: key) }
    return Matrix(rows: rows.count, columns: width, rows.flatMap { $0 })
  }
}

func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let a else { return false }
  return abs(a - b) <= tolerance * max(1, abs(b))
}
