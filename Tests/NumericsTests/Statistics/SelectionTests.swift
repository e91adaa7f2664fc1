import Foundation
import Numerics
import Testing

@Suite("Quantiles of long samples") struct SelectionTests {
  private static let probabilities = [0, 0.001, 0.25, 0.5, 0.75, 0.99, 1]

  private static func samples(_ count: Int) -> [String: [Double]] {
    var random = RandomStream(seed: 3, purpose: "selection")
    let normals = (0..<count).map { _ in random.normal() }
    return [
      "normal": normals,
      "close": normals.map { 1e6 + ($0 * 100).rounded() / 100 },
      "ties": normals.map { ($0 * 2).rounded() },
      "same": Array(repeating: -7.25, count: count),
      "wide": normals.map { $0 * $0 * $0 * 1e-300 * ($0 > 0 ? 1e300 : 1) },
      "infinite": normals.map { $0 > 1 ? .infinity : $0 < -2 ? -.infinity : $0 },
      "ascending": (0..<count).map(Double.init),
    ]
  }

  @Test(
    "are those of the sorted sample, whatever its values, length and threads",
    arguments: [1, 2, 3, 48, 49, 1000, 32_767, 32_768, 200_001])
  func sorted(_ count: Int) throws {
    for (name, values) in Self.samples(count) {
      let sorted = values.sorted()
      for threads in 1...3 {
        let found = try Quantiles.exact(values, at: Self.probabilities, on: Pool(threads: threads))
        for (probability, value) in zip(Self.probabilities, found) {
          let place = probability * Double(count - 1)
          let lower = sorted[Int(place)]
          let upper = sorted[min(Int(place) + 1, count - 1)]
          #expect(lower <= value && value <= upper, "\(name) \(probability)")
          if place == place.rounded() { #expect(value == lower, "\(name) \(probability)") }
        }
      }
    }
  }

  @Test("NaN of either sign is refused with its index", arguments: [100, 100_000])
  func refusesNaN(_ count: Int) {
    for bad in [Double.nan, -.nan, .signalingNaN] {
      var values = (0..<count).map { Double($0 % 97) }
      values[count - 3] = bad
      values[count - 1] = bad
      #expect(throws: StatisticsError.notANumber(operation: "quantiles", index: count - 3)) {
        try Quantiles.exact(values, at: [0.5])
      }
    }
    #expect(throws: StatisticsError.notANumber(operation: "ranks", index: 1)) {
      try Ranks.averaged([1, .nan])
    }
  }

  @Test("nothing and chances outside of 0 to 1 are refused") func refusals() {
    #expect(throws: StatisticsError.tooFew(operation: "quantiles", count: 0, needed: 1)) {
      try Quantiles.exact([], at: [0.5])
    }
    for bad in [-0.01, 1.01, .nan] {
      #expect(throws: StatisticsError.self) { try Quantiles.exact([1, 2], at: [bad]) }
    }
  }

  @Test("a digest stays within its stated error in rank, whatever the order", arguments: 0..<5)
  func digest(_ order: Int) throws {
    let count = 200_000
    var random = RandomStream(seed: 4, purpose: "digest")
    var values = (0..<count).map { _ in random.exponential() }
    if order == 1 { values.sort() }
    if order == 2 { values.sort(by: >) }
    if order == 3 { values = values.map { ($0 * 4).rounded() } }
    var digest = try QuantileDigest()
    if order == 4 {
      for start in stride(from: 0, to: count, by: 10_000) {
        var part = try QuantileDigest()
        for value in values[start..<start + 10_000] { try part.add(value) }
        digest.merge(part)
      }
    } else {
      for value in values { try digest.add(value) }
    }
    let sorted = values.sorted()
    try expectWithinError(&digest, sorted)
    #expect(try digest.quantile(0) == sorted.first)
    #expect(try digest.quantile(1) == sorted.last)
    #expect(throws: StatisticsError.notANumber(operation: "quantile digest", index: count)) {
      try digest.add(.nan)
    }
  }

  @Test(
    "a digest merged from hundreds of unlike ones, ties among them, is not worse than what is stated",
    arguments: [20.0, 100, 1000])
  func manyMerges(compression: Double) throws {
    var random = RandomStream(seed: 5, purpose: "digest")
    var values: [Double] = []
    var digest = try QuantileDigest(compression: compression)
    for part in 0..<400 {
      // Parts lie apart from each other, over each other, and hold ties.
      let drawn = (0..<250).map { _ in
        let value = random.normal() + Double(part % 7)
        return part % 3 == 0 ? (value * 8).rounded() / 8 : value * (part % 5 == 0 ? 100 : 1)
      }
      var small = try QuantileDigest(compression: compression)
      for value in drawn { try small.add(value) }
      digest.merge(small)
      values += drawn
    }
    try expectWithinError(&digest, values.sorted(), times: 3)
  }

  @Test(
    "no order of heavy tails or of ties is worse than what is stated for the worst one",
    arguments: [20.0, 1000])
  func worstOrder(compression: Double) throws {
    var random = RandomStream(seed: 6, purpose: "digest")
    let normals = (0..<60_000).map { _ in random.normal() }
    for sorted in [normals.map { exp(5 * $0) }, normals.map { ($0 * 8).rounded() / 8 }]
      .map({ $0.sorted() })
    {
      // From both ends inwards, and the other way round.
      let inwards = sorted.indices.map { sorted[$0 % 2 == 0 ? $0 / 2 : sorted.count - 1 - $0 / 2] }
      for values in [inwards, inwards.reversed()] {
        var digest = try QuantileDigest(compression: compression)
        for value in values { try digest.add(value) }
        try expectWithinError(&digest, sorted, times: 3)
        var merged = try QuantileDigest(compression: compression)
        for start in stride(from: 0, to: values.count, by: 250) {
          var part = try QuantileDigest(compression: compression)
          for value in values[start..<start + 250] { try part.add(value) }
          merged.merge(part)
        }
        try expectWithinError(&merged, sorted, times: 3)
      }
    }
  }

  /// Ranks are off by no more than the digest's documentation says.
  private func expectWithinError(
    _ digest: inout QuantileDigest, _ sorted: [Double], times factor: Double = 1
  ) throws {
    let count = Double(sorted.count)
    for share in [0, 0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1] {
      let value = try digest.quantile(share)
      let below = sorted.partitioningIndex { $0 >= value }
      let through = sorted.partitioningIndex { $0 > value }
      let step = Double.pi / digest.compression
      let allowed =
        factor * (2 * step * (share * (1 - share)).squareRoot() + step * step + 1 / count)
      let place = share * count
      let miss = max(0, Double(below) - place, place - Double(through)) / count
      #expect(miss <= allowed, "\(share): \(miss) of \(allowed)")
    }
  }
}

extension Array where Element == Double {
  /// The first index for which the condition holds, where it holds for all after it.
  fileprivate func partitioningIndex(where isAfter: (Double) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
