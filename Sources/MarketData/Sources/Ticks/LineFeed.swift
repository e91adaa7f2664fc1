import Market
import Numerics
import Runtime

/// The lines of a text, a block at a time.
final class LineFeed {
  let path: String
  private var blocks: LineBlocks

  init(_ source: any ByteSource, path: String) {
    self.path = path
    blocks = LineBlocks(source, path: path)
  }

  /// Hands over each line of the next block without its end, with its number; `false` behind the
  /// last block. Blank lines are left out.
  func nextLines(
    _ body: (TickLine) throws(DataError) -> Void
  ) throws(DataError) -> Bool {
    guard let block = try blocks.next() else { return false }
    var number = blocks.firstLine
    var start = 0
    while start < block.count {
      let end = block[start...].firstIndex(of: 0x0a) ?? block.count
      var line = UnsafeBufferPointer(rebasing: block[start..<end])
      if line.last == 0x0d { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
      if !line.isEmpty { try body(TickLine(bytes: line, number: number, path: path)) }
      number += 1
      start = end + 1
    }
    return true
  }
}

/// One line of comma-separated values, which says where in it something is wrong.
struct TickLine {
  let bytes: UnsafeBufferPointer<UInt8>
  let number: Int
  let path: String

  /// The fields as stretches of the line.
  func fields(_ expected: Int) throws(DataError) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    fields.reserveCapacity(expected)
    var start = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: ",") {
      fields.append(start..<index)
      start = index + 1
    }
    fields.append(start..<bytes.count)
    guard fields.count == expected else {
      let end = fields.count > expected ? fields[expected - 1].upperBound : bytes.count
      throw .wrongFieldCount(
        place: "\(path):\(number):\(end + 1)", found: fields.count, expected: expected)
    }
    return fields
  }

  func text(_ field: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[field]), as: UTF8.self)
  }

  func integer(_ field: Range<Int>, _ name: String) throws(DataError) -> Int64 {
    guard let value = Int64(text(field)) else { throw bad(field, name, "a whole number") }
    return value
  }

  /// A whole number of ten-thousandths.
  func price(_ field: Range<Int>, _ name: String) throws(DataError) -> Price {
    let (steps, overflow) = try integer(field, name).multipliedReportingOverflow(by: 10_000)
    guard !overflow else { throw bad(field, name, "a price") }
    return Price(steps: steps)
  }

  func quantity(_ field: Range<Int>, _ name: String) throws(DataError) -> Quantity {
    let (steps, overflow) = try integer(field, name)
      .multipliedReportingOverflow(by: Quantity.stepsPerUnit)
    guard !overflow else { throw bad(field, name, "a quantity") }
    return Quantity(steps: steps)
  }

  func bad(_ field: Range<Int>, _ name: String, _ expected: String) -> DataError {
    .badValue(
      place: "\(path):\(number):\(field.lowerBound + 1)", column: name, text: text(field),
      expected: expected)
  }
}

/// Asks a reader of files for its next records on a thread of its own, when they are wanted.
actor RecordPuller<Record: Sendable, Reader> {
  private let open: @Sendable () throws -> Reader
  private let read: @Sendable (Reader) throws -> [Record]?
  private var reader: Reader?

  init(
    open: @escaping @Sendable () throws -> Reader,
    read: @escaping @Sendable (Reader) throws -> [Record]?
  ) {
    self.open = open
    self.read = read
  }

  nonisolated var stream: AsyncThrowingStream<[Record], any Error> {
    AsyncThrowingStream { try await self.next() }
  }

  private func next() throws -> [Record]? {
    let reader = try reader ?? open()
    self.reader = reader
    return try read(reader)
  }
}
