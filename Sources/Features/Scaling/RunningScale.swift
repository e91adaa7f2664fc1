import Numerics

/// A scale that is learned while values come in, as agents normalise what they observe.
///
/// Each value is scaled by what was seen before it and itself; when learning is over, `freeze` keeps
/// the scale as it is.
public struct RunningScale: Sendable {
  public private(set) var moments = StreamingMoments()
  public private(set) var isFrozen = false
  /// Scaled values are cut to this many standard deviations.
  public let clip: Double

  public init(clip: Double = 10) {
    precondition(clip > 0, "something is left after clipping")
    self.clip = clip
  }

  public mutating func freeze() { isFrozen = true }

  /// The value on the scale so far; zero until a second, different value was seen.
  public mutating func scaled(_ value: Double) -> Double {
    guard !value.isNaN else { return .nan }
    if !isFrozen, value.isFinite { moments.add(value) }
    guard moments.count > 1 else { return 0 }
    let deviation = moments.deviation(degreesTaken: 0)
    guard deviation > 0 else { return 0 }
    return min(max((value - moments.mean) / deviation, -clip), clip)
  }
}

/// When the values of a column can be known, which decides where in a window they may stand.
public enum ColumnKnowledge: String, CaseIterable, Sendable {
  /// The same at all times: a sector.
  case fixed = "static"
  /// Known for later bars too: the day of the week, a scheduled holiday.
  case knownAhead = "known_ahead"
  /// Known only from its own bar on: everything made from prices.
  case pastOnly = "past_only"
}
