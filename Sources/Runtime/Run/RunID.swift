/// The name of a run: when it began and a random ending, as `20240131T143000Z-7f3a9c21`.
///
/// Names sort as the runs began, to the second.
public struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let description: String

  public init(at start: Timestamp, using generator: inout some RandomNumberGenerator) {
    let seconds = Timestamp(nanoseconds: start.nanoseconds - start.nanoseconds.secondFraction)
    let clock = seconds.description.filter { $0 != "-" && $0 != ":" }
    var ending = ""
    for _ in 0..<8 { ending += String(generator.next(upperBound: UInt32(16)), radix: 16) }
    description = "\(clock)-\(ending)"
  }

  public init(at start: Timestamp) {
    var generator = SystemRandomNumberGenerator()
    self.init(at: start, using: &generator)
  }

  public static func < (a: RunID, b: RunID) -> Bool { a.description < b.description }
}

extension Int64 {
  /// What is beyond the last whole second, never negative.
  fileprivate var secondFraction: Int64 {
    floorDivided(by: Timestamp.nanosecondsPerSecond).remainder
  }
}
