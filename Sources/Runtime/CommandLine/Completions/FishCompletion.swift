struct FishCompletion {
  let program: String
  let places: [CompletionPlace]

  var text: String {
    """
    # fish completion for \(program): save it in ~/.config/fish/completions/\(program).fish
    function __\(program)_at
      set -l here \(program)
      for word in (commandline -opc)[2..-1]
        switch "$here $word"
    \(steps)
        end
      end
      test "$here" = "$argv[1]"
    end
    \(places.flatMap(offers).joined(separator: "\n"))
    """
  }

  private var steps: String {
    lines(CompletionPlace.steps(between: places)) { step in
      let typed = step.typed.map(quoted).joined(separator: " ")
      return "      case \(typed)\n        set here \(quoted(step.path))"
    }
  }

  private func offers(at place: CompletionPlace) -> [String] {
    let start = "complete -c \(program) -n \(quoted("__\(program)_at \"\(place.path)\""))"
    let verbs = place.verb.verbs.map { verb in
      "\(start) -f -a \(quoted(verb.name)) -d \(quoted(verb.summary))"
    }
    let choices = place.argumentChoices.map { "\(start) -f -a \(quoted($0))" }
    let flags = place.flags.map { flag in
      let names =
        flag.longNames.map { " -l \($0)" }.joined() + (flag.short.map { " -s \($0)" } ?? "")
      var value = ""
      if flag.takesValue {
        value =
          flag.choices.isEmpty
          ? " -r -F" : " -x -a \(quoted(flag.choices.joined(separator: " ")))"
      }
      return "\(start)\(names)\(value) -d \(quoted(flag.help))"
    }
    return verbs + choices + flags
  }

  /// Text inside single quotes, where fish knows two escapes.
  private func quoted(_ text: String) -> String {
    var quoted = "'"
    for character in text {
      if character == "'" || character == "\\" { quoted.append("\\") }
      quoted.append(character)
    }
    return quoted + "'"
  }
}
