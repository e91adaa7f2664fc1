import Runtime

/// How quickly a program that is not part of this one answered in a run.
public struct GuestPace: Hashable, Sendable {
  /// Bars that it was told.
  public private(set) var bars = 0
  /// From each line's first byte to the last of its answer, in sum.
  public private(set) var time = Duration.zero

  mutating func add(bars count: Int, took duration: Duration) {
    bars += count
    time += duration
  }

  public var seconds: Double { time / .seconds(1) }
  public var barsPerSecond: Double { seconds > 0 ? Double(bars) / seconds : 0 }

  public var json: JSON {
    [
      "bars": JSON(bars), "seconds": JSON(seconds),
      "bars_per_second": JSON(barsPerSecond.rounded()),
    ]
  }

  /// As it stands below the figures.
  public var sentence: String {
    "Your program was told \(NumberText.count(bars)) bars and took "
      + "\(NumberText.fixed(seconds, decimals: 2)) s to answer: "
      + "\(NumberText.count(Int(barsPerSecond))) bars a second."
  }
}
