import Foundation
import Numerics
import Testing

/// Seeds are fixed, so a test here passes always or never; limits are those that a right generator
/// misses once in about 10⁵ seeds.
@Suite("Distributions")
struct DistributionTests {
  private static let count = 200_000

  private func sample(_ draw: (inout RandomStream) throws -> Double) rethrows -> [Double] {
    var stream = RandomStream(seed: 2026, purpose: "distributions")
    return try (0..<Self.count).map { _ in try draw(&stream) }
  }

  /// √n times the largest distance of the sample from the distribution (Kolmogorov).
  private func distance(_ sample: [Double], _ distribution: (Double) -> Double) -> Double {
    let sorted = sample.sorted()
    let n = Double(sorted.count)
    var largest = 0.0
    for (rank, value) in sorted.enumerated() {
      let p = distribution(value)
      largest = max(largest, p - Double(rank) / n, Double(rank + 1) / n - p)
    }
    return largest * n.squareRoot()
  }

  private func expectMoments(_ sample: [Double], mean: Double, variance: Double) {
    let n = Double(sample.count)
    let gotMean = sample.reduce(0, +) / n
    let gotVariance = sample.reduce(0) { $0 + ($1 - gotMean) * ($1 - gotMean) } / n
    #expect(abs(gotMean - mean) < 4.5 * (variance / n).squareRoot())
    #expect(abs(gotVariance / variance - 1) < 0.03)
  }

  @Test("uniform, normal and exponential numbers follow their distributions")
  func continuous() {
    #expect(distance(sample { $0.uniform() }) { $0 } < 2.3)
    let normal = { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    #expect(distance(sample { $0.normal() }, normal) < 2.3)
    #expect(distance(sample { $0.exponential() }) { 1 - exp(-$0) } < 2.3)
  }

  @Test("bulk normal numbers follow theirs, in the tails too")
  func bulkNormals() {
    var stream = RandomStream(seed: 7, purpose: "bulk")
    let count = 1 << 22
    let numbers = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      stream.fillNormal(buffer)
      initialized = count
    }
    let sample = numbers.map(Double.init)
    #expect(distance(Array(sample[..<Self.count])) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 2.3)
    expectMoments(sample, mean: 0, variance: 1)
    for limit in [3.0, 4.0, 4.5] {
      let expected = Double(count) * erfc(limit / 2.0.squareRoot())
      let got = Double(sample.filter { abs($0) > limit }.count)
      #expect(abs(got - expected) < 4.5 * expected.squareRoot() + 1)
    }
    // Pairs made together must not move together.
    let products = stride(from: 0, to: count, by: 64).flatMap { group in
      (0..<16).map { sample[group + $0] * sample[group + 16 + $0] }
    }
    expectMoments(products, mean: 0, variance: 1)
  }

  @Test("gamma and beta numbers have their moments, for tiny shapes too")
  func gammaAndBeta() throws {
    for shape in [0.1, 0.5, 1, 2.5, 100] {
      expectMoments(try sample { try $0.gamma(shape: shape) }, mean: shape, variance: shape)
    }
    for (a, b) in [(0.5, 0.5), (2.0, 5.0), (0.1, 3.0), (50, 1)] {
      let mean = a / (a + b)
      expectMoments(
        try sample { try $0.beta(a, b) }, mean: mean,
        variance: mean * (1 - mean) / (a + b + 1))
    }
    let tiny = try sample { try $0.beta(1e-4, 1e-4) }
    #expect(tiny.allSatisfy { (0...1).contains($0) })
    expectMoments(tiny, mean: 0.5, variance: 0.25 / 1.0002)
  }

  @Test("gamma and beta numbers follow their distributions, for shapes below and above 1")
  func gammaAndBetaDistances() throws {
    // Moments alone would not tell one shape of a curve from another.
    let few = 20_000
    for shape in [0.3, 0.9, 2.5, 40] {
      let gamma = try GammaDistribution(shape: shape)
      let drawn = try sample { try $0.gamma(shape: shape) }
      #expect(distance(Array(drawn[..<few]), gamma.cumulative) < 2.3, "gamma \(shape)")
    }
    for (a, b) in [(0.4, 0.7), (2, 5), (30, 0.8)] as [(Double, Double)] {
      let beta = try BetaDistribution(a, b)
      let drawn = try sample { try $0.beta(a, b) }
      #expect(distance(Array(drawn[..<few]), beta.cumulative) < 2.3, "beta \(a), \(b)")
      // The first share of a Dirichlet point is a beta number.
      let shares = try sample { try $0.dirichlet([a, 0.5 * b, 0.5 * b])[0] }
      #expect(distance(Array(shares[..<few]), beta.cumulative) < 2.3, "Dirichlet \(a), \(b)")
    }
  }

  @Test("the least shapes give numbers, and what lies below is refused")
  func leastShapes() throws {
    var stream = RandomStream(seed: 3, purpose: "least shapes")
    for _ in 0..<100 {
      #expect(try stream.gamma(shape: 1e-300) >= 0)
      #expect(try (0...1).contains(stream.beta(1e-300, 1e-300)))
      #expect(try stream.dirichlet([1e-300, 1e-300]).allSatisfy { (0...1).contains($0) })
    }
    let less = 1e-300.nextDown
    #expect(throws: RandomError.shape(less)) { try stream.beta(less, less) }
  }

  @Test("gamma of shape 1 is exponential")
  func gammaIsExponential() throws {
    #expect(distance(try sample { try $0.gamma(shape: 1) }) { 1 - exp(-$0) } < 2.3)
  }

  @Test("Dirichlet points lie on the simplex and have their means")
  func dirichlet() throws {
    var stream = RandomStream(seed: 4, purpose: "dirichlet")
    var sums = [0.0, 0, 0]
    for _ in 0..<20_000 {
      let point = try stream.dirichlet([0.2, 1, 2.8])
      #expect(abs(point.reduce(0, +) - 1) < 1e-12)
      for i in 0..<3 { sums[i] += point[i] }
    }
    for (sum, mean) in zip(sums, [0.05, 0.25, 0.7]) {
      #expect(abs(sum / 20_000 - mean) < 4.5 * (mean * (1 - mean) / 5 / 20_000).squareRoot())
    }
  }

  @Test("a drawn category follows its weights, one by one and through a table")
  func categories() throws {
    let weights = [0, 1, 5, 0, 4.0]
    let table = try WeightTable(weights)
    for draw in [
      { (s: inout RandomStream) throws in try s.categorical(weights) },
      { (s: inout RandomStream) throws in table.draw(from: &s) },
    ] {
      var stream = RandomStream(seed: 6, purpose: "categories")
      var counts = [Int](repeating: 0, count: 5)
      for _ in 0..<100_000 { counts[try draw(&stream)] += 1 }
      #expect(counts[0] == 0 && counts[3] == 0)
      for i in [1, 2, 4] {
        let p = weights[i] / 10
        #expect(
          abs(Double(counts[i]) - 100_000 * p) < 4.5 * (100_000 * p * (1 - p)).squareRoot())
      }
    }
  }

  @Test("parameters that describe no distribution are refused, with what was found")
  func refused() {
    var stream = RandomStream(seed: 1, purpose: "refused")
    #expect(throws: RandomError.shape(0)) { try stream.gamma(shape: 0) }
    #expect(throws: RandomError.shape(-1)) { try stream.beta(1, -1) }
    #expect(throws: RandomError.shape(.infinity)) { try stream.gamma(shape: .infinity) }
    #expect(throws: RandomError.self) { try stream.gamma(shape: .nan) }
    #expect(throws: RandomError.noWeights) { try stream.categorical([]) }
    #expect(throws: RandomError.noWeights) { try stream.dirichlet([]) }
    #expect(throws: RandomError.weight(-1, index: 1)) { try stream.categorical([1, -1]) }
    #expect(throws: RandomError.totalWeight(0)) { try WeightTable([0, 0]) }
    #expect(throws: RandomError.totalWeight(.infinity)) {
      try WeightTable([.greatestFiniteMagnitude, .greatestFiniteMagnitude])
    }
  }
}
