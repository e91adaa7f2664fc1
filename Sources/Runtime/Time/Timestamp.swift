/// An instant, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Reaches from 1677 to 2262; leap seconds are not counted, as in POSIX.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  public init(seconds: Int64) { self.nanoseconds = seconds * Self.nanosecondsPerSecond }

  public static let nanosecondsPerSecond: Int64 = 1_000_000_000
  public static let nanosecondsPerDay: Int64 = 86_400 * nanosecondsPerSecond

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
}
