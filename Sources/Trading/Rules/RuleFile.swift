import Features
import Market
import Runtime

/// A strategy that a person wrote as rules, as its file has it. docs/RULES.md is its description.
public struct RuleFile: Configured {
  public var name = ""
  public var symbols: [Symbol] = []
  public var interval: BarInterval?
  public var entry, exit, shortEntry, shortExit: RuleText?
  public var size, stop, takeProfit: RuleText?
  public var parameters = RuleParameters()
  public var definitions = RuleDefinitions()
  public var rank: RuleText?
  public var top, drop: Int?

  public init() {}

  public static let schema = Schema<Self>("A strategy of rules") {
    Field("name", \.name, required: true, "What reports call it")
    Field("symbols", \.symbols, required: true, "What it trades")
    Field("interval", \.interval, "Length of a bar; as the files have it where nothing is said")
    Field("parameters", \.parameters, "Numbers that expressions name, with their ranges")
    Field("define", \.definitions, "Expressions by names of your own, for rules to use")
    Field("entry", \.entry, "Condition for buying")
    Field("exit", \.exit, "Condition for selling what was bought")
    Field("short_entry", \.shortEntry, "Condition for selling short")
    Field("short_exit", \.shortExit, "Condition for buying back")
    Field("size", \.size, "Part of a symbol's share of the account, above 0 to 1")
    Field("stop", \.stop, "Loss at which a position is closed, as a part of its entry price")
    Field("take_profit", \.takeProfit, "Gain at which it is closed, as a part of its entry price")
    Field("rank", \.rank, "Number by which symbols are ranked; the greatest are held")
    Field("top", \.top, in: 1..., "How many of the ranked are held")
    Field("drop", \.drop, in: 1..., "How many of them may be exchanged at one bar")
  }

  /// Every rule that is there, under the key it has.
  var texts: [(key: RuleKey, text: RuleText)] {
    let all: [(RuleKey, RuleText?)] = [
      (.entry, entry), (.exit, exit), (.shortEntry, shortEntry), (.shortExit, shortExit),
      (.size, size), (.stop, stop), (.takeProfit, takeProfit), (.rank, rank),
    ]
    return all.compactMap { key, text in text.map { (key, $0) } }
  }

  public var inconsistency: Inconsistency? {
    guard Set(symbols).count == symbols.count else {
      return Inconsistency(
        at: "symbols", finding: "a symbol is named twice", remedy: "name each once")
    }
    return (rank == nil ? faultOfConditions : faultOfRanking) ?? faultOfNames
  }

  private var faultOfConditions: Inconsistency? {
    func missing(_ key: String, _ why: String) -> Inconsistency {
      Inconsistency(
        at: key, finding: "there is no \(key)\(why)",
        remedy: "add one, as in \(key): \"close > mean(close, 200)\"")
    }
    if top != nil || drop != nil {
      return Inconsistency(
        at: top == nil ? "drop" : "top", finding: "there is nothing to rank symbols by",
        remedy: "add rank, as in rank: \"returns(close, 126)\"")
    }
    if entry == nil, shortEntry == nil { return missing("entry", "") }
    for (entry, exit, keys) in [
      (entry, exit, ("entry", "exit")), (shortEntry, shortExit, ("short_entry", "short_exit")),
    ] {
      if entry != nil, exit == nil { return missing(keys.1, ", so nothing would end") }
      if entry == nil, exit != nil { return missing(keys.0, ", so nothing would begin") }
    }
    return nil
  }

  private var faultOfRanking: Inconsistency? {
    let others = texts.filter { $0.key != .rank && $0.key != .size }
    if let (key, _) = others.first {
      return Inconsistency(
        at: key.rawValue, finding: "rank decides what is held, and so does \(key.rawValue)",
        remedy: "keep rank and top, or the conditions")
    }
    guard let top else {
      return Inconsistency(
        at: "rank", finding: "rank without top", remedy: "say how many are held, as in top: 3")
    }
    guard symbols.isEmpty || top < symbols.count else {
      return Inconsistency(
        at: "top", finding: "\(top) of \(symbols.count) symbols leaves nothing to choose",
        remedy: "give more symbols, or a smaller top")
    }
    guard (drop ?? 1) <= top else {
      return Inconsistency(
        at: "drop", finding: "no more than the \(top) that are held can be exchanged",
        remedy: "choose a drop from 1 to \(top)")
    }
    return nil
  }

  /// A name that nothing uses is a mistake more often than not; one that means two things always is.
  private var faultOfNames: Inconsistency? {
    let texts = texts.map(\.text.text) + definitions.all.map(\.text)
    let numbers = parameters.all.map(\.name)
    for (names, key, what) in [
      (numbers, "parameters", "parameter"), (definitions.all.map(\.name), "define", "definition"),
    ] {
      if let unused = names.first(where: { name in !texts.contains { $0.mentions(name) } }) {
        return Inconsistency(
          at: key, finding: "no rule uses the \(what) \(unused)",
          remedy: "use it in an expression, or take it out")
      }
    }
    if let both = definitions.all.first(where: { numbers.contains($0.name) }) {
      return Inconsistency(
        at: "define", finding: "\(both.name) is a parameter too", remedy: "rename one of the two")
    }
    return nil
  }
}

extension String {
  /// Whether `name` stands in an expression as a word.
  fileprivate func mentions(_ name: String) -> Bool {
    split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains(Substring(name))
  }
}

/// The rules of a file, by their keys.
public enum RuleKey: String, CaseIterable, Sendable {
  case entry, exit
  case shortEntry = "short_entry"
  case shortExit = "short_exit"
  case size, stop
  case takeProfit = "take_profit"
  case rank

  var isCondition: Bool {
    switch self {
    case .entry, .exit, .shortEntry, .shortExit: true
    case .size, .stop, .takeProfit, .rank: false
    }
  }
}
