import Market
import Runtime

/// One thing a cleaner does; nothing is done that was not asked for.
public enum CleaningStep: Hashable, Sendable {
  /// Leaves out bars outside the regular session.
  case regularHours
  /// Leaves out bars with an error of their own: no usable prices, contradictions, closed days.
  case drop
  /// Puts the last close into bars that are missing or have no usable price, this many after each
  /// other at most; the rest of a longer hole stays a hole.
  case fill(limit: Int)
  /// Brings prices that nobody else saw back to this many robust deviations from the close before.
  case winsorise(deviations: Double)
  /// Multiplies by factors of the splits, or of splits and dividends, that were known by then.
  case adjust(dividends: Bool, asOf: Timestamp)
  /// Divides by the same factors: prices as they were traded.
  case unadjust(dividends: Bool, asOf: Timestamp)

  public var description: String {
    switch self {
    case .regularHours: "regular hours only"
    case .drop: "drop faulty bars"
    case .fill(let limit): "fill up to \(limit) bars"
    case .winsorise(let deviations):
      "winsorise at \(FigureText.ratio(deviations, decimals: 1)) deviations"
    case .adjust(let dividends, _): "adjust for splits\(dividends ? " and dividends" : "")"
    case .unadjust(let dividends, _):
      "undo adjustment for splits\(dividends ? " and dividends" : "")"
    }
  }
}

/// What a step changed.
public struct CleaningCount: Hashable, Sendable {
  public let step: CleaningStep
  public var dropped = 0
  public var inserted = 0
  /// Bars of which a figure is another one.
  public var changed = 0

  init(_ step: CleaningStep) { self.step = step }

  public var isNothing: Bool { dropped == 0 && inserted == 0 && changed == 0 }
}
