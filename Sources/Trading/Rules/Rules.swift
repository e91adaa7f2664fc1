import Features
import Market
import Numerics
import Runtime

/// The text of a file of rules, and the numbers put in place of its parameters' own.
public struct RuleSource: Hashable, Sendable {
  public let file: String
  public let text: String
  public let parameters: [String: Double]

  public init(file: String, text: String, parameters: [String: Double] = [:]) {
    self.file = file
    self.text = text
    self.parameters = parameters
  }
}

extension RuleSource {
  var json: JSON {
    [
      "name": "rules", "file": JSON(file), "text": JSON(text),
      "parameters": .object(
        parameters.sorted { $0.key < $1.key }.map { .init($0.key, JSON($0.value)) }),
    ]
  }

  init?(_ json: JSON?) {
    guard let file = json?["file"]?.string, let text = json?["text"]?.string else { return nil }
    var parameters: [String: Double] = [:]
    for member in json?["parameters"]?.members ?? [] {
      parameters[member.key] = member.value.double
    }
    self.init(file: file, text: text, parameters: parameters)
  }
}

/// Rules that were read, checked and compiled into one plan: what expressions share is computed once, and
/// a bar costs no look at their text.
public struct Rules: Sendable {
  public let source: RuleSource
  public let file: RuleFile
  /// With the numbers they have in this run.
  public let parameters: [RuleParameter]
  /// What each rule is, in the order of the plan's outputs.
  let expressions: [(key: RuleKey, read: ReadExpression)]

  public var name: String { file.name }
  public var symbols: [Symbol] { file.symbols }
  public var interval: BarInterval? { file.interval }
  /// Whether it needs an account that may sell short.
  public var sellsShort: Bool { file.shortEntry != nil }
  /// How many bars must be known before every rule has a value.
  public var lookBack: Int { expressions.map { $0.read.lookBack }.max() ?? 0 }

  /// Reads rules, refusing what cannot be meant and whatever looks ahead.
  public init(_ source: RuleSource) throws(RuleError) {
    self.source = source
    do throws(ConfigurationError) {
      file = try Configuration<RuleFile>.load(
        sources: [ConfigurationSource(name: source.file, bytes: Array(source.text.utf8))]
      ).value
    } catch {
      throw .configuration(error)
    }
    parameters = try Self.parameters(of: file, source)
    expressions = try Self.expressions(of: file, parameters, source)
    try check()
  }

  private static func parameters(
    of file: RuleFile, _ source: RuleSource
  ) throws(RuleError) -> [RuleParameter] {
    let all = file.parameters.all
    for name in source.parameters.keys.sorted() where !all.contains(where: { $0.name == name }) {
      throw .unknownParameter(name, file: source.file, known: all.map(\.name))
    }
    var given: [RuleParameter] = []
    for parameter in all {
      let value = source.parameters[parameter.name] ?? parameter.value
      if let range = parameter.range, !range.contains(value) {
        throw .parameterOutOfRange(parameter.name, value, range)
      }
      given.append(
        RuleParameter(
          name: parameter.name, value: value, range: parameter.range, step: parameter.step))
    }
    return given
  }

  private static func expressions(
    of file: RuleFile, _ parameters: [RuleParameter], _ source: RuleSource
  ) throws(RuleError) -> [(key: RuleKey, read: ReadExpression)] {
    let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
    let readable = Set(BarRow.plainColumns + CalendarPart.allCases.map(\.rawValue))
    var all: [(key: RuleKey, read: ReadExpression)] = []
    do throws(ExpressionError) {
      let names = try ExpressionNames(
        numbers: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) }),
        definitions: file.definitions.all, file: source.file, lines: lines)
      for (key, text) in file.texts {
        let place = text.source(source.file, lines: lines)
        let read =
          key.isCondition
          ? try ExpressionReader.condition(place, names: names)
          : key == .rank
            ? try ExpressionReader.number(place, names: names)
            : try ExpressionReader.numberOrConstant(place, names: names)
        all.append((key, read))
      }
    } catch {
      throw .expression(error)
    }
    for (key, read) in all {
      if let other = read.inputs.subtracting(readable).min() {
        throw .column(other, rule: key.rawValue, file: source.file)
      }
    }
    return all
  }

  /// What each rule says alone may be right and still not be meant.
  private func check() throws(RuleError) {
    func expression(_ key: RuleKey) -> Expression? {
      expressions.first { $0.key == key }?.read.expression
    }
    for (one, other) in [
      (RuleKey.entry, RuleKey.exit), (.shortEntry, .shortExit), (.entry, .shortEntry),
    ] {
      if let condition = expression(one), condition == expression(other) {
        throw .sameConditions(one.rawValue, other.rawValue, file: source.file)
      }
    }
    let hasShorts = file.shortEntry != nil
    for (key, most, words) in [
      (RuleKey.size, 1, "above 0 and no greater than 1"),
      (.stop, 1.0.nextDown, "above 0 and below 1: a part of the entry price"),
      (
        .takeProfit, hasShorts ? 1.0.nextDown : 1000,
        "above 0\(hasShorts ? " and below 1" : ""): a part of the entry price"
      ),
    ] {
      guard case .constant(let value)? = expression(key) else { continue }
      guard value > 0, value <= most else {
        throw .outOfRange(rule: key.rawValue, file: source.file, found: value, allowed: words)
      }
    }
  }

  /// Ready to run.
  public var strategy: AnyStrategy {
    RankStrategy(self).map { AnyStrategy($0) } ?? AnyStrategy(ConditionStrategy(self))
  }

  func output(_ key: RuleKey) -> Int? { expressions.firstIndex { $0.key == key } }
}
