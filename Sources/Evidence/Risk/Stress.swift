import Foundation
import Numerics
import Runtime

/// A crisis that happened, by what the market did from its peak to its trough: closes of the S&P 500 and of
/// the VIX as their exchange publishes them. The days are those of SPY's highest and lowest close as traded,
/// whose moves are within half a point of these; the VIX's are its file's.
public struct StressScenario: Hashable, Sendable {
  public let name: String
  public let peak, trough: CivilDate
  /// What the S&P 500 did between both closes.
  public let market: Double
  /// The VIX's highest close in that time, in points.
  public let vixPeak: Double

  public init(name: String, peak: CivilDate, trough: CivilDate, market: Double, vixPeak: Double) {
    self.name = name
    self.peak = peak
    self.trough = trough
    self.market = market
    self.vixPeak = vixPeak
  }

  private init(
    _ name: String, _ peak: Int32, _ trough: Int32, _ closes: (Double, Double), _ vix: Double
  ) {
    self.init(
      name: name, peak: CivilDate(dayNumber: peak), trough: CivilDate(dayNumber: trough),
      market: closes.1 / closes.0 - 1, vixPeak: vix)
  }

  /// 9 October 2007 to 9 March 2009: banks.
  public static let financialCrisis = StressScenario(
    "2008", 13_795, 14_312, (1565.15, 676.53), 80.86)
  /// 19 February to 23 March 2020: the pandemic.
  public static let pandemic = StressScenario("2020", 18_311, 18_344, (3386.15, 2237.40), 82.69)
  /// 3 January to 12 October 2022: inflation and interest.
  public static let inflation = StressScenario("2022", 18_995, 19_277, (4796.56, 3577.03), 36.45)

  public static let all = [financialCrisis, pandemic, inflation]
}

/// What a book would lose.
public enum Stress {
  /// The book's return in a scenario: each asset moves by its beta times the market's move, or by a move
  /// of its own where that is known. An asset falls by no more than all of it.
  public static func loss(
    weights: [Double], betas: [Double], scenario: StressScenario, ownMoves: [Double?]? = nil
  ) throws(RiskError) -> Double {
    guard weights.count == betas.count, ownMoves.map({ $0.count == weights.count }) ?? true else {
      throw .parameter(
        "betas", "\(betas.count) for \(weights.count) weights", expected: "one for each weight")
    }
    guard (weights + betas).allSatisfy(\.isFinite) else {
      throw .parameter("weights", "a missing value", expected: "finite numbers")
    }
    return weights.indices.reduce(0) { sum, index in
      let move = ownMoves?[index] ?? betas[index] * scenario.market
      return sum + weights[index] * max(move, -1)
    }
  }

  /// The book held without a change through bars that happened: its return at each bar's end.
  /// - Parameter returns: rows are bars, columns are assets; a missing value is no move
  public static func replay(
    weights: [Double], returns: Matrix<Double>
  ) throws(RiskError) -> [Double] {
    guard weights.count == returns.columns else {
      throw .parameter(
        "weights", "\(weights.count) for \(returns.columns) assets", expected: "one an asset")
    }
    // What each holding has become; the rest of the account is cash.
    var holdings = weights
    let cash = 1 - weights.reduce(0, +)
    return (0..<returns.rows).map { row in
      for asset in holdings.indices where returns[row, asset].isFinite {
        holdings[asset] *= 1 + returns[row, asset]
      }
      return cash + holdings.reduce(0, +) - 1
    }
  }

  /// Where correlations go when they break down.
  public enum Breakdown: Sendable {
    /// All assets move as one: what diversification promised is gone.
    case together
    /// All assets move against the book: what was hedged is lost too.
    case against(weights: [Double])
  }

  /// The covariance with each correlation moved by `share` of the way to the breakdown's, variances as
  /// they are. What comes out is a covariance again: a mixture of two.
  public static func covariance(
    _ covariance: Matrix<Double>, breakdown: Breakdown, share: Double
  ) throws(RiskError) -> Matrix<Double> {
    guard covariance.rows == covariance.columns, covariance.rows > 0 else {
      throw .sizes(weights: covariance.rows, means: covariance.rows, covariance: covariance.shape)
    }
    guard (0...1).contains(share) else {
      throw .parameter("share", "\(share)", expected: "a part from 0 to 1")
    }
    let signs: [Double]
    switch breakdown {
    case .together: signs = Array(repeating: 1, count: covariance.rows)
    case .against(let weights):
      guard weights.count == covariance.rows else {
        throw .sizes(weights: weights.count, means: weights.count, covariance: covariance.shape)
      }
      signs = weights.map { $0 < 0 ? -1 : 1 }
    }
    let deviations = (0..<covariance.rows).map { max(0, covariance[$0, $0]).squareRoot() }
    return Matrix(rows: covariance.rows, columns: covariance.columns) { row, column in
      let broken = signs[row] * signs[column] * deviations[row] * deviations[column]
      return (1 - share) * covariance[row, column] + share * broken
    }
  }
}
