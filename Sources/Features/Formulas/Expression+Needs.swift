extension Expression {
  /// The values that this one is computed from.
  var operands: [Expression] {
    switch self {
    case .column, .constant: []
    case .unary(_, let a), .lag(let a, _), .window(_, let a, _): [a]
    case .binary(_, let a, let b), .ratio(let a, let b, _, _), .pairWindow(_, let a, let b, _):
      [a, b]
    case .choice(let a, let b, let c): [a, b, c]
    case .recursion(_, let all): all
    }
  }

  /// How many bars before a bar its value needs at least.
  public var lookBack: Int { lookBack(given: [:]) }

  /// The same where some columns are missing for so many first bars themselves.
  func lookBack(given columns: [String: Int]) -> Int {
    func of(_ expression: Expression) -> Int { expression.lookBack(given: columns) }
    switch self {
    case .column(let name): return columns[name] ?? 0
    case .lag(let a, let bars): return of(a) + bars
    case .window(_, let a, let n): return of(a) + n - 1
    case .pairWindow(_, let a, let b, let n): return max(of(a), of(b)) + n - 1
    case .binary(.orElse, let a, let b): return min(of(a), of(b))
    // The branch that is not taken need not be there.
    case .choice(let a, let b, let c): return max(of(a), min(of(b), of(c)))
    case .recursion(let recursion, let all): return recursion.lookBack(of: all.map(of))
    default: return operands.map(of).max() ?? 0
    }
  }

  /// Whether it remembers more than its look-back: an average of all bars so far, a running total.
  public var recurses: Bool {
    if case .recursion = self { return true }
    return operands.contains(where: \.recurses)
  }

  /// The names of the columns it reads.
  public var columns: Set<String> {
    if case .column(let name) = self { return [name] }
    return operands.reduce(into: []) { $0.formUnion($1.columns) }
  }
}

extension Recursion {
  fileprivate func lookBack(of operands: [Int]) -> Int {
    switch self {
    case .mean(_, let seed, let skip): operands[0] + seed + skip - 1
    case .wilderSum(let n): operands[0] + n - 1
    // Where it begins with another value, it begins as soon as that is there.
    case .total: operands.min() ?? 0
    case .weightedStep: operands.max() ?? 0
    case .parabolicStop: (operands.max() ?? 0) + 1
    }
  }
}
