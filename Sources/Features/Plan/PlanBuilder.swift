/// Turns expressions into steps, each distinct one once.
///
/// Sums, least and greatest values, weighted sums and moments of a window are joined from those of
/// two windows of half the width: log₂ n additions a value, no subtraction. So nothing drifts, a hole
/// or a spike is gone with the bar that brought it, windows of 5, 10 and 20 bars share their parts, and
/// batch and stream do the very same arithmetic.
struct PlanBuilder {
  private(set) var steps: [Step] = []
  private(set) var inputs: [String] = []
  private var places: [Step: Int] = [:]
  private var known: [Expression: Operand] = [:]

  /// The series of an expression.
  mutating func series(_ expression: Expression) -> Operand {
    if let operand = known[expression] { return operand }
    let operand = lowered(expression)
    known[expression] = operand
    return operand
  }

  mutating func emit(_ expression: Expression, output: Int) {
    let operand = series(expression)
    steps.append(Step(code: .emit, operands: [operand], count: output))
  }

  private mutating func lowered(_ expression: Expression) -> Operand {
    switch expression {
    case .column(let name):
      if !inputs.contains(name) { inputs.append(name) }
      return add(.input, [], count: inputs.firstIndex(of: name) ?? 0)
    case .constant(let value): return add(.constant, [], numbers: [value])
    case .lag(let a, let bars):
      var operand = series(a)
      operand.lag += bars
      return operand
    case .unary(.negative, let a): return add(.multiplyNumber, [series(a)], numbers: [-1])
    case .unary(let operation, let a): return add(operation.code, [series(a)])
    case .binary(let operation, let a, let b): return binary(operation, a, b)
    case .ratio(let a, let b, let least, let otherwise):
      return add(.ratio, [series(a), series(b)], numbers: [least, otherwise])
    case .choice(let a, let b, let c): return add(.choice, [series(a), series(b), series(c)])
    case .window(let function, let a, let n): return window(function, series(a), n)
    case .pairWindow(let function, let a, let b, let n):
      return pairWindow(function, series(a), series(b), n)
    case .recursion(let recursion, let all): return recursive(recursion, all.map { series($0) })
    }
  }

  private mutating func binary(
    _ operation: BinaryOperation, _ a: Expression, _ b: Expression
  ) -> Operand {
    switch (operation, a, b) {
    case (.sum, let x, .constant(let k)), (.sum, .constant(let k), let x):
      add(.addNumber, [series(x)], numbers: [k])
    case (.difference, let x, .constant(let k)): add(.addNumber, [series(x)], numbers: [-k])
    case (.difference, .constant(let k), let x):
      add(.subtractFromNumber, [series(x)], numbers: [k])
    case (.product, let x, .constant(let k)), (.product, .constant(let k), let x):
      add(.multiplyNumber, [series(x)], numbers: [k])
    case (.quotient, let x, .constant(let k)) where (1 / k).isNormal && k.isNormal:
      divided(series(x), by: k)
    case (.quotient, .constant(let k), let x): add(.divideNumberBy, [series(x)], numbers: [k])
    default: add(operation.code, [series(a), series(b)])
    }
  }

  /// By a number that has a reciprocal.
  mutating func divided(_ operand: Operand, by number: Double) -> Operand {
    add(.divideByNumber, [operand], numbers: [number, 1 / number])
  }

  /// The step's series. A step whose operands all lie in the past is the same step, so long ago.
  mutating func add(
    _ code: Opcode, _ operands: [Operand], count: Int = 0, numbers: [Double] = []
  ) -> Operand {
    let moving = operands.filter { steps[$0.series].code != .constant }
    let lag = code.stateCount == 0 ? moving.map(\.lag).min() ?? 0 : 0
    let shifted = operands.map { operand in
      Operand(
        series: operand.series,
        lag: steps[operand.series].code == .constant ? 0 : operand.lag - lag)
    }
    let step = Step(code: code, operands: shifted, count: count, numbers: numbers)
    if let place = places[step] { return Operand(series: place, lag: lag) }
    steps.append(step)
    places[step] = steps.count - 1
    return Operand(series: steps.count - 1, lag: lag)
  }

  private mutating func recursive(_ recursion: Recursion, _ operands: [Operand]) -> Operand {
    switch recursion {
    case .mean(let weight, let seed, let skip):
      add(.mean, operands, numbers: [weight, Double(seed), Double(skip)])
    case .wilderSum(let n): add(.wilderSum, operands, numbers: [Double(n)])
    case .total: add(.total, operands)
    case .weightedStep: add(.weightedStep, operands)
    case .parabolicStop(let acceleration, let most):
      add(.parabolicStop, operands, numbers: [acceleration, most])
    }
  }
}

extension UnaryOperation {
  fileprivate var code: Opcode {
    switch self {
    case .negative: .multiplyNumber
    case .magnitude: .magnitude
    case .squareRoot: .squareRoot
    case .logarithm: .logarithm
    case .exponential: .exponential
    case .sign: .sign
    }
  }
}

extension BinaryOperation {
  fileprivate var code: Opcode {
    switch self {
    case .sum: .add
    case .difference: .subtract
    case .product: .multiply
    case .quotient: .divide
    case .lesser: .lesser
    case .greater: .greater
    case .isLess: .isLess
    case .isLessOrEqual: .isLessOrEqual
    case .isEqual: .isEqual
    case .whereKnown: .whereKnown
    case .orElse: .orElse
    }
  }
}
