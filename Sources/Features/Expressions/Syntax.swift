/// What an expression's text says, before names are looked up.
struct Syntax {
  indirect enum Content {
    case number(Double)
    case name(String)
    case field(String)
    case text(String)
    case call(String, [Syntax])
    case negative(Syntax)
    case not(Syntax)
    case binary(Token.Mark, Syntax, Syntax)
  }

  let content: Content
  /// Characters before the part that names it.
  let offset: Int
  /// Levels, itself included.
  let height: Int
}

/// Reads tokens from left to right, by the usual order of operations:
/// `or`, `and`, `not`, comparisons, `+ −`, `* /`, `−x`, `^`.
struct SyntaxParser {
  private let source: ExpressionSource
  private let tokens: [Token]
  private var position = 0
  private var level = 0

  /// Neither the parser nor what follows it can use up the stack.
  static let levelsMax = 200

  init(_ source: ExpressionSource) throws(ExpressionError) {
    self.source = source
    var scanner = TokenScanner(source)
    tokens = try scanner.tokens()
  }

  static func parse(_ source: ExpressionSource) throws(ExpressionError) -> Syntax {
    var parser = try SyntaxParser(source)
    let syntax = try parser.disjunction()
    guard parser.token.kind == .end else {
      throw parser.unexpected("an operation or the end")
    }
    return syntax
  }

  private var token: Token { tokens[position] }

  private mutating func take(_ mark: Token.Mark) -> Bool {
    guard token.kind == .mark(mark) else { return false }
    position += 1
    return true
  }

  private func unexpected(_ expected: String) -> ExpressionError {
    let text = source.text.isEmpty ? "the expression is empty" : "\(token.shown) stands here"
    return ExpressionError(
      .syntax, at: source.place(token.offset), "\(text), where \(expected) was expected",
      "write it as in ema(close, 12) / ema(close, 26) - 1")
  }

  private func node(
    _ content: Syntax.Content, _ offset: Int, over parts: [Syntax]
  ) throws(ExpressionError) -> Syntax {
    let height = (parts.map(\.height).max() ?? 0) + 1
    guard height <= Self.levelsMax else { throw tooDeep(offset) }
    return Syntax(content: content, offset: offset, height: height)
  }

  private func tooDeep(_ offset: Int) -> ExpressionError {
    ExpressionError(
      .tooDeep, at: source.place(offset),
      "the expression is more than \(Self.levelsMax) levels deep",
      "give parts of it names of their own, as features of the same file")
  }

  /// One level of brackets or signs further in.
  private mutating func deeper<Result>(
    _ body: (inout Self) throws(ExpressionError) -> Result
  ) throws(ExpressionError) -> Result {
    level += 1
    defer { level -= 1 }
    guard level <= Self.levelsMax else { throw tooDeep(token.offset) }
    return try body(&self)
  }

  private mutating func chain(
    of marks: [Token.Mark], _ part: (inout Self) throws(ExpressionError) -> Syntax
  ) throws(ExpressionError) -> Syntax {
    var left = try part(&self)
    while case .mark(let mark) = token.kind, marks.contains(mark) {
      let offset = token.offset
      position += 1
      let right = try part(&self)
      left = try node(.binary(mark, left, right), offset, over: [left, right])
    }
    return left
  }

  private mutating func disjunction() throws(ExpressionError) -> Syntax {
    try chain(of: [.or]) { (parser) throws(ExpressionError) in
      try parser.chain(of: [.and]) { (parser) throws(ExpressionError) in try parser.negation() }
    }
  }

  private mutating func negation() throws(ExpressionError) -> Syntax {
    let offset = token.offset
    guard take(.not) else { return try comparison() }
    let part = try deeper { (parser) throws(ExpressionError) in try parser.negation() }
    return try node(.not(part), offset, over: [part])
  }

  private static let comparisons: [Token.Mark] = [
    .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
  ]

  private mutating func comparison() throws(ExpressionError) -> Syntax {
    let left = try sum()
    guard case .mark(let mark) = token.kind, Self.comparisons.contains(mark) else { return left }
    let offset = token.offset
    position += 1
    let right = try sum()
    if case .mark(let next) = token.kind, Self.comparisons.contains(next) {
      throw ExpressionError(
        .syntax, at: source.place(token.offset), "two comparisons in a row compare no three values",
        "join them: a < b and b < c")
    }
    return try node(.binary(mark, left, right), offset, over: [left, right])
  }

  private mutating func sum() throws(ExpressionError) -> Syntax {
    try chain(of: [.plus, .minus]) { (parser) throws(ExpressionError) in
      try parser.chain(of: [.times, .over]) { (parser) throws(ExpressionError) in
        try parser.signed()
      }
    }
  }

  private mutating func signed() throws(ExpressionError) -> Syntax {
    let offset = token.offset
    if take(.plus) {
      return try deeper { (parser) throws(ExpressionError) in try parser.signed() }
    }
    guard take(.minus) else { return try power() }
    let part = try deeper { (parser) throws(ExpressionError) in try parser.signed() }
    return try node(.negative(part), offset, over: [part])
  }

  /// `2 ^ -1` and `a ^ b ^ c`, which is `a ^ (b ^ c)`.
  private mutating func power() throws(ExpressionError) -> Syntax {
    let base = try primary()
    let offset = token.offset
    guard take(.power) else { return base }
    let exponent = try deeper { (parser) throws(ExpressionError) in try parser.signed() }
    return try node(.binary(.power, base, exponent), offset, over: [base, exponent])
  }

  private mutating func primary() throws(ExpressionError) -> Syntax {
    let (kind, offset) = (token.kind, token.offset)
    switch kind {
    case .number(let value):
      position += 1
      return try node(.number(value), offset, over: [])
    case .text(let text):
      position += 1
      return try node(.text(text), offset, over: [])
    case .field(let name):
      position += 1
      return try node(.field(name), offset, over: [])
    case .name(let name):
      position += 1
      guard take(.open) else { return try node(.name(name), offset, over: []) }
      let parts = try deeper { (parser) throws(ExpressionError) in try parser.arguments() }
      return try node(.call(name, parts), offset, over: parts)
    case .mark(.open):
      position += 1
      let inner = try deeper { (parser) throws(ExpressionError) in try parser.disjunction() }
      guard take(.close) else { throw unexpected("a closing bracket") }
      return inner
    // `Not(a)`, `And(a, b)` and `Or(a, b)` are functions of Qlib; the words are operators too.
    case .mark(let mark) where mark == .and || mark == .or:
      position += 1
      guard take(.open) else {
        position -= 1
        throw unexpected("a value")
      }
      let parts = try deeper { (parser) throws(ExpressionError) in try parser.arguments() }
      return try node(.call(mark == .and ? "and" : "or", parts), offset, over: parts)
    default: throw unexpected("a value")
    }
  }

  /// Behind the opening bracket, up to and with the closing one.
  private mutating func arguments() throws(ExpressionError) -> [Syntax] {
    if take(.close) { return [] }
    var parts: [Syntax] = []
    repeat {
      parts.append(try disjunction())
      guard parts.count <= 16 else { throw unexpected("no more than 16 arguments") }
    } while take(.comma)
    guard take(.close) else { throw unexpected("a comma or a closing bracket") }
    return parts
  }
}
