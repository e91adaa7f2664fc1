extension JSON {
  /// Deeper texts are refused, so that none can use up the stack.
  public static let levelsMax = 128

  /// Reads a text that is one JSON value (RFC 8259) and nothing else.
  ///
  /// Strict: no comments, no commas at ends, no leading zeros, no `NaN`, no key twice, no number
  /// beyond `Double`, UTF-8 only and without a byte order mark. Whole numbers that fit are integers.
  ///
  /// - Parameter source: what errors call the text: a file or an address
  public init(parsing bytes: [UInt8], source: String) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      var reader = JSONReader(buffer, source: source)
      return try reader.document()
    }
  }

  public init(parsing text: String, source: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), source: source)
  }
}

/// Reads from left to right; what it says about places is worked out only when something is wrong.
struct JSONReader {
  let bytes: UnsafeBufferPointer<UInt8>
  private let source: String
  var offset = 0
  private var level = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, source: String) {
    self.bytes = bytes
    self.source = source
  }

  mutating func document() throws(JSONError) -> JSON {
    skipBlanks()
    let value = try value()
    skipBlanks()
    guard offset == bytes.count else { throw malformed("the end") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSON {
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw malformed("a value")
    }
  }

  private mutating func array() throws(JSONError) -> JSON {
    try enter()
    var values: [JSON] = []
    if !skip("]") {
      repeat {
        skipBlanks()
        values.append(try value())
        skipBlanks()
      } while skip(",")
      guard skip("]") else { throw malformed("a comma or ]") }
    }
    level -= 1
    return .array(values)
  }

  private mutating func object() throws(JSONError) -> JSON {
    try enter()
    var members: [JSON.Member] = []
    var keys = KeySet()
    if !skip("}") {
      repeat {
        skipBlanks()
        let keyOffset = offset
        guard peek == UInt8(ascii: "\"") else { throw malformed("a key in quotation marks") }
        let key = try string()
        guard keys.insert(key, beside: members) else {
          let (line, column) = place(of: keyOffset)
          throw .repeatedKey(source: source, line: line, column: column, key: key)
        }
        skipBlanks()
        guard skip(":") else { throw malformed("a colon") }
        skipBlanks()
        members.append(JSON.Member(key, try value()))
        skipBlanks()
      } while skip(",")
      guard skip("}") else { throw malformed("a comma or }") }
    }
    level -= 1
    return .object(members)
  }

  /// Steps over the bracket and the blanks behind it.
  private mutating func enter() throws(JSONError) {
    level += 1
    guard level <= JSON.levelsMax else {
      let (line, column) = place(of: offset)
      throw .tooDeep(source: source, line: line, column: column, levelsMax: JSON.levelsMax)
    }
    offset += 1
    skipBlanks()
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let length = word.utf8CodeUnitCount
    guard offset + length <= bytes.count else { throw malformed("\(word)") }
    for index in 0..<length where bytes[offset + index] != word.utf8Start[index] {
      throw malformed("\(word)")
    }
    offset += length
    return value
  }

  /// The keys of an object so far: few are looked for among its members, many in a set.
  private struct KeySet {
    private var many: Set<String>?

    mutating func insert(_ key: String, beside members: [JSON.Member]) -> Bool {
      if members.count < 16 { return !members.contains { $0.key == key } }
      var set = many ?? Set(members.map(\.key))
      many = nil  // Lets go of it, so that it grows in place.
      let isNew = set.insert(key).inserted
      many = set
      return isNew
    }
  }
}

// Steps and places.
extension JSONReader {
  /// Zero at the end, which no value begins with.
  var peek: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  mutating func skipBlanks() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  func malformed(_ expected: String, at place: Int? = nil) -> JSONError {
    let (line, column) = self.place(of: place ?? offset)
    return .malformed(source: source, line: line, column: column, expected: expected)
  }

  private func place(of offset: Int) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in bytes[..<min(offset, bytes.count)] {
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }
}
