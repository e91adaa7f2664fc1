import Runtime

/// A function that an expression may call.
struct WrittenFunction: Sendable {
  /// Its name and what others call it, in small letters; capitals do not count.
  let names: [String]
  let counts: ClosedRange<Int>
  /// Completes "it takes …".
  let takes: String
  let example: String
  let make: @Sendable (inout Arguments) throws(ExpressionError) -> Value

  init(
    _ names: [String], takes: String, _ counts: ClosedRange<Int>, _ example: String,
    make: @escaping @Sendable (inout Arguments) throws(ExpressionError) -> Value
  ) {
    self.names = names
    self.counts = counts
    self.takes = takes
    self.example = example
    self.make = make
  }

  static let all: [WrittenFunction] =
    elementwise + conditional + windows + recursive + ofPairs + spanning

  static let names: [String] = all.flatMap(\.names)

  private static let places: [String: Int] = Dictionary(
    all.enumerated().flatMap { place, function in function.names.map { ($0, place) } },
    uniquingKeysWith: { first, _ in first })

  static func find(_ name: String) -> WrittenFunction? {
    places[name.lowercased()].map { all[$0] }
  }
}

/// What a function was given, and the questions it may ask of it.
struct Arguments {
  let function: WrittenFunction
  let values: [Value]
  let offsets: [Int]
  let offset: Int
  var reader: ExpressionReader

  private static let places = ["first", "second", "third", "fourth"]
  /// No window and no lag is longer.
  static let barsMax = 100_000

  var count: Int { values.count }
  var place: String { reader.source.place(offset) }
  func place(_ index: Int) -> String { reader.source.place(offsets[index]) }

  private func name(_ index: Int) -> String {
    "the \(Self.places[min(index, 3)]) argument of \(function.names[0])"
  }

  func wrong(_ index: Int, _ expected: String, _ remedy: String? = nil) -> ExpressionError {
    let value = values[index]
    let found =
      value.text.map { "the text \(Excerpt.quoted($0))" }
      ?? value.constant.map { "the number \(NumberWords.text($0))" }
      ?? (value.isCondition ? "a condition" : "a series")
    return ExpressionError(
      .arguments, at: place(index), "\(name(index)) is \(found), not \(expected)",
      remedy ?? "write it as \(function.example)")
  }

  /// A column that changes from bar to bar, missing where it is not finite.
  func series(_ index: Int) throws(ExpressionError) -> Expression {
    guard values[index].text == nil, values[index].constant == nil else {
      throw wrong(index, "a series", "give a column, a feature or a formula, as in close")
    }
    return values[index].finite
  }

  /// A series or a number.
  func operand(_ index: Int) throws(ExpressionError) -> Expression {
    guard values[index].text == nil else { throw wrong(index, "a series or a number") }
    return values[index].finite
  }

  func condition(_ index: Int) throws(ExpressionError) -> Expression {
    guard values[index].isCondition else {
      throw wrong(index, "a condition", "compare it with something, as in close > 0")
    }
    return values[index].expression
  }

  func number(_ index: Int, in range: ClosedRange<Double>) throws(ExpressionError) -> Double {
    guard let constant = values[index].constant, range.contains(constant) else {
      throw wrong(index, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return constant
  }

  /// A number of bars.
  func bars(_ index: Int, least: Int = 1) throws(ExpressionError) -> Int {
    guard let constant = values[index].constant, let bars = Int(exactly: constant),
      (least...Self.barsMax).contains(bars)
    else {
      throw wrong(
        index, "a whole number of bars from \(least) to \(NumberText.count(Self.barsMax))")
    }
    return bars
  }
}
