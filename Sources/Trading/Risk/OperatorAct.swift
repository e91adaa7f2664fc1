/// Something a person, or a watch that stands in for one, did to a running account, by whom and why.
public struct OperatorAct: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Nothing leaves any more but cancels, and what waits is cancelled.
    case halt
    /// As `halt`, and every position is closed at the market.
    case flatten
    /// What was halted and every breaker that has tripped is set back.
    case resume
    /// The feed of prices is silent: nothing is entered any more, and what waits to enter is cancelled.
    case pause
    /// The feed speaks again.
    case proceed
  }

  public var kind: Kind
  public var by: String
  public var reason: String

  public init(_ kind: Kind, by: String, reason: String) {
    self.kind = kind
    self.by = by
    self.reason = reason
  }
}
