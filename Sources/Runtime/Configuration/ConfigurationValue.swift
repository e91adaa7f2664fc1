/// A type that can stand in a configuration file.
///
/// Types that are written as one word conform to `ConfigurationText` instead, which is shorter.
public protocol ConfigurationValue: Sendable {
  /// What an error message says was expected: "a whole number".
  static var expected: String { get }
  /// The JSON schema of the value (draft 2020-12), without description and default.
  static var jsonSchema: JSON { get }
  static func read(_ node: YAMLNode) throws(ConfigurationRefusal) -> Self
  /// The value as `config show` prints it.
  var json: JSON { get }
}

/// Why a value is not what its key takes; the place is added by whoever asked.
public struct ConfigurationRefusal: Error, Equatable {
  public var finding: String
  /// Where the schema alone does not say what to do.
  public var remedy: String?
  /// A place inside the value, where that is nearer than its beginning.
  public var mark: YAMLMark?

  public init(finding: String, remedy: String? = nil, mark: YAMLMark? = nil) {
    self.finding = finding
    self.remedy = remedy
    self.mark = mark
  }

  /// "16 was expected to be …" in the words all values share.
  public static func unexpected(
    _ node: YAMLNode, expected: String, remedy: String? = nil
  ) -> ConfigurationRefusal {
    ConfigurationRefusal(
      finding: "\(expected) was expected, not \(node.found)", remedy: remedy, mark: node.mark)
  }
}

extension YAMLNode {
  /// What stands here, for error messages.
  var found: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a section"
    case .scalar(let text, .plain) where YAMLScalar(plain: text) == .null: "nothing"
    case .scalar(let text, .quoted): "the quoted text \(Excerpt.quoted(text))"
    case .scalar(let text, _): Excerpt.quoted(text)
    }
  }

  /// What a scalar means, or `nil` for lists and sections.
  var scalar: YAMLScalar? {
    switch content {
    case .scalar(let text, .quoted): .text(text)
    case .scalar(let text, _): YAMLScalar(plain: text)
    case .sequence, .mapping: nil
    }
  }

  /// The text of a scalar exactly as written, or `nil` where there is none: nothing, `~` and `null`.
  ///
  /// So a symbol may be called `TRUE`, `NULL` or `1E5`.
  var word: String? {
    switch content {
    case .scalar("", .plain), .scalar("~", .plain), .scalar("null", .plain): nil
    case .scalar(let text, _): text
    case .sequence, .mapping: nil
    }
  }
}
