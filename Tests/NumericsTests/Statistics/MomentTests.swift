import Numerics
import Testing

@Suite("Moments and covariances against 700 digits") struct MomentTests {
  private let golden: StatisticsSamples

  init() throws { golden = try StatisticsSamples.load() }

  private func figures(_ moments: StreamingMoments) -> [Double] {
    [moments.mean, moments.variance(), moments.skewness, moments.excessKurtosis]
  }

  @Test("one by one, merged from parts and by threads they agree to 1e-12, ill-conditioned or not")
  func moments() throws {
    #expect(golden.moments.count == 8)
    for (name, sample) in golden.moments {
      let values = sample.values
      var streaming = StreamingMoments()
      for value in values { streaming.add(value) }
      var merged = StreamingMoments()
      for start in stride(from: 0, to: values.count, by: 7) {
        merged.merge(StreamingMoments(values[start..<min(start + 7, values.count)].span))
      }
      let threaded = StreamingMoments(values.span, on: .shared)
      for moments in [streaming, merged, threaded] {
        #expect(moments.count == values.count)
        #expect(
          greatestRelativeError(figures(moments), sample.expected) < 1e-12,
          "\(name): \(figures(moments)), not \(sample.expected)")
      }
    }
  }

  @Test("many numbers far from zero, by threads as one by one") func many() throws {
    var random = RandomStream(seed: 1, purpose: "moments")
    let values = (0..<100_000).map { _ in 1e9 + random.exponential() * 1e-3 }
    let batch = StreamingMoments(values.span, on: Pool(threads: 3))
    var streaming = StreamingMoments()
    for value in values { streaming.add(value) }
    #expect(greatestRelativeError(figures(batch), figures(streaming)) < 1e-12)
    #expect((streaming.skewness - 2).magnitude < 0.2)
  }

  @Test("covariance and correlation, one by one and merged") func covariances() throws {
    for sample in golden.covariances {
      let whole = try StreamingCovariance(sample.first.span, sample.second.span)
      var merged = StreamingCovariance()
      for start in stride(from: 0, to: sample.first.count, by: 11) {
        let range = start..<min(start + 11, sample.first.count)
        merged.merge(
          try StreamingCovariance(sample.first[range].span, sample.second[range].span))
      }
      for sums in [whole, merged] {
        let values = [sums.covariance(), sums.correlation]
        #expect(greatestRelativeError(values, sample.expected) < 1e-12, "\(values)")
      }
    }
  }

  @Test("NaN and infinities go through, and nothing has no mean") func nonFinite() {
    #expect(StreamingMoments().mean.isNaN)
    #expect(StreamingMoments().variance().isNaN)
    #expect(StreamingMoments([1.0].span).variance().isNaN)
    #expect(StreamingMoments([1.0].span).mean == 1)
    #expect(StreamingMoments([1, .nan, 2].span).mean.isNaN)
    #expect(StreamingMoments([1, .infinity].span).mean == .infinity)
    #expect(StreamingMoments([1, .infinity].span).variance().isNaN)
    #expect(StreamingMoments([-.infinity, .infinity].span).mean.isNaN)
    let same = StreamingMoments([0.1, 0.1, 0.1].span)
    #expect(same.mean == 0.1 && same.variance() == 0 && same.skewness.isNaN)
    var pair = StreamingCovariance()
    pair.add(1, .nan)
    pair.add(2, 3)
    #expect(pair.covariance().isNaN && pair.correlation.isNaN)
  }
}
