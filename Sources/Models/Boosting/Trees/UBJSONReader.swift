import Runtime

/// Reads Universal Binary JSON (ubjson.org, draft 12) as XGBoost writes it: big-endian numbers,
/// arrays of one type with type and count ahead.
struct UBJSONReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let source: String
  private var offset = 0
  private var level = 0

  static func read(_ bytes: [UInt8], source: String) throws(TreeModelError) -> JSON {
    try bytes.withUnsafeBufferPointer { buffer throws(TreeModelError) in
      var reader = UBJSONReader(bytes: buffer, source: source)
      let value = try reader.value(of: try reader.byte())
      guard reader.offset == buffer.count else {
        throw reader.fault("there is more behind the end")
      }
      return value
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, source: String) {
    self.bytes = bytes
    self.source = source
  }

  private func fault(_ finding: String) -> TreeModelError {
    .malformed(source: source, place: "byte \(offset)", finding: finding)
  }

  private mutating func byte() throws(TreeModelError) -> UInt8 {
    guard offset < bytes.count else { throw fault("the file ends too early") }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func integer<T: FixedWidthInteger>(
    _ type: T.Type
  ) throws(TreeModelError) -> T {
    let size = MemoryLayout<T>.size
    guard bytes.count - offset >= size else { throw fault("the file ends too early") }
    defer { offset += size }
    return T(
      bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  private mutating func value(of mark: UInt8) throws(TreeModelError) -> JSON {
    switch UnicodeScalar(mark) {
    case "Z": return .null
    case "T": return true
    case "F": return false
    case "i": return JSON(try integer(Int8.self))
    case "U": return JSON(try integer(UInt8.self))
    case "I": return JSON(try integer(Int16.self))
    case "l": return JSON(try integer(Int32.self))
    case "L": return JSON(try integer(Int64.self))
    case "d": return .number(Double(Float(bitPattern: try integer(UInt32.self))))
    case "D": return .number(Double(bitPattern: try integer(UInt64.self)))
    case "S": return .string(try text())
    case "{": return try object()
    case "[": return try array()
    default: throw fault("there is no value of type \(Excerpt.quoted(String(UnicodeScalar(mark))))")
    }
  }

  private mutating func count() throws(TreeModelError) -> Int {
    let mark = try byte()
    guard let whole = try value(of: mark).whole, let count = Int(exactly: whole), count >= 0 else {
      throw fault("a count is missing")
    }
    // Every element takes a byte at least, so a larger count is a lie that would cost memory.
    guard count <= bytes.count - offset else { throw fault("a count is beyond the file's end") }
    return count
  }

  private mutating func text() throws(TreeModelError) -> String {
    let count = try count()
    let range = offset..<offset + count
    offset += count
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw fault("a text is not UTF-8")
    }
    return text
  }

  private mutating func enter() throws(TreeModelError) {
    level += 1
    guard level <= JSON.levelsMax else { throw fault("more than \(JSON.levelsMax) levels") }
  }

  private mutating func object() throws(TreeModelError) -> JSON {
    try enter()
    var members: [JSON.Member] = []
    var keys: Set<String> = []
    while try !skip("}") {
      // Keys are texts without the mark of one.
      let key = try text()
      guard keys.insert(key).inserted else {
        throw fault("the key \(Excerpt.quoted(key)) stands twice")
      }
      members.append(JSON.Member(key, try value(of: try byte())))
    }
    level -= 1
    return .object(members)
  }

  private mutating func array() throws(TreeModelError) -> JSON {
    try enter()
    var values: [JSON] = []
    let type = try skip("$") ? try byte() : nil
    if try skip("#") {
      let count = try count()
      values.reserveCapacity(count)
      for _ in 0..<count {
        let mark = if let type { type } else { try byte() }
        values.append(try value(of: mark))
      }
    } else {
      guard type == nil else { throw fault("an array with a type lacks a count") }
      while try !skip("]") { values.append(try value(of: try byte())) }
    }
    level -= 1
    return .array(values)
  }

  private mutating func skip(_ mark: Unicode.Scalar) throws(TreeModelError) -> Bool {
    guard offset < bytes.count else { throw fault("the file ends too early") }
    guard bytes[offset] == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }
}
