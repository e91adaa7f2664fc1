internal import CArrow
import Market
import Runtime

/// One array inside an `ArrowBatch`, while its values are taken out.
///
/// Buffers were checked by Arrow (`ValidateFull`): they are long enough for the length the array
/// states, offsets run forward and dictionary positions lie inside the dictionary.
struct ArrowView {
  private let array: ArrowArray
  private let type: ArrowType
  private let count: Int
  private let offset: Int

  init(array: ArrowArray, type: ArrowType) {
    self.array = array
    self.type = type
    count = Int(array.length)
    offset = Int(array.offset)
  }

  /// - Parameter owner: what must live as long as columns that share its memory.
  func values(owner: ArrowBatch) throws(ArrowValueError) -> ArrowValues {
    switch type {
    case .double: return .numbers(doubles(owner: owner))
    case .float: return .numbers(converted(Float.self) { Double($0) })
    case .int8: return .numbers(converted(Int8.self) { Double($0) })
    case .int16: return .numbers(converted(Int16.self) { Double($0) })
    case .int32: return .numbers(converted(Int32.self) { Double($0) })
    case .int64: return .numbers(converted(Int64.self) { Double($0) })
    case .uint8: return .numbers(converted(UInt8.self) { Double($0) })
    case .uint16: return .numbers(converted(UInt16.self) { Double($0) })
    case .uint32: return .numbers(converted(UInt32.self) { Double($0) })
    case .uint64: return .numbers(converted(UInt64.self) { Double($0) })
    case .date32:
      return .stamps(try stamps(Int32.self, unit: Timestamp.nanosecondsPerDay), .date)
    case .date64: return .stamps(try stamps(Int64.self, unit: 1_000_000), .date)
    case .timestamp(let unit, let hasZone):
      let kind: StampText.Kind = hasZone ? .instant : .local
      if unit == 1, array.null_count == 0 {
        return .stamps(shared(Int64.self, owner: owner), kind)
      }
      return .stamps(try stamps(Int64.self, unit: unit), kind)
    case .text: return try texts()
    case .dictionaryOfText(let index): return try words(index: index[0], owner: owner)
    case .unsupported: throw .unsupported(type.description)
    }
  }

  /// Epoch numbers as times, for files that have them as plain integers: the unit follows from
  /// their size.
  func epochs() throws(ArrowValueError) -> Column<Int64> {
    guard count > 0 else { return Column([]) }
    let largest = buffer(Int64.self).max() ?? 0
    let unit: Int64 =
      switch largest {
      case ..<100_000_000_000: 1_000_000_000
      case ..<100_000_000_000_000: 1_000_000
      case ..<100_000_000_000_000_000: 1_000
      default: 1
      }
    return try stamps(Int64.self, unit: unit)
  }

  func integers() throws(ArrowValueError) -> Column<Int64> {
    try stamps(Int64.self, unit: 1)
  }

  private func buffer<Element>(_: Element.Type) -> UnsafeBufferPointer<Element> {
    guard count > 0, array.n_buffers > 1, let raw = array.buffers[1] else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    let values = raw.assumingMemoryBound(to: Element.self)
    return UnsafeBufferPointer(start: values + offset, count: count)
  }

  private func isMissing(_ row: Int) -> Bool {
    guard array.null_count != 0, let bits = array.buffers[0] else { return false }
    let position = offset + row
    let byte = bits.load(fromByteOffset: position >> 3, as: UInt8.self)
    return byte & (1 << UInt8(position & 7)) == 0
  }

  /// The memory itself, where nothing in it has to change.
  private func shared<Element: BitwiseCopyable & Sendable>(
    _: Element.Type, owner: ArrowBatch
  ) -> Column<Element> {
    // The closure holds the batch until the last column that shares its memory is gone.
    Column(foreign: buffer(Element.self)) { withExtendedLifetime(owner) {} }
  }

  private func doubles(owner: ArrowBatch) -> Column<Double> {
    array.null_count == 0 ? shared(Double.self, owner: owner) : converted(Double.self) { $0 }
  }

  /// Missing values are NaN.
  private func converted<Element>(
    _: Element.Type, _ convert: (Element) -> Double
  ) -> Column<Double> {
    let values = buffer(Element.self)
    return Column(count: values.count) { out in
      for row in out.indices { out[row] = isMissing(row) ? .nan : convert(values[row]) }
    }
  }

  private func stamps<Element: BinaryInteger>(
    _: Element.Type, unit: Int64
  ) throws(ArrowValueError) -> Column<Int64> {
    let values = buffer(Element.self)
    return try Column(count: values.count) { out throws(ArrowValueError) in
      for row in out.indices {
        guard !isMissing(row) else { throw .missing(row: row) }
        let (value, overflow) = Int64(values[row]).multipliedReportingOverflow(by: unit)
        guard !overflow else { throw .outOfRange(row: row) }
        out[row] = value
      }
    }
  }

  private func texts() throws(ArrowValueError) -> ArrowValues {
    var known: [String: Int32] = [:]
    var words: [String] = []
    var codes: [Int32] = []
    codes.reserveCapacity(count)
    for row in 0..<count {
      guard !isMissing(row), let text = Self.text(array, row) else { throw .missing(row: row) }
      if let code = known[text] {
        codes.append(code)
      } else {
        let code = Int32(words.count)
        known[text] = code
        words.append(text)
        codes.append(code)
      }
    }
    return .words(words, codes: Column(codes))
  }

  private func words(
    index: ArrowType, owner: ArrowBatch
  ) throws(ArrowValueError) -> ArrowValues {
    guard let dictionary = array.dictionary?.pointee else { throw .unsupported("nothing") }
    let words = (0..<Int(dictionary.length)).map { Self.text(dictionary, $0) ?? "" }
    switch index {
    case .int8: return .words(words, codes: try positions(Int8.self))
    case .int16: return .words(words, codes: try positions(Int16.self))
    case .int32 where array.null_count == 0:
      return .words(words, codes: shared(Int32.self, owner: owner))
    case .int32: return .words(words, codes: try positions(Int32.self))
    case .uint8: return .words(words, codes: try positions(UInt8.self))
    case .uint16: return .words(words, codes: try positions(UInt16.self))
    case .uint32: return .words(words, codes: try positions(UInt32.self))
    default: throw .unsupported(index.description)
    }
  }

  private func positions<Element: BinaryInteger>(
    _: Element.Type
  ) throws(ArrowValueError) -> Column<Int32> {
    let values = buffer(Element.self)
    return try Column(count: values.count) { out throws(ArrowValueError) in
      for row in out.indices {
        guard !isMissing(row) else { throw .missing(row: row) }
        guard let code = Int32(exactly: values[row]) else { throw .outOfRange(row: row) }
        out[row] = code
      }
    }
  }

  private static func text(_ array: ArrowArray, _ row: Int) -> String? {
    guard array.n_buffers > 2, let offsets = array.buffers[1] else { return nil }
    let position = Int(array.offset) + row
    let start = Int(offsets.load(fromByteOffset: 4 * position, as: Int32.self))
    let end = Int(offsets.load(fromByteOffset: 4 * (position + 1), as: Int32.self))
    guard end > start, let bytes = array.buffers[2] else { return "" }
    return String(
      decoding: UnsafeRawBufferPointer(start: bytes + start, count: end - start), as: UTF8.self)
  }
}
