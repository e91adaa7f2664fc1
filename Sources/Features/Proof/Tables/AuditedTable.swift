import Foundation
import Market
import Numerics

/// The columns of one series under audit, in the order of time.
struct AuditedTable {
  let names: [String]
  let columns: [[Double]]
  let price: [Double]
  /// Log returns of the price, or its changes where it is not positive throughout.
  let returns: [Double]
  /// What of the returns their own past does not tell.
  let news: RankScores
  /// The rows that a verdict needs at least.
  static let leastRows = 100

  /// `nil` where there are too few prices, or they never change.
  init?(names: [String], columns: [[Double]], price: [Double]) {
    self.names = names
    self.columns = columns
    self.price = price
    let isPositive = price.allSatisfy { !($0 <= 0) }
    returns = price.indices.map { row in
      guard row > 0 else { return .nan }
      return isPositive ? log(price[row] / price[row - 1]) : price[row] - price[row - 1]
    }
    guard let news = RankScores(Self.innovations(of: returns), least: Self.leastRows) else {
      return nil
    }
    self.news = news
  }

  var rowCount: Int { price.count }

  /// Returns less what a line through the five before them foresaw: of a market that swings back,
  /// a column may honestly know that much of the next return.
  private static func innovations(of returns: [Double]) -> [Double] {
    let lags = 5
    let rows = returns.indices.filter { row in
      row >= lags && (0...lags).allSatisfy { returns[row - $0].isFinite }
    }
    guard rows.count > 10 * lags else { return returns }
    let past = Matrix<Double>(rows: rows.count, columns: lags + 1) { row, lag in
      lag == 0 ? 1 : returns[rows[row] - lag]
    }
    let now = Matrix<Double>(rows: rows.count, columns: 1) { row, _ in returns[rows[row]] }
    guard let fit = ColumnMath.solution(past, now) else { return returns }
    var news = [Double](repeating: .nan, count: returns.count)
    for row in rows {
      news[row] = (1...lags).reduce(returns[row] - fit[0, 0]) {
        $0 - fit[$1, 0] * returns[row - $1]
      }
    }
    return news
  }
}

/// Arithmetic of the checks.
enum ColumnMath {
  /// Each value less the one before.
  static func changes(_ values: [Double]) -> [Double] {
    values.indices.map { $0 > 0 ? values[$0] - values[$0 - 1] : .nan }
  }

  /// The straight line through pairs of values, of those that are both there.
  struct Line {
    let intercept, slope, correlation: Double
    let count: Int
    /// Root mean square of what it leaves.
    let error: Double
  }

  static func line(_ x: [Double], _ y: [Double]) -> Line? {
    var (count, meanX, meanY, squaresX, squaresY, products) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) where a.isFinite && b.isFinite {
      count += 1
      let (awayX, awayY) = (a - meanX, b - meanY)
      meanX += awayX / count
      meanY += awayY / count
      squaresX += awayX * (a - meanX)
      squaresY += awayY * (b - meanY)
      products += awayX * (b - meanY)
    }
    guard count >= Double(AuditedTable.leastRows), squaresX > 0, squaresY > 0 else { return nil }
    let slope = products / squaresX
    let left = max(0, squaresY - slope * products)
    return Line(
      intercept: meanY - slope * meanX, slope: slope,
      correlation: products / (squaresX * squaresY).squareRoot(), count: Int(count),
      error: (left / count).squareRoot())
  }

  /// The least squares of it; `nil` where they are not found.
  static func solution(_ known: Matrix<Double>, _ wanted: Matrix<Double>) -> Matrix<Double>? {
    do { return try LeastSquares(known, wanted).solution } catch { return nil }
  }

  static func rootMeanSquare(_ values: [Double]) -> Double {
    let there = values.filter(\.isFinite)
    return (there.reduce(0) { $0 + $1 * $1 } / Double(max(1, there.count))).squareRoot()
  }

  /// The step of the decimal grid that values stand on; zero where they have too many digits to tell.
  static func step(of values: [Double]) -> Double {
    let there = values.lazy.filter(\.isFinite).prefix(2000)
    for digits in 0...8 {
      let scale = pow(10, Double(digits))
      let isOnGrid = there.allSatisfy { value in
        let scaled = value * scale
        return abs(scaled - scaled.rounded()) <= 1e-6 + abs(scaled) * 1e-14
      }
      if isOnGrid { return 1 / scale }
    }
    return 0
  }

  /// Four digits are enough to read.
  static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
