import Runtime

// Settings as recordings keep them.
extension Configured {
  var json: JSON { Self.schema.json(of: self) }

  /// As `json` has them: what JSON can say, YAML can.
  static func recorded(_ json: JSON) throws(ConfigurationError) -> Self {
    let source = ConfigurationSource(name: "recording", bytes: Array(json.text().utf8))
    return try Configuration<Self>.load(sources: [source]).value
  }
}
