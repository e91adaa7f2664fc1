import Numerics
import Testing

/// `Golden/Statistics/distributions.py` wrote the values, by mpmath.
@Suite("Distribution functions against mpmath") struct DistributionFunctionTests {
  /// The parameters, then x, the density, and both tails.
  private let golden: [String: [[Double]]]

  init() throws { golden = try statisticsGolden("distributions", as: [String: [[Double]]].self) }

  private func distribution(
    _ name: String, _ parameters: ArraySlice<Double>
  ) throws -> any ContinuousDistribution {
    let first = parameters.first ?? 0
    let last = parameters.last ?? 0
    switch name {
    case "normal": return NormalDistribution.standard
    case "gamma": return try GammaDistribution(shape: first)
    case "chi_squared": return try ChiSquaredDistribution(freedom: first)
    case "beta": return try BetaDistribution(first, last)
    case "f": return try FDistribution(numerator: first, denominator: last)
    default: return try StudentDistribution(freedom: first)
    }
  }

  private static let names = ["normal", "gamma", "chi_squared", "beta", "f", "student"]

  @Test("densities and both tails agree to 1e-12, far out too", arguments: names)
  func tails(_ name: String) throws {
    let rows = try #require(golden[name])
    for row in rows {
      let distribution = try distribution(name, row[..<(row.count - 4)])
      let (x, expected) = (row[row.count - 4], row.suffix(3))
      let values = [
        distribution.density(x), distribution.cumulative(x), distribution.survival(x),
      ]
      for (value, expected) in zip(values, expected) {
        // What is too small for twelve digits is stored as 0.
        let isRight = expected == 0 ? value < 1e-299 : relativeError(value, expected) < 1e-12
        #expect(isRight, "\(name) \(row): \(value)")
      }
    }
  }

  @Test("the quantile of the lesser tail is the point it belongs to", arguments: names)
  func quantiles(_ name: String) throws {
    let rows = try #require(golden[name])
    for row in rows {
      let distribution = try distribution(name, row[..<(row.count - 4)])
      let (x, density) = (row[row.count - 4], row[row.count - 3])
      let (lower, upper) = (row[row.count - 2], row[row.count - 1])
      let tail = min(lower, upper)
      guard tail > 0 else { continue }
      let value =
        upper < lower ? try distribution.quantile(upper: tail) : try distribution.quantile(tail)
      // The stored tail is rounded, and that moves the point by as much over the density.
      let tolerance = 1e-12 * x.magnitude + tail * 0x1p-51 / density
      #expect((value - x).magnitude <= tolerance, "\(name) \(row): \(value)")
    }
  }

  @Test("so many degrees of freedom that the distribution is all but normal")
  func hugeFreedom() throws {
    // The incomplete beta function of mpmath at 60 digits.
    let million = try StudentDistribution(freedom: 1e6)
    let hundredMillion = try StudentDistribution(freedom: 1e8)
    for (distribution, t, expected) in [
      (million, 0.5, 0.30853759373618569), (million, 1, 0.15865537491678906),
      (million, 5, 2.8669989354453708e-7), (million, 30, 6.0100471168317189e-198),
      (hundredMillion, 0.5, 0.30853753927608897), (hundredMillion, 1, 0.15865525514131067),
      (hundredMillion, 5, 2.866520550633643e-7), (hundredMillion, 30, 4.9166821429416325e-198),
    ] { #expect(relativeError(distribution.survival(t), expected) < 1e-12, "\(distribution) \(t)") }
    for freedom in [1e15, 1e100, 1e150] {
      let student = try StudentDistribution(freedom: freedom)
      let ratio = try FDistribution(numerator: 1, denominator: freedom)
      for t in [0.1, 0.5, 1, 2, 4, 10] {
        let normal = NormalDistribution.standard.survival(t)
        #expect(relativeError(student.survival(t), normal) < 1e-11, "\(freedom) \(t)")
        #expect(relativeError(ratio.survival(t * t), 2 * normal) < 1e-11, "\(freedom) \(t)")
      }
      #expect(relativeError(try student.quantile(0.975), 1.959963984540054) < 1e-11)
    }
  }

  @Test("shapes of millions agree to 1e-12, and those of a billion to 5e-12")
  func largeShapes() throws {
    // The density's integral by mpmath at 50 digits.
    for (a, b, x, expected, tolerance) in [
      (1e7, 2e7, 0.33343333333333336, 0.122642116192092325, 1e-12),
      (1e8, 1e8, 0.50003, 0.198071954658898413, 1e-12),
      (1e8, 1e8, 0.5002, 7.70861910904133823e-9, 1e-12),
      (0.5, 1e9, 1e-9, 0.157299206998396681, 1e-12),
      // The continued fraction takes tens of thousands of steps here, and each of them rounds.
      (1e9, 1e9, 0.50001, 0.185546684768417003, 5e-12),
      (1e9, 1e9, 0.50005, 3.87210802315808087e-6, 5e-12),
    ] {
      let value = try BetaDistribution(a, b).survival(x)
      #expect(relativeError(value, expected) < tolerance, "\(a) \(b) \(x): \(value)")
    }
    for (shape, x, expected) in [
      (1e8, 1e8 + 2e4, 0.022755530774855203), (1e8, 1e8 - 3e4, 0.99865128355083845),
      (1e10, 1e10 + 5e5, 2.8677052963671239e-7), (1e12, 1e12 + 2e6, 0.022750185939118725),
    ] {
      let value = try GammaDistribution(shape: shape).survival(x)
      #expect(relativeError(value, expected) < 1e-12, "\(shape) \(x): \(value)")
    }
  }

  @Test("chances of 0 and 1 have the ends of the range", arguments: names)
  func ends(_ name: String) throws {
    let distribution = try distribution(name, [2, 3])
    let least = try distribution.quantile(0)
    let greatest = try distribution.quantile(upper: 0)
    #expect(least == (["normal", "student"].contains(name) ? -.infinity : 0))
    #expect(greatest == (name == "beta" ? 1 : .infinity))
    #expect(try distribution.quantile(1) == greatest)
    #expect(distribution.cumulative(.infinity) == 1)
    #expect(distribution.survival(.infinity) == 0)
    #expect(distribution.cumulative(.nan).isNaN && distribution.survival(.nan).isNaN)
  }

  @Test("parameters and chances that make no sense are refused by name", arguments: names)
  func refusals(_ name: String) throws {
    let distribution = try distribution(name, [2, 3])
    for chance in [-0.1, 1.5, .nan] {
      #expect(throws: StatisticsError.self) { try distribution.quantile(chance) }
      #expect(throws: StatisticsError.self) { try distribution.quantile(upper: chance) }
    }
    for bad in [0, -1, Double.nan, .infinity, 1e-151, 1e151] where name != "normal" {
      #expect(throws: StatisticsError.self) { try self.distribution(name, [bad, 1]) }
    }
    #expect(throws: StatisticsError.self) { try NormalDistribution(mean: 0, deviation: -1) }
    #expect(throws: StatisticsError.self) { try NormalDistribution(mean: .nan, deviation: 1) }
  }
}
