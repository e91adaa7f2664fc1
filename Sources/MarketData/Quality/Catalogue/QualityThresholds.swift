import Runtime

/// From where on something is worth a finding, and from where on it is an error.
///
/// There is a profile for training, where a little noise is borne, and one for live use, where it is
/// not.
public struct QualityThresholds: Configured, Equatable {
  /// Of the bars expected; more is an error.
  public var missingShareMax = 0.01
  /// Of the bars there are; more is an error.
  public var outsideRangeShareMax = 0.001
  public var checksStaleness = false
  public var staleAfter: Duration = .seconds(600)
  /// A move beyond it is an outlier and is looked at.
  public var outlierDeviations = 3.0
  public var window = 63
  /// Of the price, from one session to the next: large, and beyond what is taken on trust.
  public var largeMove = 0.2
  public var moveMax = 0.5
  public var unconfirmedIsError = false
  /// How far a price must stand from both of its neighbours, in a daily and in a shorter bar.
  public var spikeOfDay = 0.25
  public var spikeWithinDay = 0.08
  public var spikeDeviations = 10.0
  /// Times the usual money in a day: an event that others saw too.
  public var eventTurnover = 2.5
  /// Times the usual volume.
  public var volumeJump = 100.0
  /// Of the price, between two sources.
  public var sourceTolerance = 0.002
  /// Of the sessions; with bars outside the regular hours on more of them a series is an extended one.
  public var extendedShare = 0.95

  public init() {}

  public static let training = QualityThresholds()

  public static let live: QualityThresholds = {
    var thresholds = QualityThresholds()
    thresholds.missingShareMax = 0
    thresholds.outsideRangeShareMax = 0
    thresholds.checksStaleness = true
    thresholds.unconfirmedIsError = true
    return thresholds
  }()

  public static let schema = Schema<Self>("From where on data are not good enough") {
    Field(
      "missing_share_max", \.missingShareMax, in: 0...1,
      "Part of the expected bars that may be missing; more is an error")
    Field(
      "outside_range_share_max", \.outsideRangeShareMax, in: 0...1,
      "Part of the bars whose open or close may lie outside high and low; more is an error")
    Field("checks_staleness", \.checksStaleness, "Whether the last bar must be a fresh one")
    Field("stale_after", \.staleAfter, "Age of the last bar within the session that is too old")
    Field(
      "outlier_deviations", \.outlierDeviations, in: 1...100, unit: "robust deviations",
      "Moves beyond it are looked at")
    Field("window", \.window, in: 10...10_000, unit: "bars", "Bars that tell what is usual")
    Field("large_move", \.largeMove, in: 0...10, "Move from session to session that is mentioned")
    Field("move_max", \.moveMax, in: 0...10, "Larger moves must be confirmed by volume or peers")
    Field(
      "unconfirmed_is_error", \.unconfirmedIsError, "Whether an unconfirmed move is an error")
    Field(
      "spike_of_day", \.spikeOfDay, in: 0...10, "Distance of a daily price from both neighbours")
    Field(
      "spike_within_day", \.spikeWithinDay, in: 0...10,
      "The same of a bar shorter than a day")
    Field(
      "spike_deviations", \.spikeDeviations, in: 1...1000, unit: "robust deviations",
      "And at least so far")
    Field(
      "event_turnover", \.eventTurnover, in: 1...1000, unit: "times the median",
      "Money traded in a day that shows an event")
    Field(
      "volume_jump", \.volumeJump, in: 1...1_000_000, unit: "times the median",
      "Volume without a move that is mentioned")
    Field(
      "source_tolerance", \.sourceTolerance, in: 0...1,
      "Part of the price by which two sources may differ")
    Field(
      "extended_share", \.extendedShare, in: 0...1,
      "Part of the sessions with bars outside regular hours that makes an extended series")
  }
}

/// What the data are for.
public enum QualityProfile: String, CaseIterable, Sendable {
  case training
  case live
}

/// How strict checks are, for each profile: `quality.live.stale_after` in a settings file.
public struct QualitySettings: Configured, Equatable {
  public var training = QualityThresholds.training
  public var live = QualityThresholds.live

  public init() {}

  public subscript(profile: QualityProfile) -> QualityThresholds {
    switch profile {
    case .training: training
    case .live: live
    }
  }

  public static let schema = Schema<Self>("How good market data must be") {
    Field(section: "training", \.training)
    Field(section: "live", \.live)
  }
}
