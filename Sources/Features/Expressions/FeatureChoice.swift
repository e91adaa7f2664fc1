import Market
import Runtime

/// The features a person chose: whole sets of the catalogue, expressions of their own, and code.
///
/// Expressions may look ahead, so that a proof can show what they do and labels be made of them.
/// Everybody else calls `refuseLookAhead` first.
public struct FeatureChoice: Sendable {
  /// A feature of the person's own, and where it is written.
  struct Own: Sendable {
    let feature: any PlannedFeature
    let place: String
    /// Columns named by `$`, and where.
    let fields: [(name: String, place: String)]
    let lookAhead: ExpressionError?
  }

  public let sets: [String]
  let ofSets: [Formula]
  let own: [Own]
  /// Written in Swift.
  let coded: [any Feature]

  /// Those of the sets in their order, each once, then the person's own.
  public var features: [any Feature] { ofSets + own.map(\.feature) + coded }
  /// The person's own.
  public var ownFeatures: [any Feature] { own.map(\.feature) }
  public var names: [String] { features.map(\.about.name) }

  /// - Parameters:
  ///   - coded: features written in Swift; nothing but a proof can tell whether they look ahead.
  ///   - file: what errors call the file that the expressions stand in.
  ///   - text: what stands in it, where that is known: places are exact then.
  public init(
    sets: [String] = [], expressions: [NamedExpression] = [], coded: [any Feature] = [],
    file: String = "expressions", text: String = ""
  ) throws {
    var seen: Set<String> = []
    var formulas: [Formula] = []
    for set in sets {
      formulas += try Catalogue.formulas(ofSet: set).filter {
        seen.insert($0.about.name).inserted
      }
    }
    try self.init(
      formulas: formulas, sets: sets, expressions: expressions, coded: coded, file: file, text: text
    )
  }

  /// The columns of a training set by name and text, as its manifest has them: those of the catalogue where
  /// they are still the same there, because some formulas say more than a person can write, then others.
  package init(columns: [NamedExpression], file: String) throws {
    let known = Dictionary(
      Catalogue.all.map { ($0.about.name, $0) }, uniquingKeysWith: { first, _ in first })
    func formula(_ column: NamedExpression) -> Formula? {
      known[column.name].flatMap { $0.expression.text == column.text ? $0 : nil }
    }
    try self.init(
      formulas: columns.compactMap(formula), sets: [],
      expressions: columns.filter { formula($0) == nil }, coded: [], file: file, text: "")
  }

  private init(
    formulas: [Formula], sets: [String], expressions: [NamedExpression], coded: [any Feature],
    file: String, text: String
  ) throws {
    let seen = Set(formulas.map(\.about.name))
    let lines =
      text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false)
    let resolver = FeatureResolver(expressions, file: file, lines: lines, taken: seen)
    try resolver.resolveAll()
    self.sets = sets
    ofSets = formulas
    own = expressions.compactMap { resolver.own($0.name) }
    self.coded = coded
    let names = seen.union(expressions.map(\.name))
    for name in coded.map(\.about.name) where names.contains(name) {
      throw ExpressionError(
        .naming, at: file, "two features are called \(name)", "rename one of them")
    }
    guard !features.isEmpty else {
      throw ExpressionError(
        .naming, at: file, "no feature is chosen",
        "name sets and features, as in sets: [technical93] and "
          + "features: [{name: trend, expr: \"ema(close, 12) / close\"}]")
    }
  }

  /// Throws at the first expression that needs what is not known at its bar.
  public func refuseLookAhead() throws(ExpressionError) {
    for own in own {
      if let error = own.lookAhead { throw error }
    }
  }

  /// Throws where the bars lack a column that an expression names.
  public func check(_ frames: [Frame]) throws(ExpressionError) {
    for own in own {
      for field in own.fields {
        for frame in frames where frame[field.name] == nil {
          let nearest = Words.nearest(to: field.name, among: frame.names)
          throw ExpressionError(
            .data, at: field.place,
            "the bars of \(frame.symbol) have no column \(Excerpt.quoted(field.name)) "
              + "(found: \(frame.names.joined(separator: ", ")))",
            nearest.map { "did you mean $\($0)?" } ?? "name a column that the files have")
        }
      }
    }
  }

  /// The frames with the columns that several symbols make together: those of `CrossSection`, and
  /// ranks that expressions ask for.
  public func joined(_ frames: [Frame]) throws(FeatureError) -> [Frame] {
    try CrossSection.ranked(CrossSection.joined(frames), for: own.map(\.feature))
  }
}

/// Reads expressions in the order in which they need each other.
final class FeatureResolver {
  private let numbers: [String: Double]
  private let expressions: [NamedExpression]
  private let file: String
  private let lines: [Substring]
  private let taken: Set<String>
  private let places: [String: Int]
  private var done: [String: FeatureChoice.Own] = [:]
  private var values: [String: ExpressionReader.Named] = [:]
  /// Those that wait for one another, outermost first.
  private var waiting: [String] = []

  /// - Parameter numbers: that expressions may name
  init(
    _ expressions: [NamedExpression], numbers: [String: Double] = [:], file: String,
    lines: [Substring], taken: Set<String>
  ) {
    self.numbers = numbers
    self.expressions = expressions
    self.file = file
    self.lines = lines
    self.taken = taken
    places = Dictionary(
      expressions.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  func own(_ name: String) -> FeatureChoice.Own? { done[name] }

  func resolveAll() throws(ExpressionError) {
    for (index, expression) in expressions.enumerated() { try check(expression, index) }
    for expression in expressions { _ = try resolve(expression.name) }
  }

  private func check(_ expression: NamedExpression, _ index: Int) throws(ExpressionError) {
    let name = expression.name
    func refuse(_ finding: String, _ remedy: String) throws(ExpressionError) {
      throw ExpressionError(
        .naming, at: "\(file):\(expression.nameMark.line):\(expression.nameMark.column)",
        finding, remedy)
    }
    let isWord = name.utf8.allSatisfy { byte in
      let letter = byte | 0x20
      return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }
    let startsWithDigit = name.first?.isNumber ?? true
    if !isWord || startsWithDigit || name.utf8.count > 64 {
      try refuse(
        "\(Excerpt.quoted(name)) is no name of a feature",
        "use letters, digits and _, a letter first, at most 64 of them")
    }
    if ["and", "or", "not"].contains(name.lowercased()) || ExpressionReader.columns.contains(name)
      || TrainingSet.isReserved(name)
    {
      try refuse("\(name) means something else already", "choose another name")
    }
    if taken.contains(name) {
      try refuse(
        "\(name) is a feature of a set that is chosen too",
        "choose another name, or leave out the set")
    }
    if let first = places[name], first != index {
      try refuse(
        "two features are called \(name), the first in line \(expressions[first].nameMark.line)",
        "rename one of them")
    }
  }

  /// The value of a feature of the file, or of a number; `nil` where there is none of that name.
  func resolve(_ name: String) throws(ExpressionError) -> ExpressionReader.Named? {
    if let value = values[name] { return value }
    guard let index = places[name] else {
      return numbers[name].map { ExpressionReader.Named(number: $0) }
    }
    let expression = expressions[index]
    let source = expression.source(file, lines: lines)
    if let start = waiting.firstIndex(of: name) {
      let ring = (waiting[start...] + [name]).joined(separator: " → ")
      throw ExpressionError(
        .recursion, at: source.place(0), "\(name) is defined by itself: \(Excerpt.bare(ring))",
        "a feature may name only those that do not need it: use ref, ema or total for memory")
    }
    guard waiting.count < ExpressionReader.heightMax else {
      throw ExpressionError(
        .tooDeep, at: source.place(0),
        "more than \(ExpressionReader.heightMax) features are each defined by the next",
        "make the chain shorter")
    }
    waiting.append(name)
    defer { waiting.removeLast() }
    let words = (Array(places.keys) + numbers.keys).sorted()
    var reader = ExpressionReader(source, namedWords: words) {
      (word) throws(ExpressionError) in try self.resolve(word)
    }
    let value = try reader.value()
    return try finish(expression, source, value, reader)
  }

  private func finish(
    _ expression: NamedExpression, _ source: ExpressionSource, _ value: Value,
    _ reader: ExpressionReader
  ) throws(ExpressionError) -> ExpressionReader.Named {
    let written = try reader.series(value, expression.name, 0)
    let read = ReadExpression(expression: written, derived: reader.derived)
    done[expression.name] = FeatureChoice.Own(
      feature: read.planned(named: expression.name, text: expression.text), place: source.place(0),
      fields: reader.fields.map { ($0.name, source.place($0.offset)) },
      lookAhead: reader.derived.first(where: \.looksAhead)?.lookAhead(at: source.place(0)))
    let named = ExpressionReader.Named(value: value, derived: reader.derived)
    values[expression.name] = named
    return named
  }
}
