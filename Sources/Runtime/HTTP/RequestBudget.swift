import Glibc

/// How many requests may be sent to a service, counted on disk for all processes of this machine.
///
/// A token bucket, kept as the instant at which it would be full again, so that the file holds one
/// number. It refills so that even after a full burst no `window` of time sees more than `limit`.
/// A token is spent on disk before the request is sent; the lock goes away with whoever holds it.
public struct RequestBudget: Sendable {
  public let path: String
  /// Requests in any stretch of time as long as `window`.
  public let limit: Int
  public let window: Duration
  /// How many requests may follow each other at once.
  public let burst: Int

  public enum Answer: Equatable, Sendable {
    /// The request may be sent; so many more could follow at once.
    case granted(left: Int)
    /// Nothing was spent: ask again after that long.
    case wait(Duration)
  }

  public init(path: String, limit: Int, window: Duration = .seconds(3600), burst: Int) {
    precondition(burst > 0 && burst < limit, "a burst is a part of what a window allows")
    self.path = path
    self.limit = limit
    self.window = window
    self.burst = burst
  }

  private var nanosecondsPerToken: Int64 {
    Int64(window / .nanoseconds(1)) / Int64(limit - burst) + 1
  }
  private var nanosecondsOfBurst: Int64 { nanosecondsPerToken * Int64(burst) }

  /// Takes one request out of the budget, or says how long to wait.
  public func take(at now: Timestamp) throws(FileError) -> Answer {
    let file = try open()
    let fullAt = try fullAt(file, now)
    let next = max(fullAt, now.nanoseconds) + nanosecondsPerToken
    let tooEarly = next - nanosecondsOfBurst - now.nanoseconds
    if tooEarly > 0 { return .wait(.nanoseconds(tooEarly)) }
    try file.overwrite(Self.record(next))
    return .granted(left: tokens(fullAt: next, now))
  }

  /// How many requests could be sent at once.
  public func left(at now: Timestamp) throws(FileError) -> Int {
    let file = try open()
    return tokens(fullAt: try fullAt(file, now), now)
  }

  private func tokens(fullAt: Int64, _ now: Timestamp) -> Int {
    let missing = max(0, fullAt - now.nanoseconds)
    return Int((nanosecondsOfBurst - min(missing, nanosecondsOfBurst)) / nanosecondsPerToken)
  }

  private func open() throws(FileError) -> FileDescriptor {
    let file = try FileDescriptor(path: path, flags: O_RDWR | O_CREAT, mode: 0o600)
    try file.lock()
    return file
  }

  /// When the bucket is full. What cannot be, because the clock went back or the file was damaged,
  /// counts as an empty bucket: it is never too many requests that follow from it.
  private func fullAt(_ file: borrowing FileDescriptor, _ now: Timestamp) throws(FileError) -> Int64
  {
    let bytes = try SmallFile.read(file, bytesMax: 4096)
    if bytes.isEmpty { return now.nanoseconds }
    let latest = now.nanoseconds + nanosecondsOfBurst
    if let recorded = Self.instant(bytes), recorded <= latest { return recorded }
    // Written down, or the bucket would be found empty again at every later look.
    try file.overwrite(Self.record(latest))
    return latest
  }

  private static let title = "martinet budget 1 "
  private static let digits = 20

  /// Always equally long, so that a new one covers the old one whole.
  private static func record(_ instant: Int64) -> [UInt8] {
    var text = title
    text.append(max(0, instant), digits: digits)
    return Array((text + "\n").utf8)
  }

  private static func instant(_ bytes: [UInt8]) -> Int64? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(title), text.hasSuffix("\n"), bytes.count == title.utf8.count + digits + 1
    else { return nil }
    return Int64(text.dropFirst(title.count).dropLast())
  }
}
