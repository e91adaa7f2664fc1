/// How the text of a CSV file is cut into fields.
struct CSVFormat {
  let delimiter: UInt8

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// The format that the first line, without its line feed, shows.
  init(header: UnsafeBufferPointer<UInt8>) { delimiter = Self.delimiter(of: header) }

  /// A separator is what the first line has most of.
  private static func delimiter(of header: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let candidates = [UInt8](",;\t|".utf8)
    var best = candidates[0]
    var most = 0
    for candidate in candidates {
      let count = header.count { $0 == candidate }
      if count > most { (best, most) = (candidate, count) }
    }
    return best
  }

  /// What stands between fields, for a person.
  var words: String {
    switch delimiter {
    case UInt8(ascii: ","): "commas"
    case UInt8(ascii: ";"): "semicolons"
    case UInt8(ascii: "\t"): "tabs"
    default: "\(UnicodeScalar(delimiter))"
    }
  }

  /// The fields of one line as text, without quotes and outer spaces.
  func split(_ line: UnsafeBufferPointer<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line where byte != 0x0d && byte != 0x0a {
      if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == delimiter && !isQuoted {
        fields.append(Self.trimmed(field))
        field.removeAll(keepingCapacity: true)
      } else {
        field.append(byte)
      }
    }
    fields.append(Self.trimmed(field))
    return fields
  }

  /// Where so many fields of a line are over: the byte of the separator behind them, or its end.
  func end(ofFields count: Int, in line: UnsafeBufferPointer<UInt8>) -> Int {
    var isQuoted = false
    var found = 0
    for (index, byte) in line.enumerated() {
      if byte == 0x22 { isQuoted.toggle() }
      guard byte == delimiter, !isQuoted else { continue }
      found += 1
      if found == count { return index }
    }
    return line.lastIndex { $0 != 0x0d && $0 != 0x0a }.map { $0 + 1 } ?? 0
  }

  private static func trimmed(_ field: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = field.firstIndex { !isSpace($0) } ?? field.endIndex
    let end = field.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return String(decoding: field[start..<max(start, end)], as: UTF8.self)
  }
}
