import Runtime

/// What was traded between two instants, as research arithmetic sees it.
public struct Bar: Hashable, Sendable, BitwiseCopyable {
  public var start: Timestamp
  public var end: Timestamp
  /// When it could first be acted on: its end, or later.
  public var knownAt: Timestamp
  public var open: Double
  public var high: Double
  public var low: Double
  public var close: Double
  public var volume: Double

  public init(
    start: Timestamp, end: Timestamp, knownAt: Timestamp, open: Double, high: Double, low: Double,
    close: Double, volume: Double
  ) {
    self.start = start
    self.end = end
    self.knownAt = knownAt
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }

  /// What is wrong with it by itself; nothing in a sound bar.
  public var faults: BarFaults {
    var faults = BarFaults(open: open, high: high, low: low, close: close, volume: volume)
    if end <= start { faults.insert(.endsBeforeItStarts) }
    if knownAt < end { faults.insert(.isKnownBeforeItEnds) }
    return faults
  }
}

/// What can be wrong with one bar, all of it at once.
public struct BarFaults: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let priceIsMissing = BarFaults(rawValue: 1 << 0)
  public static let priceIsNotPositive = BarFaults(rawValue: 1 << 1)
  public static let highIsBelowLow = BarFaults(rawValue: 1 << 2)
  public static let openIsOutsideRange = BarFaults(rawValue: 1 << 3)
  public static let closeIsOutsideRange = BarFaults(rawValue: 1 << 4)
  public static let volumeIsMissing = BarFaults(rawValue: 1 << 5)
  public static let volumeIsNegative = BarFaults(rawValue: 1 << 6)
  public static let endsBeforeItStarts = BarFaults(rawValue: 1 << 7)
  public static let isKnownBeforeItEnds = BarFaults(rawValue: 1 << 8)

  /// Checks the figures alone. A price that is missing (not finite) is compared with nothing.
  public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
    var faults: BarFaults = []
    let areFinite = open.isFinite && high.isFinite && low.isFinite && close.isFinite
    if !areFinite {
      faults.insert(.priceIsMissing)
    } else {
      if min(min(open, high), min(low, close)) <= 0 { faults.insert(.priceIsNotPositive) }
      if high < low {
        faults.insert(.highIsBelowLow)
      } else {
        if open > high || open < low { faults.insert(.openIsOutsideRange) }
        if close > high || close < low { faults.insert(.closeIsOutsideRange) }
      }
    }
    if !volume.isFinite {
      faults.insert(.volumeIsMissing)
    } else if volume < 0 {
      faults.insert(.volumeIsNegative)
    }
    self = faults
  }

  private static let names: [(fault: BarFaults, words: String)] = [
    (.priceIsMissing, "a price is missing"), (.priceIsNotPositive, "a price is not above zero"),
    (.highIsBelowLow, "the high is below the low"),
    (.openIsOutsideRange, "the open is outside high and low"),
    (.closeIsOutsideRange, "the close is outside high and low"),
    (.volumeIsMissing, "the volume is missing"), (.volumeIsNegative, "the volume is negative"),
    (.endsBeforeItStarts, "it does not end after it starts"),
    (.isKnownBeforeItEnds, "it is known before it ends"),
  ]

  /// Each fault in plain words.
  public var descriptions: [String] {
    Self.names.filter { contains($0.fault) }.map(\.words)
  }
}

extension Frame {
  /// One row as a bar; figures it has no column for are NaN.
  public func bar(_ row: Int) -> Bar {
    func figure(_ name: String) -> Double { self[name]?[row] ?? .nan }
    return Bar(
      start: Timestamp(nanoseconds: start[row]), end: Timestamp(nanoseconds: end[row]),
      knownAt: Timestamp(nanoseconds: knownAt[row]), open: figure("open"), high: figure("high"),
      low: figure("low"), close: figure("close"), volume: figure("volume"))
  }
}
