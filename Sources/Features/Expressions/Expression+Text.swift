/// The one text of an expression: equal texts mean equal expressions.
///
/// It is what hashes are made of and what a person is shown. What expressions can say is said as they
/// are written; the few operations only the catalogue uses have words of their own.
extension Expression {
  public var text: String {
    switch self {
    case .column(let name):
      ExpressionReader.columns.contains(name) || name.contains("(") ? name : "$\(name)"
    case .constant(let value): NumberWords.text(value)
    case .unary(let operation, let a):
      operation == .negative ? "-\(a.part)" : "\(operation.word)(\(a.text))"
    case .binary(let operation, let a, let b): operation.text(a, b)
    case .ratio(let a, let b, let least, let otherwise):
      Self.call("ratio", [a, b], [least, otherwise])
    case .choice(let a, let b, let c): Self.call("if", [a, b, c])
    case .lag(let a, let bars): Self.call("ref", [a], [Double(bars)])
    case .window(let function, let a, let n):
      Self.call(function.word, [a], [Double(n)] + function.parameters)
    case .pairWindow(let function, let a, let b, let n):
      Self.call(function == .correlation ? "corr" : "covariance", [a, b], [Double(n)])
    case .recursion(let recursion, let all):
      Self.call(recursion.word, all, recursion.parameters)
    }
  }

  /// In brackets where it would otherwise be read differently.
  fileprivate var part: String {
    switch self {
    case .binary(let operation, _, _) where operation.sign != nil: "(\(text))"
    case .unary(.negative, _): "(\(text))"
    case .constant(let value) where value < 0: "(\(text))"
    default: text
    }
  }

  fileprivate static func call(
    _ name: String, _ operands: [Expression], _ numbers: [Double] = []
  ) -> String {
    let parts = operands.map(\.text) + numbers.map { NumberWords.text($0) }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension UnaryOperation {
  fileprivate var word: String {
    switch self {
    case .negative: "-"
    case .magnitude: "abs"
    case .squareRoot: "sqrt"
    case .logarithm: "log"
    case .exponential: "exp"
    case .sign: "sign"
    }
  }
}

extension BinaryOperation {
  fileprivate var sign: String? {
    switch self {
    case .sum: "+"
    case .difference: "-"
    case .product: "*"
    case .quotient: "/"
    case .isLess: "<"
    case .isLessOrEqual: "<="
    case .isEqual: "=="
    case .lesser, .greater, .whereKnown, .orElse: nil
    }
  }

  fileprivate func text(_ a: Expression, _ b: Expression) -> String {
    if let sign { return "\(a.part) \(sign) \(b.part)" }
    let word =
      switch self {
      case .lesser: "less"
      case .greater: "greater"
      case .whereKnown: "where_known"
      default: "or_else"
      }
    return Expression.call(word, [a, b])
  }
}

extension WindowFunction {
  fileprivate var word: String {
    switch self {
    case .sum: "sum"
    case .mean: "mean"
    case .least: "min"
    case .greatest: "max"
    case .variance(.sample): "var"
    case .variance(.population): "population_variance"
    case .deviation(.sample): "std"
    case .deviation(.population): "population_deviation"
    case .weightedMean: "wma"
    case .meanDistance: "mad"
    case .barsSinceLeast: "bars_since_min"
    case .barsSinceGreatest: "bars_since_max"
    case .barsSinceFirstLeast: "bars_since_first_min"
    case .barsSinceFirstGreatest: "bars_since_first_max"
    case .slope: "slope"
    case .lineEnd: "line_end"
    case .lineFit: "rsquare"
    case .skewness: "skew"
    case .kurtosis: "kurt"
    case .quantile: "quantile"
    case .rank: "rank"
    }
  }

  fileprivate var parameters: [Double] {
    if case .quantile(let share) = self { [share] } else { [] }
  }
}

extension Recursion {
  fileprivate var word: String {
    switch self {
    case .mean: "recursive_mean"
    case .wilderSum: "wilder_sum"
    case .total: "total"
    case .weightedStep: "weighted_step"
    case .parabolicStop: "parabolic_stop"
    }
  }

  fileprivate var parameters: [Double] {
    switch self {
    case .mean(let weight, let seed, let skip): [weight, Double(seed), Double(skip)]
    case .wilderSum(let n): [Double(n)]
    case .total, .weightedStep: []
    case .parabolicStop(let acceleration, let most): [acceleration, most]
    }
  }
}
