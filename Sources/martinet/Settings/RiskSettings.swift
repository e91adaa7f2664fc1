import Runtime
import Trading

/// The limits that files of limits lie over.
package enum RiskProfile: String, ConfigurationChoice {
  /// None: for ideas.
  case research
  /// Those of an engine that trades on paper.
  case engine
  /// Those of real money.
  case production

  var limits: RiskLimits {
    switch self {
    case .research: .research
    case .engine: RiskLimits()
    case .production: .production
    }
  }
}

/// Which limits a run obeys.
package struct RiskSettings: Configured {
  package var profile = RiskProfile.research
  package var files: [String] = []
  package init() {}

  package static let schema = Schema<Self>("Which limits a run obeys; docs/RISK.md") {
    Field("profile", \.profile, "Limits that those of the files lie over")
    Field("files", \.files, "Files of limits, as production/config/risk_limits.yaml")
  }

  /// The limits of the profile with those of the files over them.
  func limits() throws -> RiskLimits {
    var sources = [ConfigurationSource(profile.limits, name: "risk.profile \(profile.rawValue)")]
    for file in files { sources.append(try ConfigurationSource(file: file)) }
    return try Configuration<RiskLimits>.load(sources: sources).value
  }
}
