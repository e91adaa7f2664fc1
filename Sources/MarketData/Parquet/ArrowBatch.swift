internal import CArrow
import Market

/// Rows that came from Arrow as one struct array. It owns them; columns made from it keep it alive.
///
/// `@unchecked Sendable`: the two structures are filled before `init` returns and only read
/// afterwards; Arrow's release functions may be called from any thread.
final class ArrowBatch: @unchecked Sendable {
  private var array: ArrowArray
  private var schema: ArrowSchema

  /// Takes over what `fill` exports; where it throws there is nothing to release.
  init<Failure: Error>(
    _ fill: (UnsafeMutablePointer<ArrowSchema>, UnsafeMutablePointer<ArrowArray>) throws(Failure)
      -> Void
  ) throws(Failure) {
    array = ArrowArray()
    schema = ArrowSchema()
    try fill(&schema, &array)
  }

  deinit {
    martinet_arrow_release_array(&array)
    martinet_arrow_release_schema(&schema)
  }

  var rowCount: Int { Int(array.length) }
  var columnCount: Int { Int(schema.n_children) }

  func field(_ index: Int) -> ArrowField {
    precondition(index >= 0 && index < columnCount, "no such column")
    return ArrowField(schema.children[index])
  }

  /// Plain integers as times since 1970.
  func epochs(_ index: Int) throws(ArrowValueError) -> Column<Int64> {
    try view(index).epochs()
  }

  /// Plain integers as they are.
  func integers(_ index: Int) throws(ArrowValueError) -> Column<Int64> {
    try view(index).integers()
  }

  /// The values of a column in the form that frames have them, or why that cannot be.
  func values(_ index: Int) throws(ArrowValueError) -> ArrowValues {
    try view(index).values(owner: self)
  }

  /// Where the values of a column lie, if none is missing.
  func sharedAddress(_ index: Int) -> UInt? {
    guard let child = array.children[index]?.pointee, child.null_count == 0,
      child.n_buffers == 2, child.offset == 0
    else { return nil }
    return UInt(bitPattern: child.buffers[1])
  }

  private func view(_ index: Int) throws(ArrowValueError) -> ArrowView {
    precondition(index >= 0 && index < columnCount, "no such column")
    guard let child = array.children[index] else { throw .unsupported("nothing") }
    return ArrowView(array: child.pointee, type: field(index).type)
  }
}

/// What a column of an Arrow schema is called and holds.
struct ArrowField {
  var name: String
  var type: ArrowType

  init(_ pointer: UnsafeMutablePointer<ArrowSchema>?) {
    guard let schema = pointer?.pointee else {
      self.name = ""
      type = .unsupported("nothing")
      return
    }
    name = schema.name.map { String(cString: $0) } ?? ""
    let format = schema.format.map { String(cString: $0) } ?? ""
    let dictionary = schema.dictionary?.pointee.format.map { String(cString: $0) }
    type = ArrowType(format: format, dictionary: dictionary, childCount: Int(schema.n_children))
  }
}

/// The types that files of bars have, out of the many that Arrow knows.
enum ArrowType: Equatable {
  case double, float
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64
  /// Days since 1970.
  case date32
  /// Milliseconds since 1970, of a whole day.
  case date64
  /// Units since 1970 that are this many nanoseconds; wall time where there is no zone.
  case timestamp(nanosecondsPerUnit: Int64, hasZone: Bool)
  /// Texts with 32-bit offsets, or positions in a dictionary of such.
  case text
  case dictionaryOfText(index: [ArrowType])
  /// In Arrow's own notation.
  case unsupported(String)

  private static let plain: [String: ArrowType] = [
    "g": .double, "f": .float, "c": .int8, "s": .int16, "i": .int32, "l": .int64, "C": .uint8,
    "S": .uint16, "I": .uint32, "L": .uint64, "tdD": .date32, "tdm": .date64, "u": .text,
  ]
  private static let units: [Character: Int64] = [
    "s": 1_000_000_000, "m": 1_000_000, "u": 1_000, "n": 1,
  ]

  /// From the format string of the Arrow C data interface.
  init(format: String, dictionary: String?, childCount: Int) {
    if let dictionary {
      let index = Self.plain[format] ?? .unsupported(format)
      let isIndexed = [.int8, .int16, .int32, .uint8, .uint16, .uint32].contains(index)
      self =
        dictionary == "u" && isIndexed
        ? .dictionaryOfText(index: [index]) : .unsupported("dictionary of \(dictionary)")
    } else if childCount == 0, let plain = Self.plain[format] {
      self = plain
    } else if format.hasPrefix("ts"), let unit = format.dropFirst(2).first,
      let nanoseconds = Self.units[unit]
    {
      self = .timestamp(nanosecondsPerUnit: nanoseconds, hasZone: format.count > 4)
    } else {
      self = .unsupported(format)
    }
  }

  var isNumber: Bool {
    switch self {
    case .double, .float, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// In words, for a message.
  var description: String {
    switch self {
    case .text, .dictionaryOfText: "text"
    case .date32, .date64: "dates"
    case .timestamp: "times"
    case .unsupported(let format): "values of Arrow's type \"\(format)\""
    default: "numbers"
    }
  }
}

/// The key and value pairs beside a schema, as the Arrow C data interface packs them: counts and
/// lengths as native Int32 before the bytes.
enum ArrowMetadata {
  static func pairs(_ packed: UnsafePointer<CChar>?) -> [String: String] {
    guard let packed else { return [:] }
    let raw = UnsafeRawPointer(packed)
    var offset = 0
    func length() -> Int {
      defer { offset += 4 }
      return Int(raw.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }
    func text() -> String {
      let count = length()
      defer { offset += count }
      return String(
        decoding: UnsafeRawBufferPointer(start: raw + offset, count: count), as: UTF8.self)
    }
    var pairs: [String: String] = [:]
    for _ in 0..<length() {
      let key = text()
      pairs[key] = text()
    }
    return pairs
  }
}

/// A column's values in the form that frames have them.
enum ArrowValues {
  case numbers(Column<Double>)
  case stamps(Column<Int64>, StampText.Kind)
  /// Which of the texts each row has.
  case words([String], codes: Column<Int32>)
}

enum ArrowValueError: Error {
  case unsupported(String)
  /// The first row, counted from 0, without a value in a column that needs one.
  case missing(row: Int)
  case outOfRange(row: Int)
}
