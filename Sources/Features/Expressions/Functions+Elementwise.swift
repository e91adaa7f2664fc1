extension WrittenFunction {
  private static func ofOne(
    _ names: String..., mayBeInfinite: Bool = false,
    _ operation: @escaping @Sendable (Expression) -> Expression
  ) -> WrittenFunction {
    WrittenFunction(names, takes: "a series", 1...1, "\(names[0])(close)") {
      (given) throws(ExpressionError) in
      Value(expression: operation(try given.series(0)), mayBeInfinite: mayBeInfinite)
    }
  }

  private static func ofTwo(_ names: String..., mark: Token.Mark) -> WrittenFunction {
    WrittenFunction(names, takes: "two values", 2...2, "\(names[0])(close, open)") {
      (given) throws(ExpressionError) in
      for index in 0...1 { _ = try given.operand(index) }
      return try Arithmetic.value(mark, given.values[0], given.values[1], at: given.place(1))
    }
  }

  static let elementwise: [WrittenFunction] = [
    ofOne("abs") { $0.magnitude },
    ofOne("log", "ln", mayBeInfinite: true) { $0.logarithm },
    ofOne("exp", mayBeInfinite: true) { $0.exponential },
    ofOne("sqrt") { $0.squareRoot },
    ofOne("sign") { $0.sign },
    ofTwo("add", mark: .plus), ofTwo("sub", mark: .minus),
    ofTwo("mul", mark: .times),
    ofTwo("div", mark: .over),
    ofTwo("power", "pow", mark: .power),
    WrittenFunction(["greater"], takes: "two values", 2...2, "greater(open, close)") {
      (given) throws(ExpressionError) in
      Value(expression: .greater(try given.operand(0), try given.operand(1)))
    },
    WrittenFunction(["less", "lesser"], takes: "two values", 2...2, "less(open, close)") {
      (given) throws(ExpressionError) in
      Value(expression: .lesser(try given.operand(0), try given.operand(1)))
    },
    WrittenFunction(
      ["clip"], takes: "a series, a least and a greatest value", 3...3,
      "clip(close / open - 1, -0.1, 0.1)"
    ) { (given) throws(ExpressionError) in
      let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
      let least = try given.number(1, in: all)
      let greatest = try given.number(2, in: least...all.upperBound)
      return Value(
        expression: .lesser(
          .greater(try given.series(0), .constant(least)), .constant(greatest)))
    },
  ]

  static let conditional: [WrittenFunction] = [
    ofTwo("lt", mark: .less), ofTwo("le", mark: .lessOrEqual),
    ofTwo("gt", mark: .greater),
    ofTwo("ge", mark: .greaterOrEqual),
    ofTwo("eq", mark: .equal), ofTwo("ne", mark: .notEqual),
    joining("and", true), joining("or", false),
    WrittenFunction(["not"], takes: "a condition", 1...1, "not(close > open)") {
      (given) throws(ExpressionError) in
      Value(expression: 1 - (try given.condition(0)), isCondition: true)
    },
    WrittenFunction(
      ["if", "where"], takes: "a condition and two values", 3...3, "if(close > open, volume, 0)"
    ) { (given) throws(ExpressionError) in
      Value(
        expression: (try given.condition(0)).chosen(
          try given.operand(1), else: try given.operand(2)),
        isCondition: given.values[1].isCondition && given.values[2].isCondition)
    },
    crossing("cross_above", isAbove: true), crossing("cross_below", isAbove: false),
    WrittenFunction(["known", "notnull"], takes: "a series", 1...1, "known(vix)") {
      (given) throws(ExpressionError) in
      Value(expression: Self.known(try given.series(0)), isCondition: true)
    },
    WrittenFunction(
      ["or_else", "fillna"], takes: "a series and what stands in where it is missing", 2...2,
      "or_else(vix, 20)"
    ) { (given) throws(ExpressionError) in
      Value(expression: (try given.series(0)).orElse(try given.operand(1)))
    },
  ]

  /// 1 where the value is there, else 0.
  static func known(_ x: Expression) -> Expression { (x * 0 + 1).orElse(0) }

  private static func joining(_ name: String, _ isAnd: Bool) -> WrittenFunction {
    WrittenFunction(
      [name], takes: "two or more conditions", 2...16, "\(name)(close > open, volume > 0)"
    ) { (given) throws(ExpressionError) in
      for index in given.values.indices { _ = try given.condition(index) }
      return given.values.dropFirst().reduce(given.values[0]) {
        Conditions.joined(isAnd, $0, $1)
      }
    }
  }

  private static func crossing(_ name: String, isAbove: Bool) -> WrittenFunction {
    WrittenFunction(
      [name], takes: "two values", 2...2, "\(name)(ema(close, 12), ema(close, 26))"
    ) { (given) throws(ExpressionError) in
      func before(_ index: Int) throws(ExpressionError) -> Expression {
        let value = try given.operand(index)
        return given.values[index].constant == nil ? value.lag(1) : value
      }
      let (a, b) = (try given.operand(0), try given.operand(1))
      let (a1, b1) = (try before(0), try before(1))
      return Value(
        expression: isAbove ? (a > b) * (a1 <= b1) : (a < b) * (a1 >= b1), isCondition: true)
    }
  }
}
