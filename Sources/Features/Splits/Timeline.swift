import Runtime

/// The labelled samples in the order of time, grouped by the instant they became known: bars of many
/// symbols that close together always fall into the same part.
struct Timeline {
  let times: SampleTimes
  /// Distinct instants, ascending, and the samples of each.
  let instants: [Int64]
  private let samples: [[Int]]

  init(_ times: SampleTimes) {
    self.times = times
    var byInstant: [Int64: [Int]] = [:]
    for sample in 0..<times.count where times.isSettled(sample) {
      byInstant[times.knownAt[sample], default: []].append(sample)
    }
    instants = byInstant.keys.sorted()
    samples = instants.map { byInstant[$0] ?? [] }
  }

  var count: Int { instants.count }

  func samples(in range: Range<Int>) -> [Int] {
    samples[range].flatMap { $0 }.sorted()
  }

  /// From the first instant of a stretch to when the last of its labels was settled.
  func span(of range: Range<Int>) -> ClosedRange<Int64> {
    let last =
      samples[range].joined().map { times.settledAt[$0] }.max() ?? instants[range.lowerBound]
    return instants[range.lowerBound]...last
  }

  /// The candidates whose labels live clear of every span: a label lives after its sample is known
  /// and until it is settled, and must have ended, or not begun, at least the embargo away.
  func purge(
    _ candidates: [Int], clearOf spans: [ClosedRange<Int64>], embargo: Int64
  ) -> (kept: [Int], purged: Int) {
    let kept = candidates.filter { sample in
      spans.allSatisfy { span in
        Self.passes(embargo, from: times.settledAt[sample], to: span.lowerBound)
          || Self.passes(embargo, from: span.upperBound, to: times.knownAt[sample])
      }
    }
    return (kept, candidates.count - kept.count)
  }

  private static func passes(_ embargo: Int64, from earlier: Int64, to later: Int64) -> Bool {
    let (difference, overflow) = later.subtractingReportingOverflow(earlier)
    return overflow ? later > earlier : difference >= embargo
  }

  static func nanoseconds(_ embargo: Duration) throws(SplitError) -> Int64 {
    guard let nanoseconds = embargo.nanoseconds, nanoseconds >= 0 else {
      throw .setting("embargo", found: "\(embargo)", expected: "a length of time of at least zero")
    }
    return nanoseconds
  }
}
