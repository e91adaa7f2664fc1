import Runtime

/// Settings files, written from the one declaration of what they may say.
package enum SettingsText {
  /// A file with every key, its meaning and its default behind a `#`, but for the `given` ones.
  package static func template(of schema: JSON, title: String, given: [String: JSON] = [:])
    -> String
  {
    "# \(title)\n" + lines(of: schema, given: given, prefix: "", indent: "").joined(separator: "\n")
      + "\n"
  }

  /// The settings as they hold, to be saved and used again.
  package static func resolved<Settings>(_ loaded: Loaded<Settings>) -> String {
    func lines(_ value: JSON, _ prefix: String, _ indent: String) -> [String] {
      guard case .object(let members) = value else { return [] }
      return members.flatMap { member -> [String] in
        let key = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
        if case .object = member.value {
          return ["\(indent)\(member.key):"] + lines(member.value, key, indent + "  ")
        }
        let origin = loaded.origin(of: key).description
        return ["\(indent)\(member.key): \(member.value.text())  # \(origin)"]
      }
    }
    return lines(loaded.json, "", "").joined(separator: "\n") + "\n"
  }

  private static func lines(
    of schema: JSON, given: [String: JSON], prefix: String, indent: String
  ) -> [String] {
    guard case .object(let members)? = schema["properties"] else { return [] }
    return members.flatMap { member -> [String] in
      let key = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
      var lines = indent.isEmpty ? [""] : []
      if case .string(let meaning)? = member.value["description"] {
        lines.append("\(indent)# \(meaning)")
      }
      if member.value["properties"] != nil {
        lines.append("\(indent)\(member.key):")
        lines += self.lines(of: member.value, given: given, prefix: key, indent: indent + "  ")
      } else if let value = given[key] {
        lines.append("\(indent)\(member.key): \(value.text())")
      } else {
        lines.append("\(indent)# \(member.key): \((member.value["default"] ?? .null).text())")
      }
      return lines
    }
  }
}
