import Runtime

/// What each field of a CSV file's rows is, from its first line.
struct CSVLayout: Equatable {
  enum Role: Equatable {
    case stamp
    /// A time of day that belongs to the date in the stamp's column.
    case timeOfDay
    case symbol
    case number
    case ignored
  }

  struct Field: Equatable {
    /// As it stands in the file.
    var title: String
    /// As the frame's column is called: `adj_close` for `Adj Close`.
    var name: String
    var role: Role
  }

  var delimiter: UInt8
  var fields: [Field]

  static let required = ["open", "high", "low", "close"]
  private static let stampNames = ["timestamp", "datetime", "date_time", "date", "time", "index"]
  private static let timeOfDayNames = ["tod", "time", "time_of_day"]
  private static let symbolNames = ["symbol", "ticker"]
  private static let synonyms = [
    "adjclose": "adj_close", "adjusted_close": "adj_close", "close_adj": "adj_close",
    "vol": "volume", "splits": "stock_splits", "dividend": "dividends",
  ]

  /// The layout that the first line, without its line feed, describes.
  ///
  /// - Parameter columns: what a person said: frame's name to the file's name.
  init(
    header: UnsafeBufferPointer<UInt8>, place: String, columns: [String: String]
  ) throws(DataError) {
    let delimiter = Self.delimiter(of: header)
    self.delimiter = delimiter
    let titles = Self.split(header, delimiter: delimiter)
    var renamed: [String: String] = [:]
    for (name, title) in columns { renamed[title] = name }
    fields = titles.map { title in
      Field(title: title, name: renamed[title] ?? Self.name(of: title), role: .number)
    }
    try assignRoles(place: place)
    try check(place: place)
  }

  private mutating func assignRoles(place: String) throws(DataError) {
    // Index columns that pandas wrote have no title.
    if fields.first?.name == "", fields.count > 1 { fields[0].name = "index" }
    let present = fields.map(\.name)
    func position(_ names: [String]) -> Int? {
      names.lazy.compactMap { present.firstIndex(of: $0) }.first
    }
    guard let stamp = position(Self.stampNames) else {
      throw .missingColumn(place: place, name: "timestamp", found: fields.map(\.title))
    }
    let symbol = position(Self.symbolNames)
    let timeOfDay = fields[stamp].name == "date" ? position(Self.timeOfDayNames) : nil
    for index in fields.indices where Self.stampNames.contains(fields[index].name) {
      fields[index].role = .ignored
    }
    for index in fields.indices where fields[index].name.isEmpty { fields[index].role = .ignored }
    fields[stamp].role = .stamp
    if let timeOfDay { fields[timeOfDay].role = .timeOfDay }
    if let symbol { fields[symbol].role = .symbol }
  }

  private func check(place: String) throws(DataError) {
    for name in Self.required where !fields.contains(where: { $0.name == name }) {
      throw .missingColumn(place: place, name: name, found: fields.map(\.title))
    }
    var seen: Set<String> = []
    for field in fields where field.role == .number {
      guard seen.insert(field.name).inserted else {
        throw .duplicateColumn(place: place, name: field.name)
      }
    }
  }

  /// Leaves out columns that are no prices and do not hold numbers in the first row.
  mutating func settleExtras(firstRow: UnsafeBufferPointer<UInt8>) {
    let texts = Self.split(firstRow, delimiter: delimiter)
    for (index, text) in texts.enumerated() where index < fields.count {
      guard fields[index].role == .number else { continue }
      if Self.required.contains(fields[index].name) || fields[index].name == "volume" { continue }
      var bytes = Array(text.utf8)
      let isNumber = bytes.withUnsafeMutableBufferPointer {
        NumberText.parseSlowly(UnsafeBufferPointer($0)) != nil
      }
      if !isNumber { fields[index].role = .ignored }
    }
  }

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

  /// The fields of one line as text, without quotes and outer spaces.
  static func split(_ line: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line where byte != 0x0d && byte != 0x0a {
      if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == delimiter && !isQuoted {
        fields.append(trimmed(field))
        field.removeAll(keepingCapacity: true)
      } else {
        field.append(byte)
      }
    }
    fields.append(trimmed(field))
    return fields
  }

  private static func trimmed(_ field: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = field.firstIndex { !isSpace($0) } ?? field.endIndex
    let end = field.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return String(decoding: field[start..<max(start, end)], as: UTF8.self)
  }

  /// `Adj Close` is `adj_close`.
  private static func name(of title: String) -> String {
    let folded = String(
      title.lowercased().map { $0 == " " || $0 == "-" || $0 == "." ? "_" : $0 })
    return synonyms[folded] ?? folded
  }
}
