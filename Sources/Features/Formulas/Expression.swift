/// What a feature computes: a formula over the columns of a bar and their earlier values.
///
/// There is no way to write a later value: lags are not negative and windows end at the bar. Whatever
/// an expression needs and does not have makes its value missing, the quiet NaN.
public indirect enum Expression: Hashable, Sendable {
  /// A column of the bars: `close`, `vix`.
  case column(String)
  case constant(Double)
  case unary(UnaryOperation, Expression)
  case binary(BinaryOperation, Expression, Expression)
  /// The numerator over the denominator, or `otherwise` where the denominator is no greater in
  /// magnitude than `least`.
  case ratio(Expression, Expression, least: Double, otherwise: Double)
  /// The second where the first is not zero, else the third; missing where the first is.
  case choice(Expression, Expression, Expression)
  /// The value so many bars ago.
  case lag(Expression, Int)
  /// Of the last so many values.
  case window(WindowFunction, Expression, Int)
  /// Of the last so many pairs of values.
  case pairWindow(PairFunction, Expression, Expression, Int)
  case recursion(Recursion, [Expression])
}

public enum UnaryOperation: String, Hashable, Sendable, CaseIterable {
  case negative, magnitude, squareRoot, logarithm, exponential, sign
}

public enum BinaryOperation: String, Hashable, Sendable, CaseIterable {
  case sum, difference, product, quotient, lesser, greater
  /// 1 where it holds, else 0; missing where either side is.
  case isLess, isLessOrEqual, isEqual
  /// The first, where the second is not missing.
  case whereKnown
  /// The first, or the second where the first is missing.
  case orElse
}

/// A function of a column's last values.
public enum WindowFunction: Hashable, Sendable {
  case sum, mean, least, greatest
  /// Of the population, as TA-Lib has it, or of the sample.
  case variance(Divisor), deviation(Divisor)
  /// The mean with weights 1, 2, … n from the oldest to the newest.
  case weightedMean
  /// The mean distance from the mean.
  case meanDistance
  /// How many bars ago the least or greatest value was, the newest of equals.
  case barsSinceLeast, barsSinceGreatest
  /// The same, the oldest of equals.
  case barsSinceFirstLeast, barsSinceFirstGreatest
  /// The least-squares line through the values: its rise a bar, its value at the newest bar, the share
  /// of the variance that it explains.
  case slope, lineEnd, lineFit
  case skewness, kurtosis
  /// Linearly interpolated between the sorted values.
  case quantile(Double)
  /// The newest value's rank among them over their count; equals share the mean of their ranks.
  case rank

  public enum Divisor: Hashable, Sendable { case population, sample }
}

/// A function of the last values of two columns.
public enum PairFunction: Hashable, Sendable {
  case correlation
  /// Of the population.
  case covariance
}

/// A value that follows from its previous one.
public enum Recursion: Hashable, Sendable {
  /// mean += weight · (value − mean), begun as the plain mean of `seed` values, of which the first
  /// `skip` are passed over. A missing value begins it anew.
  case mean(weight: Double, seed: Int, skip: Int)
  /// sum += value − sum / n, begun as the sum of n − 1 values (Wilder).
  case wilderSum(Int)
  /// The sum of all values so far: of the first operand, begun with the second where there is one.
  /// A missing value is passed over.
  case total
  /// mean += weight · (value − mean) of value, weight and what it begins with.
  case weightedStep
  /// Wilder's parabolic stop of high and low.
  case parabolicStop(acceleration: Double, most: Double)
}
