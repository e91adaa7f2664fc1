import Foundation
import Numerics

/// Draws what assets may return together and values a portfolio in each case.
///
/// Scenarios are made in blocks that stay in the near cache: normal numbers, times the factor of the
/// covariance, times the weights. A block's numbers are a part of the stream of their own, so results
/// are the same on any number of threads.
public struct MonteCarlo: Sendable {
  /// How many scenarios a block has: with a hundred assets, its numbers are 200 kB.
  private static let blockRows = 512

  public let means: [Double]
  /// The covariance's Cholesky factor, transposed, so that rows of normal numbers are multiplied by it.
  private let factor: Matrix<Float>

  public init(means: [Double], covariance: Matrix<Double>) throws(RiskError) {
    try TailRisk.check(means, means, covariance)
    self.means = means
    do {
      let lower = try Cholesky(covariance).lower
      factor = Matrix<Float>(rows: lower.rows, columns: lower.columns) { row, column in
        row <= column ? Float(lower[column, row]) : 0
      }
    } catch { throw .linearAlgebra(error) }
  }

  /// What the portfolio returns in each scenario.
  public func portfolioReturns(
    weights: [Double], scenarios: Int, seed: UInt64, on pool: Pool = .shared
  ) throws(RiskError) -> [Float] {
    guard weights.count == means.count else {
      throw .sizes(weights: weights.count, means: means.count, covariance: factor.shape)
    }
    guard scenarios > 0, weights.allSatisfy(\.isFinite) else {
      throw .parameter("scenarios", "\(scenarios)", expected: "at least 1, of finite weights")
    }
    let count = weights.count
    let mean = Float(zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 })
    let shares = weights.map(Float.init)
    let random = RandomStream(seed: seed, purpose: "monte carlo scenarios")
    // Missing until they are made, so that none is taken for a return of nothing.
    var results = [Float](repeating: .nan, count: scenarios)
    let blocks = (scenarios + Self.blockRows - 1) / Self.blockRows
    results.withUnsafeMutableBufferPointer { results in
      // Each block writes only its own results.
      nonisolated(unsafe) let results = results
      pool.forEachChunk(of: blocks, minimumChunk: 1) { chunk in
        var normals = Matrix<Float>(rows: Self.blockRows, columns: count)
        var moves = Matrix<Float>(rows: Self.blockRows, columns: count)
        for block in chunk {
          var stream = random.split(block)
          normals.withMutableView { view in
            stream.fillNormal(
              UnsafeMutableBufferPointer(start: view.start, count: Self.blockRows * count))
          }
          do throws(LinearAlgebraError) {
            try normals.withView { (normals) throws(LinearAlgebraError) in
              try factor.withView { (factor) throws(LinearAlgebraError) in
                try moves.withMutableView { (moves) throws(LinearAlgebraError) in
                  try LinearAlgebra.multiply(normals, factor, into: moves, on: pool)
                }
              }
            }
          } catch {
            // Shapes agree, and the library was opened for the factor.
            return
          }
          let first = block * Self.blockRows
          moves.withView { moves in
            for row in 0..<min(Self.blockRows, scenarios - first) {
              results[first + row] =
                mean + Self.product(moves.start + row * moves.stride, shares)
            }
          }
        }
      }
    }
    return results
  }

  public func tailRisk(
    weights: [Double], scenarios: Int = 100_000, level: Double = 0.95, seed: UInt64,
    on pool: Pool = .shared
  ) throws(RiskError) -> TailRisk {
    let returns = try portfolioReturns(
      weights: weights, scenarios: scenarios, seed: seed, on: pool)
    return try .historical(returns: returns.map(Double.init), level: level)
  }

  private static func product(_ values: UnsafePointer<Float>, _ shares: [Float]) -> Float {
    shares.withUnsafeBufferPointer { shares in
      guard let base = shares.baseAddress else { return 0 }
      var sum = SIMD16<Float>.zero
      let whole = shares.count & ~15
      for start in stride(from: 0, to: whole, by: 16) {
        let a = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<Float>.self)
        let b = UnsafeRawPointer(base + start).loadUnaligned(as: SIMD16<Float>.self)
        sum.addProduct(a, b)
      }
      var total = sum.sum()
      for index in whole..<shares.count { total += values[index] * shares[index] }
      return total
    }
  }
}
