/// A type that a configuration file can set.
///
/// Its defaults are those of `init()`. Its schema is the one declaration from which reading, error
/// messages, `config show` and the JSON schema come:
///
///     struct TrainingSettings: Configured {
///       var batchSize = 64
///       var patience: Duration = .seconds(90)
///
///       static let schema = Schema<Self>("How a model is trained") {
///         Field("batch_size", \.batchSize, in: 1...4096, "Windows in one step")
///         Field("patience", \.patience, "How long to wait for a better loss")
///       }
///     }
public protocol Configured: Sendable {
  init()
  static var schema: Schema<Self> { get }
  /// What does not fit together though each value alone is right; `nil` when all is well.
  var inconsistency: Inconsistency? { get }
}

extension Configured {
  public var inconsistency: Inconsistency? { nil }
}

/// Two values that contradict each other, told at the place of one of them.
public struct Inconsistency: Equatable, Sendable {
  /// A key of the type's own schema, with dots where it lies deeper.
  public var key: String
  public var finding: String
  public var remedy: String

  public init(at key: String, finding: String, remedy: String) {
    self.key = key
    self.finding = finding
    self.remedy = remedy
  }
}

/// The keys of a section, in the order they are shown.
public struct Schema<Root: Sendable>: Sendable {
  public let documentation: String
  let fields: [Field<Root>]

  public init(_ documentation: String, @SchemaBuilder<Root> fields: () -> [Field<Root>]) {
    self.documentation = documentation
    self.fields = fields()
    let keys = Set(self.fields.map(\.key))
    precondition(keys.count == self.fields.count, "a key is declared twice")
  }

  /// Sets what `node` sets, and leaves the rest as it is: that is how files lie over each other.
  func apply(
    _ node: YAMLNode, to root: inout Root, _ layer: inout Layer, prefix: String
  ) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      throw layer.wrongType(
        at: node.mark, key: prefix,
        .unexpected(node, expected: "a section", remedy: "write its keys below it, indented"))
    }
    for entry in entries {
      let key = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
      guard let field = fields.first(where: { $0.key == entry.key }) else {
        throw .unknownKey(
          place: layer.place(entry.keyMark), key: key,
          nearest: Words.nearest(to: entry.key, among: fields.map(\.key)),
          known: fields.map(\.key))
      }
      try field.apply(entry.value, &root, &layer, key)
    }
  }

  /// One row a value, sections unfolded.
  func rows(of root: Root, prefix: String) -> [(key: String, value: JSON)] {
    fields.flatMap { $0.rows(root, prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
  }

  /// Keys without which there is nothing to run, with the values they have now.
  func missing(in layer: Layer, prefix: String) -> [String] {
    fields.flatMap { $0.missing(layer, prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
  }

  /// The values of `root`, sections nested.
  public func json(of root: Root) -> JSON {
    .object(fields.map { JSON.Member($0.key, $0.json(root)) })
  }

  /// The JSON schema of the section, whose defaults are those of `root`.
  func jsonSchema(defaults root: Root) -> JSON {
    var schema: JSON = ["type": "object", "description": .string(documentation)]
    schema.append("additionalProperties", false)
    schema.append(
      "properties", .object(fields.map { JSON.Member($0.key, $0.jsonSchema(root)) }))
    let required = fields.filter(\.isRequired).map { JSON.string($0.key) }
    if !required.isEmpty { schema.append("required", .array(required)) }
    return schema
  }
}

@resultBuilder public enum SchemaBuilder<Root: Sendable> {
  public static func buildExpression(_ field: Field<Root>) -> [Field<Root>] { [field] }
  public static func buildExpression(_ fields: [Field<Root>]) -> [Field<Root>] { fields }
  public static func buildBlock(_ fields: [Field<Root>]...) -> [Field<Root>] {
    fields.flatMap(\.self)
  }
}
