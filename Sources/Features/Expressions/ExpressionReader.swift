import Market
import Runtime

/// An expression with what must be known before it may be used in a larger one.
struct Value {
  var expression: Expression
  /// 1 or 0: made by a comparison, or from such.
  var isCondition = false
  /// Whether it may be infinite where it ought to be missing: after a division or a logarithm.
  var mayBeInfinite = false
  /// The number, where it is one and the same for all bars.
  var constant: Double?
  /// The word, where it is one.
  var text: String?
  /// Operations in it, those used twice counted twice, and how deep they lie.
  var size = 1
  var height = 1

  /// Missing where it is not finite.
  var finite: Expression {
    // x − x is zero, or missing where x is infinite.
    mayBeInfinite ? expression.whereKnown(expression - expression) : expression
  }
}

/// Turns a text into an expression over columns, by looking names up.
///
/// What needs more than the bars so far becomes a `DerivedColumn`, which is worked out before the
/// expression is: it is how a look ahead can be written down and caught.
public struct ExpressionReader {
  /// Columns of every frame, or of some: known by these names without `$`.
  static let columns =
    ["open", "high", "low", "close", "volume"]
    + BarColumns.optional.sorted() + CalendarPart.allCases.map(\.rawValue)

  /// Every function's names, in small letters.
  public static var functionNames: [String] { WrittenFunction.names }

  let source: ExpressionSource
  /// Features that the text may name, and what they are.
  private let named: (String) throws(ExpressionError) -> Named?
  private let namedWords: [String]
  /// The derived columns that were written, in order.
  private(set) var derived: [DerivedColumn] = []
  /// Columns written as `$name` that not every frame has, and where.
  private(set) var fields: [(name: String, offset: Int)] = []

  /// A feature that others name, and what its columns are derived from.
  struct Named {
    let value: Value
    let derived: [DerivedColumn]

    init(value: Value, derived: [DerivedColumn]) {
      self.value = value
      self.derived = derived
    }

    init(number: Double) {
      self.init(value: Value(expression: .constant(number), constant: number), derived: [])
    }
  }

  static let sizeMax = 20_000
  static let heightMax = 400

  init(
    _ source: ExpressionSource, namedWords: [String] = [],
    named: @escaping (String) throws(ExpressionError) -> Named? = { _ in nil }
  ) {
    self.source = source
    self.named = named
    self.namedWords = namedWords
  }

  mutating func value() throws(ExpressionError) -> Value {
    try value(of: try SyntaxParser.parse(source))
  }

  /// A rule's condition: 1 where it holds, 0 where not, missing where what it needs is.
  ///
  /// Refuses whatever looks ahead, as the two below.
  public static func condition(
    _ source: ExpressionSource, names: ExpressionNames = .none
  ) throws(ExpressionError) -> ReadExpression {
    var reader = ExpressionReader(source, names)
    let value = try reader.value()
    guard value.isCondition else {
      throw ExpressionError(
        .arguments, at: source.place(0), "this is a number, not a condition",
        "compare it, as in close > mean(close, 200)")
    }
    return try reader.read(value.expression)
  }

  /// A number for each bar.
  public static func number(
    _ source: ExpressionSource, names: ExpressionNames = .none
  ) throws(ExpressionError) -> ReadExpression {
    var reader = ExpressionReader(source, names)
    let value = try reader.value()
    return try reader.read(try reader.series(value, "an expression", 0))
  }

  /// A number for each bar, or a constant.
  public static func numberOrConstant(
    _ source: ExpressionSource, names: ExpressionNames = .none
  ) throws(ExpressionError) -> ReadExpression {
    var reader = ExpressionReader(source, names)
    let value = try reader.value()
    if let constant = value.constant { return try reader.read(.constant(constant)) }
    return try reader.read(try reader.series(value, "an expression", 0))
  }

  private init(_ source: ExpressionSource, _ names: ExpressionNames) {
    self.init(source, namedWords: names.words, named: names.find)
  }

  private func read(_ expression: Expression) throws(ExpressionError) -> ReadExpression {
    if let first = derived.first(where: \.looksAhead) { throw first.lookAhead(at: source.place(0)) }
    return ReadExpression(expression: expression, derived: derived)
  }

  /// Whether a word means something in every expression, and so can name nothing else.
  public static func isTaken(_ word: String) -> Bool {
    ["and", "or", "not"].contains(word.lowercased()) || columns.contains(word)
      || Catalogue.named(word) != nil
  }

  mutating func derive(_ column: DerivedColumn) -> Value {
    if !derived.contains(column) { derived.append(column) }
    return Value(expression: .column(column.name), size: 2, height: 2)
  }

  mutating func value(of syntax: Syntax) throws(ExpressionError) -> Value {
    let value: Value
    switch syntax.content {
    case .number(let number): value = Value(expression: .constant(number), constant: number)
    case .text(let text): value = Value(expression: .constant(.zero), text: text)
    case .field(let name): value = column(name, syntax.offset)
    case .name(let name): value = try self.name(name, syntax.offset)
    case .negative(let part): value = try Arithmetic.negative(try number(part, "−"))
    case .not(let part):
      let condition = try condition(part, "not")
      value = Value(
        expression: 1 - condition.expression, isCondition: true, size: condition.size + 1,
        height: condition.height + 1)
    case .binary(let mark, let left, let right):
      value = try binary(mark, left, right)
    case .call(let name, let parts): value = try call(name, parts, syntax.offset)
    }
    guard value.size <= Self.sizeMax, value.height <= Self.heightMax else {
      throw ExpressionError(
        .tooDeep, at: source.place(syntax.offset),
        "the expression has \(NumberText.count(value.size)) operations on \(value.height) levels, "
          + "features it names included",
        "at most \(NumberText.count(Self.sizeMax)) operations on \(Self.heightMax) levels are read: "
          + "make it simpler")
    }
    return value
  }

  private mutating func column(_ name: String, _ offset: Int) -> Value {
    if !Self.columns.contains(name) { fields.append((name, offset)) }
    return Value(expression: .column(name))
  }

  private mutating func name(_ name: String, _ offset: Int) throws(ExpressionError) -> Value {
    if let feature = try named(name) {
      for column in feature.derived where !derived.contains(column) { derived.append(column) }
      return feature.value
    }
    if Self.columns.contains(name) { return Value(expression: .column(name)) }
    if let formula = Catalogue.named(name) {
      return CatalogueCalls.value(of: formula)
    }
    let known = namedWords + Self.columns + Catalogue.all.map(\.about.name)
    let isFunction = WrittenFunction.find(name) != nil
    let nearest = Words.nearest(to: name, among: known)
    throw ExpressionError(
      .unknownName, at: source.place(offset),
      isFunction
        ? "\(name) is a function, and stands here without its arguments"
        : "there is no column or feature \(Excerpt.quoted(name))",
      isFunction
        ? "write \(name)(…)"
        : nearest.map { "did you mean \($0)?" }
          ?? "write a column of your own as $\(Excerpt.bare(name)); see martinet features list")
  }

  private mutating func call(
    _ name: String, _ parts: [Syntax], _ offset: Int
  ) throws(ExpressionError) -> Value {
    var values: [Value] = []
    for part in parts { values.append(try value(of: part)) }
    // `rsi(14)` and `macd()` are the catalogue's; `mean(close, 20)` is a function of a series.
    if values.allSatisfy({ $0.constant != nil }),
      let value = try CatalogueCalls.value(
        name, values.compactMap(\.constant), at: source.place(offset))
    {
      return value
    }
    guard let function = WrittenFunction.find(name) else {
      let known = WrittenFunction.names + CatalogueCalls.names
      throw ExpressionError(
        .unknownName, at: source.place(offset), "there is no function \(Excerpt.quoted(name))",
        Words.suggestion(for: name, among: known)
          ?? "functions are listed in docs/EXPRESSIONS.md")
    }
    guard function.counts.contains(values.count) else {
      throw ExpressionError(
        .arguments, at: source.place(offset),
        "\(name) takes \(function.takes), not \(Self.count(values.count))",
        "write it as \(function.example)")
    }
    var arguments = Arguments(
      function: function, values: values, offsets: parts.map(\.offset), offset: offset,
      reader: self)
    var value = try function.make(&arguments)
    derived = arguments.reader.derived
    value.size = values.reduce(value.size) { $0 + $1.size }
    value.height = max(value.height, (values.map(\.height).max() ?? 0) + 1)
    return value
  }

  private static func count(_ values: Int) -> String {
    values == 0 ? "nothing" : values == 1 ? "1 argument" : "\(values) arguments"
  }
}

// Operators.
extension ExpressionReader {
  private mutating func binary(
    _ mark: Token.Mark, _ left: Syntax, _ right: Syntax
  ) throws(ExpressionError) -> Value {
    var value: Value
    switch mark {
    case .and, .or:
      let (a, b) = (
        try condition(left, mark == .and ? "and" : "or"),
        try condition(right, mark == .and ? "and" : "or")
      )
      value = Conditions.joined(mark == .and, a, b)
      value.size = a.size + b.size + 1
      value.height = max(a.height, b.height) + 1
    default:
      let (a, b) = (try number(left, mark.rawValue), try number(right, mark.rawValue))
      value = try Arithmetic.value(mark, a, b, at: source.place(right.offset))
    }
    return value
  }

  private mutating func number(_ syntax: Syntax, _ mark: String) throws(ExpressionError) -> Value {
    let value = try value(of: syntax)
    if let text = value.text {
      throw ExpressionError(
        .arguments, at: source.place(syntax.offset),
        "\"\(mark)\" is given the text \(Excerpt.quoted(text))", "give it numbers")
    }
    return value
  }

  private mutating func condition(
    _ syntax: Syntax, _ word: String
  ) throws(ExpressionError) -> Value {
    let value = try value(of: syntax)
    try check(isCondition: value, "\"\(word)\"", syntax.offset)
    return value
  }

  func check(isCondition value: Value, _ asker: String, _ offset: Int) throws(ExpressionError) {
    guard !value.isCondition else { return }
    throw ExpressionError(
      .arguments, at: source.place(offset), "\(asker) is given a number, not a condition",
      "compare it with something, as in close > 0")
  }

  /// The value as a column that changes from bar to bar.
  func series(_ value: Value, _ asker: String, _ offset: Int) throws(ExpressionError) -> Expression
  {
    if let text = value.text {
      throw ExpressionError(
        .arguments, at: source.place(offset), "\(asker) is the text \(Excerpt.quoted(text))",
        "give a column, a feature or a formula")
    }
    if let constant = value.constant {
      throw ExpressionError(
        .arguments, at: source.place(offset),
        "\(asker) is the number \(NumberWords.text(constant)), the same for every bar",
        "give a column, a feature or a formula, as in close")
    }
    return value.expression
  }
}
