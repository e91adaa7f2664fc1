import Market
import Runtime

/// Something a quality check noticed about bars.
public struct Finding: Hashable, Sendable {
  public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Worth knowing, and right: a real crash, a split that the factors explain.
    case note
    case warning
    /// Bars that must not be used as they are.
    case error

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
  }

  /// Stable, for programs: `missing_bars`, `high_below_low`.
  public let code: String
  public let severity: Severity
  public let symbol: Symbol
  public let interval: BarInterval
  /// The first bar it concerns: its start; `nil` where it concerns the whole series.
  public let timestamp: Timestamp?
  /// How many bars it concerns.
  public let count: Int
  /// What was found, with its figures, in one sentence part.
  public let found: String
  /// What to do about it.
  public let action: String

  public init(
    code: String, severity: Severity, symbol: Symbol, interval: BarInterval,
    timestamp: Timestamp?, count: Int = 1, found: String, action: String
  ) {
    self.code = code
    self.severity = severity
    self.symbol = symbol
    self.interval = interval
    self.timestamp = timestamp
    self.count = count
    self.found = found
    self.action = action
  }
}
