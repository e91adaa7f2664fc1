import Foundation
import Runtime

/// A piece of an expression's text.
struct Token: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    /// `$close`, as Qlib writes a column.
    case field(String)
    /// In quotation marks.
    case text(String)
    case mark(Mark)
    case end
  }

  enum Mark: String, CaseIterable {
    case open = "("
    case close = ")"
    case comma = ","
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case power = "^"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and = "&&"
    case or = "||"
    case not = "!"
  }

  var kind: Kind
  /// Characters before it.
  var offset: Int

  /// As an error message shows it.
  var shown: String {
    switch kind {
    case .number(let value): "the number \(NumberWords.text(value))"
    case .name(let name): Excerpt.quoted(name)
    case .field(let name): Excerpt.quoted("$" + name)
    case .text(let text): "the text \(Excerpt.quoted(text))"
    case .mark(let mark): "\"\(mark.rawValue)\""
    case .end: "the end"
    }
  }
}

/// Cuts a text into tokens.
struct TokenScanner {
  private let letters: [Character]
  private let source: ExpressionSource
  private var offset = 0

  init(_ source: ExpressionSource) {
    letters = Array(source.text)
    self.source = source
  }

  mutating func tokens() throws(ExpressionError) -> [Token] {
    var tokens: [Token] = []
    while true {
      let token = try next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private var letter: Character? { offset < letters.count ? letters[offset] : nil }

  private mutating func next() throws(ExpressionError) -> Token {
    while let letter, letter.isWhitespace { offset += 1 }
    let start = offset
    guard let letter else { return Token(kind: .end, offset: start) }
    let kind: Token.Kind
    if letter.isDigit || letter == "." {
      kind = .number(try number())
    } else if letter.isWordStart {
      kind = Self.keywords[word().lowercased()] ?? .name(String(letters[start..<offset]))
    } else if letter == "$" {
      offset += 1
      kind = .field(word())
      guard kind != .field("") else { throw unexpected(start, "a column's name after $") }
    } else if letter == "'" || letter == "\"" {
      kind = .text(try quoted(letter))
    } else {
      kind = .mark(try mark())
    }
    return Token(kind: kind, offset: start)
  }

  private static let keywords: [String: Token.Kind] = [
    "and": .mark(.and), "or": .mark(.or), "not": .mark(.not),
  ]

  private mutating func word() -> String {
    let start = offset
    while let letter, letter.isWordStart || letter.isDigit { offset += 1 }
    return String(letters[start..<offset])
  }

  private mutating func digits() {
    while let letter, letter.isDigit { offset += 1 }
  }

  private mutating func number() throws(ExpressionError) -> Double {
    let start = offset
    digits()
    if letter == "." {
      offset += 1
      digits()
    }
    if letter == "e" || letter == "E" {
      offset += 1
      if letter == "+" || letter == "-" { offset += 1 }
      digits()
    }
    if let letter, letter.isWordStart { _ = word() }
    let text = String(letters[start..<offset])
    // `Double` does not read "1.", which people write.
    guard let value = Double(text.hasSuffix(".") ? text + "0" : text), value.isFinite else {
      throw ExpressionError(
        .syntax, at: source.place(start), "\(Excerpt.quoted(text)) is not a number",
        "write digits, as in 12, 0.5 or 1e-6")
    }
    return value
  }

  private mutating func quoted(_ mark: Character) throws(ExpressionError) -> String {
    let start = offset
    offset += 1
    while let letter, letter != mark { offset += 1 }
    guard letter == mark else { throw unexpected(start, "a closing quotation mark") }
    offset += 1
    return String(letters[start + 1..<offset - 1])
  }

  private mutating func mark() throws(ExpressionError) -> Token.Mark {
    // Longest first; and what others write for the same.
    let two = String(letters[offset..<min(offset + 2, letters.count)])
    if two == "**" {
      offset += 2
      return .power
    }
    if let mark = Token.Mark(rawValue: two), two.count == 2 {
      offset += 2
      return mark
    }
    let one = String(letters[offset])
    if let mark = Token.Mark(rawValue: one) ?? ["&": .and, "|": .or][one] {
      offset += 1
      return mark
    }
    if one == "=" {
      throw ExpressionError(
        .syntax, at: source.place(offset), "\"=\" compares nothing and sets nothing",
        "write == to ask whether two values are equal")
    }
    throw ExpressionError(
      .syntax, at: source.place(offset), "the character \(Excerpt.quoted(one)) means nothing here",
      "write names, numbers, + - * / ^ and comparisons, as in close / mean(close, 20) - 1")
  }

  private func unexpected(_ offset: Int, _ expected: String) -> ExpressionError {
    ExpressionError(
      .syntax, at: source.place(offset), "\(expected) was expected",
      "write it as in ema($close, 12) or timeframe(close, '1h')")
  }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
  fileprivate var isWordStart: Bool { isASCII && (isLetter || self == "_") }
}

/// Numbers in messages: whole ones without a point.
enum NumberWords {
  static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
