/// Ordinary least squares, with errors of the coefficients that hold for residuals of unequal size
/// that follow on each other: Newey and West, A Simple, Positive Semi-Definite, Heteroskedasticity
/// and Autocorrelation Consistent Covariance Matrix (1987).
public struct Regression: Sendable {
  /// The intercept first, where there is one.
  public let coefficients: [Double]
  public let standardErrors: [Double]
  /// Of the coefficients with each other.
  public let covariance: Matrix<Double>
  public let residuals: [Double]
  /// The share of the variation that is explained: about the mean where there is an intercept.
  public let explainedShare: Double
  public let observations: Int

  /// What the errors of the coefficients allow for.
  public enum Errors: Sendable, Equatable {
    /// Nothing: residuals are independent and of one size.
    case classic
    /// Residuals that follow on each other up to so many steps, with Bartlett's weights; 0 allows
    /// for unequal sizes alone. The correction multiplies by n / (n − k).
    case neweyWest(lags: Int, smallSampleCorrection: Bool = false)
  }

  /// - Parameters:
  ///   - response: one number for each row of the design
  ///   - design: rows of observations of the regressors, without a constant
  public init(
    _ response: [Double], on design: Matrix<Double>, hasIntercept: Bool = true,
    errors: Errors = .classic
  ) throws(StatisticsError) {
    guard response.count == design.rows else {
      throw .shapes(
        operation: "regression", first: Shape(rows: response.count, columns: 1),
        second: design.shape)
    }
    let extra = hasIntercept ? 1 : 0
    let columns = Matrix<Double>(rows: design.columns + extra, columns: design.rows) {
      $0 < extra ? 1 : design[$1, $0 - extra]
    }
    let (n, k) = (columns.columns, columns.rows)
    guard n > k, k > 0 else { throw .tooFew(operation: "regression", count: n, needed: k + 1) }
    try Self.checkFinite(response, columns)
    if case .neweyWest(let lags, _) = errors, lags < 0 || lags >= n {
      throw .parameter(
        operation: "newey-west", name: "lags", value: Double(lags),
        allowed: "a number from 0 to less than the observations")
    }
    let factor = try OrthogonalFactor(columns)
    let coefficients = factor.solve(response)
    let residuals = (0..<n).map { row in
      var rest = DoubleDouble(response[row])
      for column in 0..<k {
        rest += -DoubleDouble.product(columns[column, row], coefficients[column])
      }
      return rest.value
    }
    let inverse = factor.inverse
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    switch errors {
    case .classic:
      let size = squares / Double(n - k)
      // (XᵀX)⁻¹ = R⁻¹ R⁻ᵀ.
      covariance = Self.sandwich(inverse, .identity(k), size)
    case .neweyWest(let lags, let isCorrected):
      // Between R's inverses, where columns that are nearly alike cancel least.
      let middle = Self.longRunCovariance(factor.orthonormal, residuals, lags: lags)
      let correction = isCorrected ? Double(n) / Double(n - k) : 1
      covariance = Self.sandwich(inverse, middle, correction)
    }
    let moments = StreamingMoments(response.span)
    let total =
      hasIntercept
      ? moments.variance(degreesTaken: 0) * Double(n) : response.reduce(0) { $0 + $1 * $1 }
    explainedShare = 1 - squares / total
    let variances = covariance
    standardErrors = (0..<k).map { variances[$0, $0].squareRoot() }
    self.coefficients = coefficients
    self.residuals = residuals
    observations = n
  }

  /// Coefficients over their errors.
  public var tStatistics: [Double] { zip(coefficients, standardErrors).map { $0 / $1 } }

  /// How likely statistics as far from 0 are where a coefficient is 0, by Student's distribution.
  public func chances() throws(StatisticsError) -> [Double] {
    let student = try StudentDistribution(freedom: Double(observations - coefficients.count))
    return tStatistics.map { 2 * student.survival($0.magnitude) }
  }

  private static func checkFinite(
    _ response: [Double], _ columns: Matrix<Double>
  ) throws(StatisticsError) {
    if let index = response.firstIndex(where: { !$0.isFinite }) {
      throw .notANumber(operation: "regression response", index: index)
    }
    if let (column, row) = columns.withView({ $0.firstNonFinite() }).map({ ($0.row, $0.column) }) {
      throw .notANumber(operation: "regression design column \(column)", index: row)
    }
  }

  /// Σ over lags of weighted Σ xₜ uₜ uₜ₋ₗ xₜ₋ₗᵀ, both ways.
  private static func longRunCovariance(
    _ columns: Matrix<Double>, _ residuals: [Double], lags: Int
  ) -> Matrix<Double> {
    let scores = Matrix<Double>(rows: columns.rows, columns: columns.columns) {
      columns[$0, $1] * residuals[$1]
    }
    var result = Matrix<Double>(rows: columns.rows, columns: columns.rows)
    scores.withView { scores in
      for first in 0..<scores.rows {
        for second in 0..<scores.rows {
          var total = 0.0
          for lag in 0...lags {
            var sum = 0.0
            for step in lag..<scores.columns {
              sum += scores[first, step] * scores[second, step - lag]
              if lag > 0 { sum += scores[second, step] * scores[first, step - lag] }
            }
            total += sum * (1 - Double(lag) / Double(lags + 1))
          }
          result[first, second] = total
        }
      }
    }
    return result
  }

  /// The factor times outer · middle · outerᵀ.
  private static func sandwich(
    _ outer: Matrix<Double>, _ middle: Matrix<Double>, _ factor: Double
  ) -> Matrix<Double> {
    let size = 0..<outer.rows
    let left = Matrix<Double>(rows: outer.rows, columns: outer.rows) { row, column in
      size.reduce(0) { $0 + outer[row, $1] * middle[$1, column] }
    }
    return Matrix(rows: outer.rows, columns: outer.rows) { row, column in
      factor * size.reduce(0) { $0 + left[row, $1] * outer[column, $1] }
    }
  }
}
