import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Scalers")
struct ScalerTests {
  private static func fitted(
    _ scaling: Scaling, _ values: [Double], rows: Range<Int>? = nil
  ) throws -> FittedScaler {
    try FittedScaler(
      scaling, columns: [("x", Column(values))], knownAt: Column(values.indices.map(Int64.init)),
      rows: Array(rows ?? values.indices))
  }

  private static func scaled(_ scaler: FittedScaler, _ values: [Double]) throws -> [Double] {
    Array(try scaler.scaled("x", Column(values)))
  }

  @Test("standard and robust scales follow their definitions")
  func linear() throws {
    let values = [2.0, 4, 4, 4, 5, 5, 7, 9, .nan]
    // Mean 5, deviation of the sample √(32/7); median 4.5, quartiles 4 and 5.5.
    let standard = try Self.scaled(Self.fitted(.standard, values), [5, 9, .nan])
    #expect(standard[0] == 0 && abs(standard[1] - 4 / (32.0 / 7).squareRoot()) < 1e-15)
    #expect(standard[2].isNaN)
    let robust = try Self.scaled(Self.fitted(.robust, values), [4.5, 6])
    #expect(robust == [0, 1])
  }

  @Test("rows outside the training part do not count")
  func onlyTheRowsGiven() throws {
    let clean = try Self.fitted(.standard, [1, 2, 3, 4], rows: 0..<4)
    let spoilt = try Self.fitted(.standard, [1, 2, 3, 4, 1e9, .infinity], rows: 0..<4)
    #expect(clean.scales == spoilt.scales)
  }

  @Test("places run from 0 to 1 in the order of the values, and ties share the middle")
  func places() throws {
    var random = SeededGenerator(seed: 3)
    let values = (0..<5000).map { _ in Double.random(in: -3...3, using: &random) }
    let scaler = try Self.fitted(.quantile, values)
    let sorted = values.sorted()
    let places = try Self.scaled(scaler, sorted)
    #expect(places.first == 0 && places.last == 1)
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
    for (rank, place) in places.enumerated() {
      #expect(abs(place - Double(rank) / 4999) < 1.0 / 1000)
    }
    #expect(try Self.scaled(scaler, [-100, 100]) == [0, 1])
    let tied = try Self.fitted(.quantile, [0, 1, 1, 1, 2])
    #expect(abs(try Self.scaled(tied, [1])[0] - 0.5) < 1e-3)
  }

  @Test("the rank-Gaussian scale is the normal quantile of the place, and finite at the ends")
  func gaussian() throws {
    var random = SeededGenerator(seed: 4)
    let values = (0..<2001).map { _ in exp(Double.random(in: -5...5, using: &random)) }
    let places = try Self.scaled(Self.fitted(.quantile, values), values)
    let normal = try Self.scaled(Self.fitted(.rankGaussian, values), values)
    for (place, value) in zip(places, normal) where place > 1e-6 && place < 1 - 1e-6 {
      let expected = try NormalDistribution.standard.quantile(place)
      #expect(abs(value - expected) < 1e-12)
    }
    #expect(normal.allSatisfy { $0.isFinite })
    let ends = try Self.scaled(Self.fitted(.rankGaussian, values), [.infinity, -.infinity])
    #expect(ends.allSatisfy { abs($0) > 5 && abs($0) < 5.3 })
  }

  @Test(
    "constant and empty columns are named, and give zeros and missing values",
    arguments: [Scaling.standard, .robust])
  func uninformative(scaling: Scaling) throws {
    let constant = try Self.fitted(scaling, [7, 7, 7])
    #expect(constant.uninformative == ["x"])
    #expect(try Self.scaled(constant, [7, 8]) == [0, 1])
    let empty = try Self.fitted(scaling, [.nan, .nan])
    #expect(empty.uninformative == ["x"])
    #expect(try Self.scaled(empty, [1])[0].isNaN)
    #expect(try Self.fitted(scaling, [1, 2, 3]).uninformative == [])
    #expect(try Self.fitted(.quantile, [5, 5]).uninformative == ["x"])
  }

  @Test("a scaler that saw a part it must not know is refused, and one that did not is not")
  func unseen() throws {
    let scaler = try Self.fitted(.standard, [1, 2, 3, 4, 5], rows: 1..<4)
    func instant(_ time: Int64) -> Timestamp { Timestamp(nanoseconds: time) }
    try scaler.check(unseen: "test", instant(4)...instant(9))
    try scaler.check(unseen: "test", instant(-9)...instant(0))
    for range in [instant(3)...instant(9), instant(0)...instant(1), instant(2)...instant(2)] {
      #expect(throws: ScalingError.self) { try scaler.check(unseen: "validation", range) }
    }
    let error = ScalingError.sawTheFuture(
      part: "test", fitted: instant(0)...instant(3), range: instant(3)...instant(9))
    #expect(error.diagnosis.exitCode == .refused)
  }

  @Test("no rows, infinities and unknown columns are refused by name")
  func refusals() throws {
    #expect(throws: ScalingError.noRows) { try Self.fitted(.robust, [1, 2], rows: 0..<0) }
    #expect(throws: ScalingError.infinite(column: "x")) {
      try Self.fitted(.robust, [1, .infinity])
    }
    let scaler = try Self.fitted(.standard, [1, 2])
    #expect(throws: ScalingError.unknownColumn("y", known: ["x"])) {
      try scaler.scaled("y", Column([1]))
    }
    for error in [
      ScalingError.noRows, .infinite(column: "x"), .unknownColumn("y", known: ["x"]),
      .statistics(column: "x", "odd"),
    ] {
      #expect(!error.diagnosis.remedy.isEmpty)
    }
  }

  @Test("a running scale equals the scale of what was seen so far, and stops when frozen")
  func running() {
    var random = SeededGenerator(seed: 8)
    var scale = RunningScale(clip: 3)
    var seen: [Double] = []
    for _ in 0..<500 {
      let value = Double.random(in: -2...5, using: &random)
      seen.append(value)
      let found = scale.scaled(value)
      let mean = seen.reduce(0, +) / Double(seen.count)
      let variance = seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seen.count)
      let expected = seen.count < 2 ? 0 : (value - mean) / variance.squareRoot()
      #expect(abs(found - min(max(expected, -3), 3)) < 1e-9)
    }
    scale.freeze()
    let before = scale.moments.count
    #expect(scale.scaled(1e9) == 3 && scale.moments.count == before)
    #expect(scale.scaled(.nan).isNaN)
  }
}
