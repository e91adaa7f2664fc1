import Foundation
import Numerics
import Runtime

/// Numbers both sides read from the same file.
struct Input: Sendable {
  enum Format: String, Sendable {
    case float32 = "<f4"
    case float64 = "<f8"

    var byteCount: Int { self == .float32 ? 4 : 8 }
  }

  let name: String
  let format: Format
  let shape: [Int]
  /// The numbers, in row-major order, from a stream named after the input.
  let make: @Sendable (inout RandomStream, Int) -> [Double]

  private static let seed: UInt64 = 20_251_121

  var count: Int { shape.reduce(1, *) }

  /// The file with the numbers, written unless it is there with the right size.
  func file(in folder: String) throws -> InputFile {
    let sizes = shape.map(String.init).joined(separator: "x")
    let path = "\(folder)/\(name)-\(sizes).\(format == .float32 ? "f4" : "f8")"
    let manager = FileManager.default
    let facts = manager.fileExists(atPath: path) ? try manager.attributesOfItem(atPath: path) : [:]
    if facts[.size] as? Int != count * format.byteCount {
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var stream = RandomStream(seed: Self.seed, purpose: name)
      let numbers = make(&stream, count)
      let bytes =
        switch format {
        case .float32: numbers.map { Float($0) }.withUnsafeBytes { Data($0) }
        case .float64: numbers.withUnsafeBytes { Data($0) }
        }
      try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    return InputFile(path: path, format: format, shape: shape)
  }
}

/// An input as it lies on the disk: little-endian numbers and nothing else.
struct InputFile: Sendable {
  let path: String
  let format: Input.Format
  let shape: [Int]

  /// Reads numbers of the file's own format. An array of one dimension becomes one row.
  func matrix<Scalar: BLASScalar>(of type: Scalar.Type) throws -> Matrix<Scalar> {
    let numbers: [Scalar] = try RawNumbers.read(path)
    let columns = shape.last ?? 0
    return Matrix(rows: numbers.count / max(1, columns), columns: columns, numbers)
  }

  var json: JSON {
    [
      "path": .string(path), "dtype": .string(format.rawValue),
      "shape": JSON(shape.map { JSON($0) }),
    ]
  }
}

/// Files of numbers in this machine's own order of bytes, which is the little-endian one.
enum RawNumbers {
  static func read<Scalar: BitwiseCopyable>(_ path: String) throws -> [Scalar] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let count = data.count / MemoryLayout<Scalar>.stride
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = data.copyBytes(to: buffer) / MemoryLayout<Scalar>.stride
    }
  }

  /// The numbers of a file whose format the peer states.
  static func readDoubles(_ path: String, format: Input.Format) throws -> [Double] {
    switch format {
    case .float32: (try read(path) as [Float]).map { Double($0) }
    case .float64: try read(path)
    }
  }
}
