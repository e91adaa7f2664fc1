/// What can be wrong with a command line. All of them end with exit code 2.
public enum UsageError: DiagnosedError, Equatable {
  case unknownVerb(String, path: [String], nearest: String?)
  case missingVerb(path: [String], choices: [String])
  case unknownFlag(String, path: [String], nearest: String?)
  /// A flag at the end of the line, or before another flag, whose value was forgotten.
  case missingValue(place: String, metavariable: String)
  case missingFlag(name: String, metavariable: String)
  case givenTwice(place: String)
  case badValue(
    place: String, text: String, expected: String, example: String, cause: Diagnosis?)
  case missingArgument(name: String, expected: String)
  case surplusArgument(String, path: [String])

  public var diagnosis: Diagnosis {
    let (place, finding, remedy) = sentences
    return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .wrongUsage)
  }

  private var sentences: (place: String, finding: String, remedy: String) {
    switch self {
    case .unknownVerb(let word, let path, let nearest):
      let command = path.joined(separator: " ")
      return (
        command, "there is no verb \(Excerpt.quoted(word))",
        nearest.map { "did you mean: \(command) \($0)" } ?? "see: \(command) --help"
      )
    case .missingVerb(let path, let choices):
      let command = path.joined(separator: " ")
      return (
        command, "a verb is missing",
        "one of: \(choices.joined(separator: ", ")); see: \(command) --help"
      )
    case .unknownFlag(let word, let path, let nearest):
      let command = path.joined(separator: " ")
      return (
        command, "there is no flag \(Excerpt.quoted(word))",
        nearest.map { "did you mean: \($0)" } ?? "see: \(command) --help"
      )
    case .missingValue(let place, let metavariable):
      return (
        place, "its value \(metavariable) is missing",
        "write \(place) \(metavariable), or \(place)=\(metavariable) for one that begins with --"
      )
    case .missingFlag(let name, let metavariable):
      return ("--\(name)", "this flag is needed here", "add --\(name) \(metavariable)")
    case .givenTwice(let place):
      return (place, "given twice, and only one value can hold", "keep one of the two")
    case .badValue(let place, let text, let expected, let example, let cause):
      return (
        place, cause?.finding ?? "\(Excerpt.quoted(text)) is not \(expected)",
        cause?.remedy ?? "for example: \(example)"
      )
    case .missingArgument(let name, let expected):
      return (name, "this argument is missing: \(expected)", "give it after the verb")
    case .surplusArgument(let text, let path):
      let command = path.joined(separator: " ")
      return (
        command, "\(Excerpt.quoted(text)) is one argument too many",
        "leave it out, or quote a text with spaces; see: \(command) --help"
      )
    }
  }
}
