import Runtime
import TestKit
import Testing

@Suite("Retries") struct RetryTests {
  private let policy = RetryPolicy(attemptsMax: 6, timeMax: .seconds(600))
  private let broken = HTTPError.broken(place: "x", reason: "reset")

  private func pause(
    _ failure: RetryPolicy.Failure, attempt: Int, elapsed: Duration = .zero, seed: UInt64 = 1
  ) -> Duration? {
    var generator = SeededGenerator(seed: seed)
    return policy.pause(
      after: failure, attempt: attempt, elapsed: elapsed, drawing: &generator)
  }

  @Test("pauses double, with half of each drawn by chance, up to the longest") func growth() {
    for seed in 0..<200 as Range<UInt64> {
      for (attempt, whole) in [(1, 1.0), (2, 2), (3, 4), (4, 8), (5, 16)] {
        let drawn = pause(.error(broken), attempt: attempt, seed: seed) ?? .zero
        #expect(drawn >= .seconds(whole / 2) && drawn <= .seconds(whole))
      }
    }
    let some = Set((0..<50 as Range<UInt64>).map { pause(.error(broken), attempt: 3, seed: $0) })
    #expect(some.count > 40)
    #expect(
      pause(.error(broken), attempt: 3, seed: 5) == pause(.error(broken), attempt: 3, seed: 5))
    var long = policy
    long.attemptsMax = 1000
    var generator = SeededGenerator(seed: 3)
    let capped = long.pause(
      after: .error(broken), attempt: 999, elapsed: .zero, drawing: &generator)
    #expect((capped ?? .zero) <= long.pauseMax)
  }

  @Test("ends with the number of tries, the time, and what no further try can mend") func ends() {
    #expect(pause(.error(broken), attempt: 6) == nil)
    #expect(pause(.error(broken), attempt: 1, elapsed: .seconds(600)) == nil)
    #expect(pause(.status(404, retryAfter: nil), attempt: 1) == nil)
    #expect(pause(.error(.tls(place: "x", reason: "")), attempt: 1) == nil)
    #expect(pause(.error(.tooLarge(place: "x", bytesMax: 1)), attempt: 1) == nil)
    #expect(pause(.error(.cancelled(place: "x")), attempt: 1) == nil)
    #expect(pause(.status(503, retryAfter: nil), attempt: 1) != nil)
  }

  @Test("what the server asks for is never undercut, and never waited for in vain")
  func retryAfter() {
    #expect((pause(.status(429, retryAfter: .seconds(90)), attempt: 1) ?? .zero) == .seconds(90))
    #expect(pause(.status(429, retryAfter: .seconds(3600)), attempt: 1) == nil)
    #expect((pause(.status(429, retryAfter: nil), attempt: 1) ?? .zero) >= .seconds(30))
    #expect((pause(.status(429, retryAfter: .zero), attempt: 1) ?? .zero) <= .seconds(1))
  }

  @Test("Retry-After is read in all of its forms") func forms() throws {
    let now = try Timestamp(parsing: "1994-11-06T08:49:00Z")
    for text in [
      "37", " 37 ", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ] {
      #expect(RetryAfter.pause(text, now: now) == .seconds(37), "\(text)")
    }
    #expect(RetryAfter.pause("Sun, 06 Nov 1994 08:48:00 GMT", now: now) == .zero)
    #expect(RetryAfter.pause("99999999999999999999", now: now) == .seconds(366 * 86_400))
    for text in [
      "", "soon", "-5", "1.5", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
      "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "a b c d e f GMT",
    ] {
      #expect(RetryAfter.pause(text, now: now) == nil, "\(text)")
    }
  }
}
