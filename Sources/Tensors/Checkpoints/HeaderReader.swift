/// Reads the header of a safetensors file: JSON, and of JSON only what such a header may hold.
///
/// Written out instead of decoded, because a general decoder takes duplicate names, numbers with a
/// fraction and ten thousand brackets in good part.
struct HeaderReader {
  struct Entry: Equatable {
    var format = ""
    var shape: [Int] = []
    var start = 0
    var end = 0
  }

  struct Failure: Error {
    let finding: String
  }

  private let bytes: [UInt8]
  private var place = 0
  private(set) var entries: [(name: String, entry: Entry)] = []
  private(set) var metadata: [(key: String, value: String)] = []

  init(_ bytes: [UInt8]) throws(Failure) {
    self.bytes = bytes
    guard bytes.first == UInt8(ascii: "{") else {
      throw Failure(finding: "the header does not begin with {")
    }
    try readHeader()
    // Writers fill the header up with spaces.
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: " ") else {
        throw Failure(finding: "there is more behind the header's end, at byte \(place)")
      }
      place += 1
    }
  }

  private mutating func readHeader() throws(Failure) {
    var names: Set<String> = []
    try readObject { (reader, name) throws(Failure) in
      guard names.insert(name).inserted else {
        throw Failure(finding: "a name appears twice: \(name)")
      }
      if name == "__metadata__" {
        try reader.readObject { (reader, key) throws(Failure) in
          reader.metadata.append((key, try reader.readString()))
        }
      } else {
        reader.entries.append((name, try reader.readEntry()))
      }
    }
  }

  private mutating func readEntry() throws(Failure) -> Entry {
    var entry = Entry()
    var seen: Set<String> = []
    try readObject { (reader, key) throws(Failure) in
      guard seen.insert(key).inserted else { throw Failure(finding: "a key appears twice: \(key)") }
      switch key {
      case "dtype": entry.format = try reader.readString()
      case "shape": entry.shape = try reader.readIntegers()
      case "data_offsets":
        let offsets = try reader.readIntegers()
        guard offsets.count == 2 else { throw Failure(finding: "data_offsets are not two numbers") }
        (entry.start, entry.end) = (offsets[0], offsets[1])
      default: throw Failure(finding: "an unknown key: \(key)")
      }
    }
    guard seen.count == 3 else {
      throw Failure(finding: "a tensor lacks dtype, shape or data_offsets")
    }
    return entry
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private mutating func expect(_ letter: Character) throws(Failure) {
    skipSpace()
    guard place < bytes.count, bytes[place] == letter.asciiValue else {
      throw Failure(finding: "\(letter) is missing at byte \(place) of the header")
    }
    place += 1
  }

  private mutating func accept(_ letter: Character) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == letter.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func readObject(
    _ member: (inout HeaderReader, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try readString()
      try expect(":")
      try member(&self, key)
    } while accept(",")
    try expect("}")
  }

  private mutating func readIntegers() throws(Failure) -> [Int] {
    var numbers: [Int] = []
    try expect("[")
    if accept("]") { return numbers }
    repeat { numbers.append(try readInteger()) } while accept(",")
    try expect("]")
    return numbers
  }

  /// Digits only: no sign, no fraction, and not more than an `Int` holds.
  private mutating func readInteger() throws(Failure) -> Int {
    skipSpace()
    let start = place
    var value = 0
    while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
      let (product, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isOverToo) = product.addingReportingOverflow(Int(bytes[place] - 0x30))
      guard !isOver, !isOverToo else {
        throw Failure(finding: "a number is too large, at byte \(start)")
      }
      value = sum
      place += 1
    }
    guard place > start else {
      throw Failure(finding: "a whole number is missing at byte \(start)")
    }
    return value
  }

  private mutating func readString() throws(Failure) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      let byte = bytes[place]
      place += 1
      guard byte >= 0x20 else { throw Failure(finding: "a control character in a text") }
      if byte == UInt8(ascii: "\\") {
        text += try readEscape()
      } else {
        text.append(byte)
      }
    }
    try expect("\"")
    guard let string = String(validating: text, as: UTF8.self) else {
      throw Failure(finding: "a text is not UTF-8")
    }
    return string
  }

  private mutating func readEscape() throws(Failure) -> [UInt8] {
    guard place < bytes.count else { throw Failure(finding: "the header ends in a text") }
    let letter = bytes[place]
    place += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"):
      let digits = bytes[place..<min(place + 4, bytes.count)]
      guard digits.count == 4,
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw Failure(finding: "an escape that is none, at byte \(place)") }
      place += 4
      return Array(String(scalar).utf8)
    default: throw Failure(finding: "an escape that is none, at byte \(place)")
    }
  }
}
