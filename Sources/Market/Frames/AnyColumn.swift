/// A type whose columns a frame can hold.
public protocol ColumnElement: BitwiseCopyable, Sendable {
  static func unwrap(_ column: AnyColumn) -> Column<Self>?
}

/// A column of any of the types a frame holds.
public enum AnyColumn: Sendable {
  case double(Column<Double>)
  case float(Column<Float>)
  case int64(Column<Int64>)
  case int32(Column<Int32>)
  case bool(Column<Bool>)
  case text(TextColumn)

  public var count: Int {
    switch self {
    case .double(let column): column.count
    case .float(let column): column.count
    case .int64(let column): column.count
    case .int32(let column): column.count
    case .bool(let column): column.count
    case .text(let column): column.codes.count
    }
  }

  /// The rows of `range`, without copying.
  public func slice(_ range: Range<Int>) -> AnyColumn {
    switch self {
    case .double(let column): .double(column.slice(range))
    case .float(let column): .float(column.slice(range))
    case .int64(let column): .int64(column.slice(range))
    case .int32(let column): .int32(column.slice(range))
    case .bool(let column): .bool(column.slice(range))
    case .text(let column): .text(column.slice(range))
    }
  }

  /// A value can be missing: NaN, or no word. Integers and booleans have no such value.
  var canBeMissing: Bool {
    switch self {
    case .double, .float, .text: true
    case .int64, .int32, .bool: false
    }
  }

  /// The values of `rows` in that order; a negative row is a missing value.
  func taking(_ rows: some Collection<Int32>) -> AnyColumn {
    switch self {
    case .double(let column): .double(column.taking(rows, missing: .nan))
    case .float(let column): .float(column.taking(rows, missing: .nan))
    case .int64(let column): .int64(column.taking(rows, missing: 0))
    case .int32(let column): .int32(column.taking(rows, missing: 0))
    case .bool(let column): .bool(column.taking(rows, missing: false))
    case .text(let column): .text(column.taking(rows))
    }
  }
}

extension Column {
  func taking(_ rows: some Collection<Int32>, missing: Element) -> Column {
    withUnsafeValues { values in
      Column(count: rows.count) { taken in
        for (index, row) in rows.enumerated() {
          taken.initializeElement(at: index, to: row < 0 ? missing : values[Int(row)])
        }
      }
    }
  }
}

/// A column of words of which each is kept once, as Arrow's dictionary type does.
public struct TextColumn: Sendable {
  /// The position of each row's word; negative where it is missing.
  public let codes: Column<Int32>
  public let words: [String]

  public init(codes: Column<Int32>, words: [String]) {
    precondition(codes.allSatisfy { $0 < words.count }, "every code has a word")
    self.init(checked: codes, words: words)
  }

  private init(checked codes: Column<Int32>, words: [String]) {
    self.codes = codes
    self.words = words
  }

  public init(_ texts: some Collection<String?>) {
    var words: [String] = []
    var known: [String: Int32] = [:]
    let codes = texts.map { text -> Int32 in
      guard let text else { return -1 }
      if let code = known[text] { return code }
      let code = Int32(words.count)
      known[text] = code
      words.append(text)
      return code
    }
    self.init(codes: Column(codes), words: words)
  }

  public subscript(row: Int) -> String? {
    let code = codes[row]
    return code < 0 ? nil : words[Int(code)]
  }

  public func slice(_ range: Range<Int>) -> TextColumn {
    TextColumn(checked: codes.slice(range), words: words)
  }

  func taking(_ rows: some Collection<Int32>) -> TextColumn {
    TextColumn(checked: codes.taking(rows, missing: -1), words: words)
  }
}

extension Double: ColumnElement {
  public static func unwrap(_ column: AnyColumn) -> Column<Double>? {
    if case .double(let column) = column { column } else { nil }
  }
}

extension Float: ColumnElement {
  public static func unwrap(_ column: AnyColumn) -> Column<Float>? {
    if case .float(let column) = column { column } else { nil }
  }
}

extension Int64: ColumnElement {
  public static func unwrap(_ column: AnyColumn) -> Column<Int64>? {
    if case .int64(let column) = column { column } else { nil }
  }
}

extension Int32: ColumnElement {
  public static func unwrap(_ column: AnyColumn) -> Column<Int32>? {
    if case .int32(let column) = column { column } else { nil }
  }
}

extension Bool: ColumnElement {
  public static func unwrap(_ column: AnyColumn) -> Column<Bool>? {
    if case .bool(let column) = column { column } else { nil }
  }
}
