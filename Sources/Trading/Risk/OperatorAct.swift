/// Something a person did to a running account, by whom and why.
public struct OperatorAct: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Nothing leaves any more but cancels, and what waits is cancelled.
    case halt
    /// As `halt`, and every position is closed at the market.
    case flatten
    /// What was halted and every breaker that has tripped is set back.
    case resume
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
