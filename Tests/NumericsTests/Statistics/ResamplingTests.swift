import Numerics
import Testing

@Suite("Bootstrap") struct ResamplingTests {
  private static let schemes: [Resampling] = [
    .independent, .movingBlock(length: 6), .circularBlock(length: 6), .stationary(meanLength: 6),
  ]

  @Test("blocks keep neighbours together and stay in the sample", arguments: schemes)
  func blocks(_ scheme: Resampling) throws {
    var random = RandomStream(seed: 5, purpose: "blocks")
    var rows = [Int](repeating: -1, count: 60_000)
    var span = rows.mutableSpan
    try scheme.draw(into: &span, of: 50, from: &random)
    #expect(rows.allSatisfy { (0..<50).contains($0) })
    #expect(Set(rows).count == 50)
    let neighbours = zip(rows, rows.dropFirst()).count { ($0 + 1) % 50 == $1 }
    let share = Double(neighbours) / Double(rows.count)
    // A block of six has five that follow; a new block follows by chance once in fifty.
    let expected = scheme == .independent ? 0.02 : 5.0 / 6 + 0.02 / 6
    #expect((share - expected).magnitude < 0.01)
    if case .movingBlock = scheme {
      #expect(!zip(rows, rows.dropFirst()).enumerated().contains { $0 % 6 != 5 && $1.0 > $1.1 })
    }
  }

  @Test("replicates depend on neither their number nor the threads", arguments: schemes)
  func repeatable(_ scheme: Resampling) throws {
    let values = (0..<40).map { Double($0 * $0) }
    let random = RandomStream(seed: 6, purpose: "replicates")
    func means(_ times: Int, _ threads: Int) throws -> [Double] {
      try scheme.replicates(times, of: 40, from: random, on: Pool(threads: threads)) { rows in
        rows.indices.reduce(0) { $0 + values[rows[$1]] } / 40
      }
    }
    let one = try means(200, 1)
    #expect(try means(200, 2) == one)
    #expect(try means(50, 2) == Array(one.prefix(50)))
    let interval = try Resampling.interval(one, share: 0.9)
    #expect(interval.contains(values.reduce(0, +) / 40))
  }

  @Test("the mean's error is the sample's deviation over the root of its length") func spread()
    throws
  {
    var random = RandomStream(seed: 7, purpose: "values")
    let values = (0..<400).map { _ in random.normal() }
    let means = try Resampling.independent.replicates(4000, of: 400, from: random.split("draws")) {
      rows in rows.indices.reduce(0) { $0 + values[rows[$1]] } / 400
    }
    let expected = StreamingMoments(values.span).deviation(degreesTaken: 0) / 20
    #expect(relativeError(StreamingMoments(means.span).deviation(), expected) < 0.05)
  }

  @Test("lengths that fit no sample are refused") func refusals() {
    let random = RandomStream(seed: 8, purpose: "refusals")
    for scheme in [Resampling.movingBlock(length: 0), .circularBlock(length: 11)]
      + [.stationary(meanLength: .nan), .stationary(meanLength: 0.5)]
    {
      #expect(throws: StatisticsError.self) {
        try scheme.replicates(1, of: 10, from: random) { _ in 0 }
      }
    }
    #expect(throws: StatisticsError.self) {
      try Resampling.independent.replicates(1, of: 0, from: random) { _ in 0 }
    }
  }
}
