import Foundation
import Numerics
import Runtime

/// What both sides read from the same file.
struct Input: Sendable {
  enum Format: String, Sendable {
    case float32 = "<f4"
    case float64 = "<f8"

    var byteCount: Int { self == .float32 ? 4 : 8 }
  }

  private enum Contents: Sendable {
    case numbers(
      Format, shape: [Int], make: @Sendable (inout RandomStream, Int) -> [Double])
    case other(ending: String, write: @Sendable (String) throws -> Void)
    case address(@Sendable () throws -> String)
  }

  static let seed: UInt64 = 20_251_121

  private let name: String
  private let contents: Contents

  /// An array.
  ///
  /// - Parameter make: the numbers, in row-major order, from a stream named after the input.
  init(
    name: String, format: Format, shape: [Int],
    make: @escaping @Sendable (inout RandomStream, Int) -> [Double]
  ) {
    self.name = name
    contents = .numbers(format, shape: shape, make: make)
  }

  /// Any other file, which the closure writes to the path it is given.
  init(name: String, ending: String, write: @escaping @Sendable (String) throws -> Void) {
    self.name = name
    contents = .other(ending: ending, write: write)
  }

  /// No file but the address of a server, which the closure starts.
  init(name: String, address: @escaping @Sendable () throws -> String) {
    self.name = name
    contents = .address(address)
  }

  /// The file in the folder, written unless it is there; an array also where its size is wrong.
  func file(in folder: String) throws -> InputFile {
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    switch contents {
    case .numbers(let format, let shape, let make):
      let sizes = shape.map(String.init).joined(separator: "x")
      let path = "\(folder)/\(name)-\(sizes).\(format == .float32 ? "f4" : "f8")"
      let count = shape.reduce(1, *)
      let isThere = manager.fileExists(atPath: path)
      let size = isThere ? try manager.attributesOfItem(atPath: path)[.size] as? Int : nil
      if size != count * format.byteCount {
        var stream = RandomStream(seed: Self.seed, purpose: name)
        try Self.write(make(&stream, count), as: format, to: path)
      }
      return InputFile(path: path, format: format, shape: shape)
    case .address(let address):
      return InputFile(path: try address(), format: nil, shape: [])
    case .other(let ending, let write):
      let path = "\(folder)/\(name).\(ending)"
      if !manager.fileExists(atPath: path) {
        // Under its own name only when it is whole.
        let partial = "\(path).\(getpid())"
        try write(partial)
        try manager.moveItem(atPath: partial, toPath: path)
      }
      return InputFile(path: path, format: nil, shape: [])
    }
  }

  private static func write(_ numbers: [Double], as format: Format, to path: String) throws {
    let bytes =
      switch format {
      case .float32: numbers.map { Float($0) }.withUnsafeBytes { Data($0) }
      case .float64: numbers.withUnsafeBytes { Data($0) }
      }
    try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// An input as it lies on the disk: little-endian numbers and nothing else where it has a format.
struct InputFile: Sendable {
  let path: String
  let format: Input.Format?
  let shape: [Int]

  /// Reads numbers of the file's own format. An array of one dimension becomes one row.
  func matrix<Scalar: BLASScalar>(of type: Scalar.Type) throws -> Matrix<Scalar> {
    let numbers: [Scalar] = try RawNumbers.read(path)
    let columns = shape.last ?? 0
    return Matrix(rows: numbers.count / max(1, columns), columns: columns, numbers)
  }

  var json: JSON {
    [
      "path": .string(path), "dtype": JSON(format?.rawValue),
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
