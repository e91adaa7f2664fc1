/// Scripts that complete a program's words in the three usual shells, made from its declarations.
///
/// Each script walks the words typed so far to find the verb they lead to, as the parser does, and
/// offers what may follow. Nothing is asked of the program while a person types.
public enum CompletionScript {
  public enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
  }

  public static func text(for shell: Shell, of program: Program) -> String {
    let places = CompletionPlace.all(from: program.root, path: program.name)
    return switch shell {
    case .bash: BashCompletion(program: program.name, places: places).text
    case .zsh: ZshCompletion(program: program.name, places: places).text
    case .fish: FishCompletion(program: program.name, places: places).text
    }
  }
}

/// A verb as completion sees it: the words that lead there and what may follow.
struct CompletionPlace {
  let path: String
  let verb: Verb

  var flags: [FlagDeclaration] { verb.flags + CommonFlags.all }
  var flagsWithValues: [FlagDeclaration] { flags.filter(\.takesValue) }
  var argumentChoices: [String] { verb.arguments.flatMap(\.choices) }
  /// Words of the verbs below; aliases work but are not offered.
  var verbNames: [String] { verb.verbs.map(\.name) }

  /// `help` is no place of its own: after it come the same words as without it.
  private static func leads(_ verb: Verb) -> Bool { verb.name != "help" }

  static func all(from verb: Verb, path: String) -> [CompletionPlace] {
    [CompletionPlace(path: path, verb: verb)]
      + verb.verbs.filter(leads).flatMap { all(from: $0, path: path + " " + $0.name) }
  }

  /// What is typed at a place to get to one below it.
  static func steps(between places: [CompletionPlace]) -> [(typed: [String], path: String)] {
    places.flatMap { place in
      place.verb.verbs.filter(leads).map { next in
        (([next.name] + next.aliases).map { place.path + " " + $0 }, place.path + " " + next.name)
      }
    }
  }
}

extension FlagDeclaration {
  /// The flag as it may be typed: `-c`, `--config`.
  var typedNames: [String] {
    (short.map { ["-\($0)"] } ?? []) + longNames.map { "--" + $0 }
  }
}

/// Text inside single quotes of a POSIX shell.
func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}

/// `"a b"|"a c"`, as a pattern of `case`.
func casePattern(_ words: [String]) -> String {
  words.map { "\"\($0)\"" }.joined(separator: "|")
}
