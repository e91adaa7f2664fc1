import Glibc
import Runtime
import Trading

/// What accounts may do, and stopping them.
let riskVerb = Verb(
  "risk", summary: "Show the limits, stop every account, let them trade again",
  verbs: [riskShowVerb, riskKillVerb, riskResumeVerb])

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
