/// One key of a section: its name in YAML, the property it sets, what it may be and what it is for.
public struct Field<Root: Sendable>: Sendable {
  let key: String
  let isRequired: Bool
  let apply:
    @Sendable (YAMLNode, inout Root, inout Layer, String) throws(ConfigurationError) -> Void
  let rows: @Sendable (Root, String) -> [(key: String, value: JSON)]
  let missing: @Sendable (Layer, String) -> [String]
  let json: @Sendable (Root) -> JSON
  let jsonSchema: @Sendable (Root) -> JSON

  /// A single value or a list. `unit` is told wherever the value is: "bps", "USD".
  ///
  /// A required key has no meaningful default, so that some file or `--set` must give it.
  public init<Value: ConfigurationValue>(
    _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable, unit: String? = nil,
    required: Bool = false, _ documentation: String
  ) {
    self.init(key, path, rule: .none, unit, required, documentation)
  }

  /// A value from a range: `in: 1...4096`, `in: 0...`.
  public init<Value: ConfigurationValue & Comparable>(
    _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable,
    in bounds: some ConfigurationBounds<Value>, unit: String? = nil, required: Bool = false,
    _ documentation: String
  ) {
    self.init(
      key, path, rule: ValueRule(bounds) { [($0, nil)] }, unit, required, documentation)
  }

  /// A value from a range, or nothing.
  public init<Value: ConfigurationValue & Comparable>(
    _ key: String, _ path: any WritableKeyPath<Root, Value?> & Sendable,
    in bounds: some ConfigurationBounds<Value>, unit: String? = nil, _ documentation: String
  ) {
    self.init(
      key, path, rule: ValueRule(bounds) { $0.map { [($0, nil)] } ?? [] }, unit, false,
      documentation)
  }

  /// A list whose every item lies in a range.
  public init<Value: ConfigurationValue & Comparable>(
    _ key: String, _ path: any WritableKeyPath<Root, [Value]> & Sendable,
    each bounds: some ConfigurationBounds<Value>, unit: String? = nil, required: Bool = false,
    _ documentation: String
  ) {
    self.init(
      key, path, rule: ValueRule(bounds) { $0.enumerated().map { ($0.element, $0.offset) } }, unit,
      required, documentation)
  }

  /// A section with keys of its own.
  public init<Section: Configured>(
    section key: String, _ path: any WritableKeyPath<Root, Section> & Sendable
  ) {
    self.key = key
    isRequired = false
    apply = { node, root, layer, key throws(ConfigurationError) in
      // A section whose keys are all commented out.
      if case .null = node.scalar { return }
      try Section.schema.apply(node, to: &root[keyPath: path], &layer, prefix: key)
      layer.inconsistencies[key] = root[keyPath: path].inconsistency
    }
    rows = { root, key in Section.schema.rows(of: root[keyPath: path], prefix: key) }
    missing = { layer, key in Section.schema.missing(in: layer, prefix: key) }
    json = { root in Section.schema.json(of: root[keyPath: path]) }
    jsonSchema = { root in Section.schema.jsonSchema(defaults: root[keyPath: path]) }
  }

  private init<Value: ConfigurationValue>(
    _ key: String, _ path: any WritableKeyPath<Root, Value> & Sendable, rule: ValueRule<Value>,
    _ unit: String?, _ required: Bool, _ documentation: String
  ) {
    self.key = key
    isRequired = required
    apply = { node, root, layer, key throws(ConfigurationError) in
      let value: Value
      do throws(ConfigurationRefusal) {
        value = try Value.read(node)
        if let refusal = rule.refusal(value, node, unit) { throw refusal }
      } catch {
        throw layer.wrongType(at: node.mark, key: key, error)
      }
      root[keyPath: path] = value
      layer.origins[key] = layer.origin(node.mark)
    }
    rows = { root, key in [(key, root[keyPath: path].json)] }
    missing = { layer, key in required && layer.origins[key] == nil ? [key] : [] }
    json = { root in root[keyPath: path].json }
    jsonSchema = { root in
      var schema = rule.addingBounds(Value.jsonSchema)
      schema.append(
        "description", .string(unit.map { "\(documentation) (\($0))" } ?? documentation))
      if !required { schema.append("default", root[keyPath: path].json) }
      return schema
    }
  }
}
