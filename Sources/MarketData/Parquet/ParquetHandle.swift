internal import CArrow
import Foundation
import Numerics
import Runtime

/// The only owner of an open Parquet file; it closes exactly once.
struct ParquetHandle: ~Copyable {
  let path: String
  private let reader: OpaquePointer

  /// - Parameter isSmall: the file is read whole at once and decoded on the calling thread.
  init(path: String, isSmall: Bool = false) throws(DataError) {
    Arrow.obeyCoreBudget()
    // Told apart here, because Arrow says "failed to open" for all of them.
    guard access(path, R_OK) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    var opened: OpaquePointer?
    try Arrow.call(path) {
      isSmall
        ? martinet_parquet_open_small(path, &opened, $0, $1)
        : martinet_parquet_open(path, &opened, $0, $1)
    }
    guard let opened else {
      throw .parquet(path: path, message: "Arrow opened the file and gave no handle")
    }
    self.path = path
    reader = opened
  }

  deinit { martinet_parquet_close(reader) }

  var rowCount: Int { Int(martinet_parquet_row_count(reader)) }
  var rowGroupCount: Int { Int(martinet_parquet_row_group_count(reader)) }

  var leafCount: Int { Int(martinet_parquet_leaf_count(reader)) }

  /// From the least to the greatest value of a column of times in a row group, if the file says.
  func bounds(group: Int, leaf: Int) -> ClosedRange<Int64>? {
    var least: Int64 = 0
    var greatest: Int64 = 0
    guard martinet_parquet_bounds(reader, Int32(group), Int32(leaf), &least, &greatest) == 1,
      least <= greatest
    else { return nil }
    return least...greatest
  }

  /// The columns, of which one that holds others has several leaves, and what stands beside them.
  func schema() throws(DataError) -> ParquetSchema {
    var schema = ArrowSchema()
    try Arrow.call(path) { martinet_parquet_schema(reader, &schema, $0, $1) }
    defer { martinet_arrow_release_schema(&schema) }
    return ParquetSchema(
      fields: (0..<Int(schema.n_children)).map { index in
        (ArrowField(schema.children[index]), Self.leafCount(schema.children[index]))
      }, metadata: ArrowMetadata.pairs(schema.metadata))
  }

  private static func leafCount(_ schema: UnsafeMutablePointer<ArrowSchema>?) -> Int {
    guard let schema = schema?.pointee, schema.n_children > 0 else { return 1 }
    return (0..<Int(schema.n_children)).reduce(0) { $0 + leafCount(schema.children[$1]) }
  }

  /// The rows of some row groups in some leaves.
  func read(groups: [Int], leaves: [Int]) throws(DataError) -> ArrowBatch {
    let groups = groups.map { Int32($0) }
    let leaves = leaves.map { Int32($0) }
    return try ArrowBatch { schema, array throws(DataError) in
      try Arrow.call(path) { message, capacity in
        martinet_parquet_read(
          reader, groups, Int32(groups.count), leaves, Int32(leaves.count), schema, array, message,
          capacity)
      }
    }
  }
}

/// What a Parquet file says about itself.
struct ParquetSchema {
  var fields: [(field: ArrowField, leafCount: Int)]
  var metadata: [String: String]
}

/// What calls of the shim have in common.
enum Arrow {
  private static let threads: Void = martinet_arrow_set_threads(Int32(Cores.budget.count)) {
    count, task, context in
    guard let task else { return }
    // More parts than threads: whoever is done takes the next. A pool knows parts by 16 bits.
    let partition = Partition(count: Int(count), threads: min(max(1, Int(count)), 4096))
    Pool.shared.forEachPart(of: partition) { _, range in
      for index in range { task(context, Int32(index)) }
    }
  }

  /// Arrow's own pool takes no more threads than the process was given, and what can be decoded and
  /// encoded on the program's pool is.
  static func obeyCoreBudget() { threads }

  /// Makes a call that leaves its message in a buffer, and throws that where it fails.
  static func call(
    _ path: String, _ body: (UnsafeMutablePointer<CChar>, Int64) -> martinet_arrow_status
  ) throws(DataError) {
    var message = [CChar](repeating: 0, count: 512)
    let words: String? = message.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, body(start, Int64(buffer.count)) != 0 else {
        return nil
      }
      return String(cString: start)
    }
    guard let words else { return }
    let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
    throw .parquet(
      path: path, message: String(Excerpt.quoted(line, longest: 240).dropFirst().dropLast()))
  }
}
