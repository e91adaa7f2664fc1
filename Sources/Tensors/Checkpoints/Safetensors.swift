import Foundation
import Glibc
import Runtime

/// A format of stored numbers.
package enum NumberFormat: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float64 = "F64"
  case bfloat16 = "BF16"
  case float16 = "F16"
  case int32 = "I32"
  case int64 = "I64"
  case bool = "BOOL"
  case uint8 = "U8"

  var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16, .float16: 2
    case .bool, .uint8: 1
    }
  }
}

/// A safetensors file, mapped into memory: tensors are read where they lie.
///
/// ```swift
/// try weights.save(to: "model.safetensors", as: .bfloat16)
/// try weights.load(Safetensors("model.safetensors"))  // the same names and shapes, and no others
/// ```
package final class Safetensors: Sendable {
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let format: NumberFormat
    package let shape: TensorShape
    /// From the start of the file.
    let start: Int
  }

  package let path: String
  /// In order of their places.
  package let entries: [Entry]
  package let metadata: [String: String]
  private let mapping: Mapping
  private let places: [String: Int]

  /// The longest header that is read, as in the reference.
  static let headerMax = 100_000_000

  package init(_ path: String) throws(CheckpointError) {
    self.path = path
    do throws(FileError) {
      mapping = try Mapping(path)
    } catch {
      throw .file(error)
    }
    let bytes = mapping.bytes
    guard bytes.count >= 8 else {
      throw .malformed(path: path, finding: "the file has \(bytes.count) bytes, less than a header")
    }
    let length = bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= UInt64(Self.headerMax), length <= UInt64(bytes.count - 8) else {
      throw .malformed(
        path: path, finding: "the header says it is \(length) bytes long, of \(bytes.count - 8)")
    }
    let dataStart = 8 + Int(length)
    let header: HeaderReader
    do throws(HeaderReader.Failure) {
      header = try HeaderReader(Array(bytes[8..<dataStart]))
    } catch {
      throw .malformed(path: path, finding: Excerpt.bare(error.finding, longest: 200))
    }
    entries = try Self.check(header, path: path, dataStart: dataStart, fileSize: bytes.count)
    metadata = Dictionary(header.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// Ranges touch each other without a gap from the header to the end of the file, and are as long as
  /// shape and format say.
  private static func check(
    _ header: HeaderReader, path: String, dataStart: Int, fileSize: Int
  ) throws(CheckpointError) -> [Entry] {
    var entries: [Entry] = []
    var expected = 0
    let sorted = header.entries.sorted {
      ($0.entry.start, $0.entry.end) < ($1.entry.start, $1.entry.end)
    }
    for (name, entry) in sorted {
      let shown = Excerpt.quoted(name)
      guard let format = NumberFormat(rawValue: entry.format) else {
        throw .format(path: path, tensor: name, entry.format)
      }
      guard entry.start == expected, entry.end >= entry.start else {
        throw .malformed(
          path: path,
          finding: "\(shown) lies at \(entry.start)..<\(entry.end), where \(expected) is next")
      }
      var size = format.byteCount
      for length in entry.shape {
        let (product, isOver) = size.multipliedReportingOverflow(by: length)
        guard !isOver else { throw .malformed(path: path, finding: "\(shown) is too large") }
        size = product
      }
      guard size == entry.end - entry.start, entry.shape.count <= TensorShape.rankMax else {
        throw .malformed(
          path: path,
          finding:
            "\(shown) of shape \(TensorShape(entry.shape)) has \(entry.end - entry.start) bytes")
      }
      expected = entry.end
      entries.append(
        Entry(
          name: name, format: format, shape: TensorShape(entry.shape),
          start: dataStart + entry.start))
    }
    guard expected == fileSize - dataStart else {
      throw .malformed(
        path: path, finding: "the tensors end at byte \(expected) of \(fileSize - dataStart)")
    }
    return entries
  }

  package subscript(_ name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The numbers as `Float`; of F32 in their place in the file, of other formats converted.
  package func tensor(_ name: String) throws(CheckpointError) -> Tensor<Float>? {
    guard let entry = self[name] else { return nil }
    let start = mapping.start + entry.start
    let count = entry.shape.count
    switch entry.format {
    case .float32 where entry.start % 4 == 0:
      return Tensor(
        entry.shape, borrowing: start.assumingMemoryBound(to: Float.self), from: mapping)
    case .float32:
      return Tensor(entry.shape, copying: (0..<count).map { load(start, $0, as: Float.self) })
    case .float64:
      return Tensor(
        entry.shape, copying: (0..<count).map { Float(load(start, $0, as: Double.self)) })
    case .bfloat16:
      return Tensor(
        entry.shape,
        copying: (0..<count).map { BFloat16(bits: load(start, $0, as: UInt16.self)).float })
    case .float16:
      return Tensor(
        entry.shape, copying: (0..<count).map { halfToFloat(load(start, $0, as: UInt16.self)) })
    default: throw .format(path: path, tensor: name, entry.format.rawValue)
    }
  }

  private func load<Element: BitwiseCopyable>(
    _ start: UnsafeMutableRawPointer, _ index: Int, as type: Element.Type
  ) -> Element {
    start.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.stride, as: type)
  }
}

/// A file's bytes in memory, read as they are touched.
///
/// Safe to share because nobody writes to it.
private final class Mapping: @unchecked Sendable {
  let start: UnsafeMutableRawPointer
  private let count: Int

  init(_ path: String) throws(FileError) {
    let file = try FileDescriptor(path: path, flags: O_RDONLY | O_NONBLOCK)
    let status = try file.status()
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    count = Int(status.st_size)
    start = try file.map(count: count)
  }

  deinit { if count > 0 { munmap(start, count) } else { start.deallocate() } }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}

/// The upper half of a `Float`: its range, with 8 bits of precision.
package struct BFloat16: Sendable, Hashable, BitwiseCopyable {
  package var bits: UInt16

  package init(bits: UInt16) { self.bits = bits }

  /// Rounded to the nearest, of two to the even one; NaN stays one.
  package init(_ value: Float) {
    let pattern = value.bitPattern
    bits =
      value.isNaN
      ? UInt16(truncatingIfNeeded: pattern >> 16) | 0x40
      : UInt16(truncatingIfNeeded: (pattern &+ 0x7FFF &+ (pattern >> 16 & 1)) >> 16)
  }

  package var float: Float { Float(bitPattern: UInt32(bits) << 16) }
}

/// IEEE half precision, which Swift has no type for on every platform.
func halfToFloat(_ bits: UInt16) -> Float {
  let sign: Float = bits & 0x8000 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 0x1F)
  let fraction = Float(bits & 0x3FF)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default:
    return sign * (1 + fraction * 0x1p-10)
      * Float(sign: .plus, exponent: exponent - 15, significand: 1)
  }
}

/// To the nearest half, of two to the even one.
func floatToHalf(_ value: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
  let magnitude = value.magnitude
  if value.isNaN { return sign | 0x7E00 }
  if magnitude >= 65520 { return sign | 0x7C00 }
  // Below the least normal half the steps are all of 2⁻²⁴.
  if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
  let pattern = magnitude.bitPattern
  let rounded = pattern &+ 0xFFF &+ (pattern >> 13 & 1)
  return sign | UInt16(truncatingIfNeeded: (rounded &- (112 << 23)) >> 13)
}
