import Runtime

/// What each column of a file of bars is, from its title.
struct BarLayout: Equatable {
  enum Role: Equatable {
    case stamp
    /// A time of day that belongs to the date in the stamp's column.
    case timeOfDay
    /// Milliseconds since the midnight of a day that the file's name tells.
    case millisecondOfDay
    case symbol
    case number
    case ignored
  }

  struct Field: Equatable {
    /// As the column is called in the file.
    var title: String
    /// As the frame's column is called: `adj_close` for `Adj Close`.
    var name: String
    var role: Role
  }

  var fields: [Field]

  static let required = ["open", "high", "low", "close"]
  /// What no column of numbers may be called.
  static var reserved: Set<String> {
    Set(stampNames + timeOfDayNames + symbolNames + ["start", "known_at"])
  }
  private static let stampNames = ["timestamp", "datetime", "date_time", "date", "time", "index"]
  private static let timeOfDayNames = ["tod", "time", "time_of_day"]
  private static let symbolNames = ["symbol", "ticker"]
  private static let synonyms = [
    "adjclose": "adj_close", "adjusted_close": "adj_close", "close_adj": "adj_close",
    "vol": "volume", "splits": "stock_splits", "dividend": "dividends",
  ]

  /// - Parameters:
  ///   - columns: what a person said: frame's name to the file's name.
  ///   - keepsTitles: whether titles already are a frame's names.
  init(
    titles: [String], place: String, columns: [String: String], keepsTitles: Bool = false
  ) throws(DataError) {
    var renamed: [String: String] = [:]
    for (name, title) in columns { renamed[title] = name }
    fields = titles.map { title in
      Field(
        title: title, name: renamed[title] ?? (keepsTitles ? title : Self.name(of: title)),
        role: .number)
    }
    try assignRoles(place: place)
    try check(place: place)
  }

  /// A stamp and numbers behind it, in a file without titles.
  init(stampRole: Role, names: [String]) {
    fields =
      [Field(title: "time", name: "time", role: stampRole)]
      + names.map { Field(title: $0, name: $0, role: .number) }
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

  /// Whether a frame is of no use without the column, or of little.
  static func isPrice(_ name: String) -> Bool { required.contains(name) || name == "volume" }

  /// Leaves out a column that is no price and whose first value is no number.
  mutating func settle(_ index: Int, firstText text: String) {
    guard fields[index].role == .number, !Self.isPrice(fields[index].name) else { return }
    let isNumber = Array(text.utf8).withUnsafeBufferPointer {
      NumberText.parseSlowly($0) != nil
    }
    if !isNumber { fields[index].role = .ignored }
  }

  /// The frame's names of the columns that hold numbers.
  var numberNames: [String] { fields.filter { $0.role == .number }.map(\.name) }

  /// Titles of columns that are left out, because they hold no numbers.
  var ignored: [String] {
    fields.filter { $0.role == .ignored && $0.title != "" }.map(\.title)
  }

  /// `Adj Close` is `adj_close`.
  private static func name(of title: String) -> String {
    let folded = String(
      title.lowercased().map { $0 == " " || $0 == "-" || $0 == "." ? "_" : $0 })
    return synonyms[folded] ?? folded
  }
}
