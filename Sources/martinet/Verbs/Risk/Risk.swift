import Glibc
import Runtime
import Trading

/// What accounts may do, and stopping them.
let riskVerb = Verb(
  "risk", summary: "Show the limits, stop every account, let them trade again",
  verbs: [riskShowVerb, riskKillVerb, riskResumeVerb, riskSchemaVerb])

private let riskSchemaVerb = Verb(
  "schema", summary: "Print the JSON schema of files of limits",
  discussion: "Editors that know it complete and check limits while they are written.",
  examples: [.init("martinet risk schema > limits.schema.json", "For an editor.")]
) { invocation in
  let schema = Configuration<RiskLimits>.jsonSchema(title: "Limits of martinet")
  invocation.console.output.write(schema.text(pretty: true) + "\n")
  return .done
}

/// Which files of limits a verb reads.
enum RiskFiles {
  /// Read where none is named.
  static let standard = "production/config/risk_limits.yaml"

  static func names(for invocation: Invocation) throws -> [String] {
    var named = invocation.configFiles
    if named.isEmpty, access(standard, F_OK) == 0 { named = [standard] }
    let name = try invocation[SettingsFiles.environment]
    guard let first = named.first else {
      if let name { throw SettingsError.environmentAlone(name: name) }
      return []
    }
    return try ConfigurationLayers.files(base: first, environment: name) + named.dropFirst()
  }
}

/// Who acts.
enum RiskFlags {
  /// The person at the terminal, as the system knows them.
  static func user(_ environment: [String: String]) -> String {
    let name = environment["USER"] ?? environment["LOGNAME"] ?? ""
    return name.isEmpty ? "user \(getuid())" : name
  }
}
