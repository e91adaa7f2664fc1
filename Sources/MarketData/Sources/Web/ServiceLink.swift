import Numerics
import Runtime

/// The way to a web service: one client, its budget of requests, and what is tried again and when.
public struct ServiceLink: Sendable {
  /// The service's name in errors.
  public let source: String
  public let client: HTTPClient
  public var budget: RequestBudget?
  public var retry: RetryPolicy
  public var time: any TimeSource
  /// Of the pauses before further tries.
  public var seed: UInt64
  public var sleep: @Sendable (Duration) async throws -> Void
  /// Told before each request how many more could follow at once.
  public var watch: @Sendable (Int?) -> Void = { _ in }

  /// So many answers of 429 in a row mean that this machine should keep quiet for a while.
  private static let throttledMax = 3

  public init(
    source: String, client: HTTPClient, budget: RequestBudget?, retry: RetryPolicy = RetryPolicy(),
    time: any TimeSource = SystemTime(), seed: UInt64,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.source = source
    self.client = client
    self.budget = budget
    self.retry = retry
    self.time = time
    self.seed = seed
    self.sleep = sleep
  }

  /// The answer to a request, tried again where that may help; statuses that no further try changes
  /// are handed on as they are.
  ///
  /// - Parameters:
  ///   - request: made anew for each try, counted from 0.
  ///   - outage: what the service says where a status of 200 does not mean that all is well.
  func reply(
    to request: (Int) throws(SourceError) -> HTTPRequest,
    outage: (HTTPClient.Reply) -> String? = { _ in nil }
  ) async throws -> HTTPClient.Reply {
    var generator = RandomStream(seed: seed, purpose: "pauses before further tries")
    let start = time.monotonicNanoseconds
    var throttled = 0
    var attempt = 0
    while true {
      let asked = try request(attempt)
      attempt += 1
      try await spend()
      let failure: RetryPolicy.Failure
      let outcome: SourceError
      do {
        let reply = try await client.fetch(asked)
        let trouble = outage(reply)
        let status = trouble == nil ? reply.head.status : 503
        guard retry.statuses.contains(status) else { return reply }
        throttled = status == 429 ? throttled + 1 : 0
        guard throttled < Self.throttledMax else {
          throw SourceError.rateLimited(source: source, tries: throttled)
        }
        failure = .status(status, retryAfter: asksToWait(reply.head))
        outcome = Self.outcome(source, status, trouble ?? reply.excerpt, tries: attempt)
      } catch let error as HTTPError {
        failure = .error(error)
        outcome = .http(error)
      }
      let elapsed = Duration.nanoseconds(time.monotonicNanoseconds - start)
      guard
        let pause = retry.pause(
          after: failure, attempt: attempt, elapsed: elapsed, drawing: &generator)
      else { throw outcome }
      try await sleep(pause)
    }
  }

  private static func outcome(
    _ source: String, _ status: Int, _ says: String, tries: Int
  ) -> SourceError {
    status == 429
      ? .rateLimited(source: source, tries: tries)
      : .outage(source: source, says: says.isEmpty ? "status \(status)" : says)
  }

  /// `Retry-After`, or the instant at which a used-up allowance is renewed.
  private func asksToWait(_ head: HTTPHead) -> Duration? {
    if let text = head["retry-after"] { return RetryAfter.pause(text, now: time.now) }
    guard head["x-ratelimit-remaining"] == "0",
      let reset = head["x-ratelimit-reset"].flatMap({ Int64($0) }),
      (0...4_000_000_000).contains(reset)
    else { return nil }
    return max(.zero, Timestamp(seconds: reset).duration(since: time.now))
  }

  /// Takes one request out of the budget, and waits for it where it is used up.
  private func spend() async throws {
    guard let budget else { return watch(nil) }
    while true {
      let answer: RequestBudget.Answer
      do {
        answer = try budget.take(at: time.now)
      } catch {
        throw SourceError.budget(error)
      }
      switch answer {
      case .granted(let left): return watch(left)
      case .wait(let pause): try await sleep(pause)
      }
    }
  }
}
