import Runtime

/// One thing a doctor looked at.
package struct Finding: Sendable, Equatable {
  package enum State: String, Sendable {
    case good
    /// Worth knowing; what there is today works.
    case attention
    /// Nothing useful can be done without it.
    case missing

    var mark: Mark {
      switch self {
      case .good: .good
      case .attention: .warning
      case .missing: .bad
      }
    }
    /// What a person reads beside the sign.
    var word: String {
      switch self {
      case .good: "ok"
      case .attention: "note"
      case .missing: "missing"
      }
    }
  }

  package let topic: String
  package let state: State
  /// What was found, on one line.
  package let finding: String
  /// Why it is so, where that was a choice.
  package let reason: String?
  /// How to get what is missing.
  package let remedy: String?
  /// The same for programs: versions, paths, sizes.
  package let details: [JSON.Member]

  package init(
    _ topic: String, _ state: State, _ finding: String, reason: String? = nil,
    remedy: String? = nil, details: [JSON.Member] = []
  ) {
    self.topic = topic
    self.state = state
    self.finding = finding
    self.reason = reason
    self.remedy = remedy
    self.details = details
  }

  package var json: JSON {
    .object(
      [
        JSON.Member("topic", .string(topic)), JSON.Member("state", .string(state.rawValue)),
        JSON.Member("finding", .string(finding)), JSON.Member("reason", JSON(reason)),
        JSON.Member("remedy", JSON(remedy)),
      ] + details)
  }
}
