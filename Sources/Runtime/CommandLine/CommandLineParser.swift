/// Takes a command line apart, left to right, against the declarations of the verbs.
///
/// A word is a verb while the verb so far has others under it, then an argument. Flags belong to the
/// verb so far or to all verbs, and may stand anywhere after it. After `--` everything is an argument.
struct CommandLineParser {
  private let words: [String]
  private var position = 0
  private(set) var verb: Verb
  private(set) var path: [String]
  private(set) var flagTexts: [String: [String]] = [:]
  private var plain: [String] = []

  init(_ words: [String], root: Verb) {
    self.words = words
    verb = root
    path = [root.name]
  }

  /// Reads all words; values are checked later, so that `--help` works on a line that is not finished.
  mutating func parse() throws(UsageError) {
    var onlyArguments = false
    while position < words.count {
      let word = words[position]
      position += 1
      if onlyArguments || word == "-" || !word.hasPrefix("-") || isNegativeNumber(word) {
        try takePlain(word, mayBeVerb: !onlyArguments)
      } else if word == "--" {
        onlyArguments = true
      } else if word.hasPrefix("--") {
        try takeLong(word)
      } else {
        try takeShort(word)
      }
    }
  }

  var asksForHelp: Bool {
    guard let text = flagTexts[CommonFlags.help.declaration.name]?.last else { return false }
    return text == "true"
  }

  /// Checks every value, and gives the texts of the arguments by name.
  func checkedArguments() throws(UsageError) -> [String: [String]] {
    if verb.action == nil {
      throw .missingVerb(path: path, choices: verb.verbs.map(\.name))
    }
    for flag in verb.flags + CommonFlags.all {
      let texts = flagTexts[flag.name] ?? []
      if texts.count > 1, !flag.isRepeatable, flag.takesValue {
        throw .givenTwice(place: flag.place)
      }
      try flag.check(texts)
    }
    var rest = plain[...]
    var texts: [String: [String]] = [:]
    for argument in verb.arguments {
      let taken = argument.isRepeatable ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      texts[argument.name] = Array(taken)
      try argument.check(Array(taken))
    }
    if let surplus = rest.first { throw .surplusArgument(surplus, path: path) }
    return texts
  }

  private mutating func takePlain(_ word: String, mayBeVerb: Bool) throws(UsageError) {
    if mayBeVerb, plain.isEmpty, !verb.verbs.isEmpty {
      if let next = verb.verb(named: word) {
        verb = next
        path.append(next.name)
        return
      }
      if verb.action == nil || verb.arguments.isEmpty {
        throw .unknownVerb(word, path: path, nearest: verb.nearestVerb(to: word))
      }
    }
    plain.append(word)
  }

  private var known: [FlagDeclaration] { verb.flags + CommonFlags.all }

  private mutating func takeLong(_ word: String) throws(UsageError) {
    let body = word.dropFirst(2)
    let name = String(body.prefix { $0 != "=" })
    let attached = body.count > name.count ? String(body.dropFirst(name.count + 1)) : nil
    guard let flag = known.first(where: { $0.longNames.contains(name) }) else {
      let nearest = Words.nearest(to: name, among: known.flatMap(\.longNames))
      throw .unknownFlag("--" + name, path: path, nearest: nearest.map { "--" + $0 })
    }
    try take(flag, attached: attached, as: "--" + name)
  }

  /// `-c FILE`, `-cFILE`, `-c=FILE`; letters of flags that are on or off may stand together: `-vq`.
  private mutating func takeShort(_ word: String) throws(UsageError) {
    var letters = word.dropFirst()
    while let letter = letters.first {
      letters = letters.dropFirst()
      guard let flag = known.first(where: { $0.short == letter }) else {
        let name = String(word.dropFirst())
        let isLongName = known.contains { $0.longNames.contains(name) }
        throw .unknownFlag(
          name.count > 1 ? word : "-\(letter)", path: path, nearest: isLongName ? "-" + word : nil)
      }
      if flag.takesValue || letters.first == "=" {
        let value = letters.first == "=" ? letters.dropFirst() : letters
        let isAttached = !letters.isEmpty
        return try take(flag, attached: isAttached ? String(value) : nil, as: "-\(letter)")
      }
      try take(flag, attached: nil, as: "-\(letter)")
    }
  }

  private mutating func take(
    _ flag: FlagDeclaration, attached: String?, as typed: String
  ) throws(UsageError) {
    var text = attached
    if text == nil { text = flag.takesValue ? nextValue() : "true" }
    guard let text else {
      throw .missingValue(place: typed, metavariable: flag.metavariable ?? "VALUE")
    }
    flagTexts[flag.name, default: []].append(text)
  }

  /// The next word, unless it looks like a flag: then the value was forgotten.
  private mutating func nextValue() -> String? {
    guard position < words.count else { return nil }
    let word = words[position]
    let isFlag = word.hasPrefix("-") && word.count > 1 && !isNegativeNumber(word)
    if isFlag { return nil }
    position += 1
    return word
  }

  private func isNegativeNumber(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let next = word.dropFirst().first else { return false }
    return next.isASCII && next.isNumber || next == "." && word.count > 2
  }
}
