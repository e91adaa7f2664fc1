import Market
import Runtime

/// Makes one signal of those of several timeframes, by a stated order of precedence.
///
/// Of each timeframe the latest signal counts. The first timeframe in the order that wants anything says
/// which way; those that agree add their shares of the capital, those that do not add nothing.
public struct SignalAggregation: Hashable, Sendable {
  public struct Timeframe: Hashable, Sendable {
    public var interval: BarInterval
    /// Of the capital, 0 to 1.
    public var share: Double
    /// Signals older than this no longer count.
    public var oldest: Duration

    public init(_ interval: BarInterval, share: Double, oldest: Duration) {
      self.interval = interval
      self.share = share
      self.oldest = oldest
    }
  }

  /// The first has precedence over those behind it.
  public let timeframes: [Timeframe]

  /// The longer the bars the more they count: a fifth of the capital by the week, half by the day, the
  /// rest within it.
  public static let standard = SignalAggregation(ranked: [
    Timeframe(.week, share: 0.2, oldest: .seconds(14 * 86_400)),
    Timeframe(.day, share: 0.5, oldest: .seconds(5 * 86_400)),
    Timeframe(BarInterval(count: 5, unit: .minute), share: 0.3, oldest: .seconds(3600)),
  ])

  private init(ranked timeframes: [Timeframe]) { self.timeframes = timeframes }

  public init(_ timeframes: [Timeframe]) throws(SizingError) {
    let shares = timeframes.map(\.share)
    guard shares.allSatisfy({ $0 >= 0 }), shares.reduce(0, +) <= 1 + 1e-9, !shares.isEmpty else {
      throw .parameter("shares", "\(shares)", expected: "parts of the capital, at most 1 together")
    }
    guard Set(timeframes.map(\.interval)).count == timeframes.count else {
      throw .parameter(
        "timeframes", timeframes.map(\.interval.description).joined(separator: ", "),
        expected: "each length of bars once")
    }
    self.timeframes = timeframes
  }

  /// What the signals of one instrument come to; `nil` where none of them counts.
  public func combined(_ signals: [Signal], at now: Timestamp) -> Signal? {
    let counted = timeframes.compactMap { timeframe -> (Timeframe, Signal)? in
      latest(signals, timeframe, now).map { (timeframe, $0) }
    }
    guard let first = counted.first?.1 else { return nil }
    guard var combined = counted.first(where: { $0.1.target != 0 })?.1 else {
      var none = first
      none.target = 0
      return none
    }
    let agreeing = counted.filter { $0.1.target * combined.target > 0 }
    let sure = agreeing.compactMap { timeframe, signal in
      signal.confidence.map { (timeframe.share, $0) }
    }
    let weight = sure.reduce(0) { $0 + $1.0 }
    // How far and how sure are the shares' means; the interval and what stands behind are the first's.
    combined.target = agreeing.reduce(0) { $0 + $1.0.share * $1.1.target }
    if weight > 0 { combined.confidence = sure.reduce(0) { $0 + $1.0 * $1.1 } / weight }
    return combined
  }

  private func latest(
    _ signals: [Signal], _ timeframe: Timeframe, _ now: Timestamp
  ) -> Signal? {
    signals.filter {
      $0.timeframe == timeframe.interval && $0.time <= now
        && now.duration(since: $0.time) <= timeframe.oldest && $0.target.isFinite
    }.max { $0.time < $1.time }
  }
}

/// Why a size or an exit cannot be worked out.
public enum SizingError: DiagnosedError, Equatable {
  case parameter(String, String, expected: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .parameter(let name, let found, let expected):
      Diagnosis(
        place: name, finding: "\(found) is not \(expected)", remedy: "give \(expected)",
        exitCode: .wrongUsage)
    }
  }
}
