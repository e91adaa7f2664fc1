/// Which failures are worth another try, and when; a pure value.
public struct RetryPolicy: Sendable, Equatable {
  /// Tries in all, the first included.
  public var attemptsMax: Int
  /// From the first try to the beginning of the last.
  public var timeMax: Duration
  /// What the first pause is about; each further one is twice as long.
  public var firstPause: Duration
  public var pauseMax: Duration
  /// What the first pause is about after a 429, where the server names none.
  public var throttledPause: Duration
  public var statuses: Set<Int>

  public init(
    attemptsMax: Int = 5, timeMax: Duration = .seconds(300), firstPause: Duration = .seconds(1),
    pauseMax: Duration = .seconds(120), throttledPause: Duration = .seconds(60),
    statuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504]
  ) {
    self.attemptsMax = attemptsMax
    self.timeMax = timeMax
    self.firstPause = firstPause
    self.pauseMax = pauseMax
    self.throttledPause = throttledPause
    self.statuses = statuses
  }

  /// What went wrong with a try.
  public enum Failure: Sendable, Equatable {
    case error(HTTPError)
    /// With what the server's `Retry-After` asks for.
    case status(Int, retryAfter: Duration?)
  }

  /// How long to wait before the next try, or `nil` to give up.
  ///
  /// Pauses grow exponentially, and half of each is drawn by chance, so that many who failed together
  /// do not come back together. A server's own word is never undercut.
  ///
  /// - Parameters:
  ///   - attempt: how many tries there were, this failed one included.
  ///   - elapsed: since the first try began.
  public func pause(
    after failure: Failure, attempt: Int, elapsed: Duration,
    drawing generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < attemptsMax, isWorthAnotherTry(failure) else { return nil }
    var first = firstPause
    var asked = Duration.zero
    if case .status(let status, let retryAfter) = failure {
      if status == 429 { first = throttledPause }
      asked = retryAfter ?? .zero
      if retryAfter != nil { first = firstPause }
    }
    var whole = first
    for _ in 1..<max(1, min(attempt, 62)) where whole < pauseMax { whole *= 2 }
    whole = min(whole, max(pauseMax, first))
    let drawn = whole / 2 + whole / 2 * Double.random(in: 0...1, using: &generator)
    let pause = max(drawn, asked)
    return elapsed + pause <= timeMax ? pause : nil
  }

  private func isWorthAnotherTry(_ failure: Failure) -> Bool {
    switch failure {
    case .status(let status, _): statuses.contains(status)
    case .error(let error): error.mayPass
    }
  }
}

extension HTTPError {
  /// Whether the same request may well succeed later.
  public var mayPass: Bool {
    switch self {
    case .cannotResolve, .refused, .timedOut, .truncated, .broken: true
    default: false
    }
  }
}
