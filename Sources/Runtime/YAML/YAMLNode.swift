/// Where something stands in a text, counted from 1; columns count characters.
public struct YAMLMark: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A part of a YAML document, with the place it was read from.
public struct YAMLNode: Sendable {
  public enum Content: Sendable {
    case scalar(String, Style)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  public enum Style: Sendable {
    /// Without quotation marks: what it means depends on what it looks like.
    case plain
    /// In quotation marks or a block: always text.
    case quoted
    /// From the command line, where the shell has eaten the quotation marks.
    case argument
  }

  public struct Entry: Sendable {
    public var key: String
    public var keyMark: YAMLMark
    public var value: YAMLNode
  }

  public var content: Content
  public var mark: YAMLMark

  public init(_ content: Content, at mark: YAMLMark) {
    self.content = content
    self.mark = mark
  }

  /// The value of a mapping's key, or `nil` where this is no mapping or has no such key.
  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

/// What a plain scalar means in YAML 1.2's core schema.
///
/// So `NO`, `on` and `yes` are text, `017` is seventeen, `0o17` is fifteen and `1_000` is text.
public enum YAMLScalar: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Also an integer beyond `Int64`.
  case number(Double)
  case text(String)

  public init(plain text: String) {
    self =
      switch text {
      case "", "~", "null", "Null", "NULL": .null
      case "true", "True", "TRUE": .bool(true)
      case "false", "False", "FALSE": .bool(false)
      case ".nan", ".NaN", ".NAN": .number(.nan)
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .number(.infinity)
      case "-.inf", "-.Inf", "-.INF": .number(-.infinity)
      default: Self.number(text) ?? .text(text)
      }
  }

  private static func number(_ text: String) -> YAMLScalar? {
    if text.hasPrefix("0o") { return Self.digits(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return Self.digits(text.dropFirst(2), radix: 16) }
    guard looksLikeNumber(text) else { return nil }
    if let integer = Int64(text) { return .integer(integer) }
    return Double(text.hasSuffix(".") ? text + "0" : text).map(YAMLScalar.number)
  }

  private static func digits(_ text: Substring, radix: Int) -> YAMLScalar? {
    guard text.first != "-", text.first != "+" else { return nil }
    return Int64(text, radix: radix).map(YAMLScalar.integer)
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, because `Double` reads more than that:
  /// `0x1p3`, `inf`, `nan`.
  private static func looksLikeNumber(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    func skipSign() {
      if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest.removeFirst() }
    }
    func skipDigits() -> Int {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits.count
    }
    skipSign()
    let whole = skipDigits()
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = skipDigits()
    }
    guard whole + fraction > 0 else { return false }
    if let e = rest.first, e == UInt8(ascii: "e") || e == UInt8(ascii: "E") {
      rest.removeFirst()
      skipSign()
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
