struct ZshCompletion {
  let program: String
  let places: [CompletionPlace]

  // "path" is the search path in zsh, so the place is called "here".
  var text: String {
    """
    #compdef \(program)
    # zsh completion for \(program): save it as _\(program) in a folder of $fpath, or source it after compinit.
    _\(program)() {
      local here=\(program) word
      local -a verbs flags
      for word in "${(@)words[2,CURRENT-1]}"; do
        case "$here $word" in
    \(steps)
        esac
      done
      case "$here" in
    \(words)
      esac
      case "$here ${words[CURRENT-1]}" in
    \(values)
      esac
      if [[ ${words[CURRENT]} == -* ]]; then
        _describe -o option flags
      elif (( $#verbs )); then
        _describe verb verbs
      else
        _files
      fi
    }
    if [[ "${funcstack[1]}" == _\(program) ]]; then
      _\(program) "$@"
    else
      compdef _\(program) \(program)
    fi
    """
  }

  private var steps: String {
    lines(CompletionPlace.steps(between: places)) {
      "      \(casePattern($0.typed))) here=\"\($0.path)\" ;;"
    }
  }

  private var words: String {
    lines(places) { place in
      let verbs =
        place.verb.verbs.map { described($0.name, $0.summary) }
        + place.argumentChoices.map { described($0, "") }
      let flags = place.flags.flatMap { flag in
        flag.typedNames.map { described($0, flag.help) }
      }
      return """
            "\(place.path)")
              verbs=(\(verbs.joined(separator: " ")))
              flags=(\(flags.joined(separator: " "))) ;;
        """
    }
  }

  private var values: String {
    lines(places.flatMap { place in place.flagsWithValues.map { (place, $0) } }) { place, flag in
      let pattern = casePattern(flag.typedNames.map { place.path + " " + $0 })
      let offer =
        flag.choices.isEmpty
        ? "_files" : "compadd -- " + flag.choices.map(shellQuoted).joined(separator: " ")
      return "    \(pattern)) \(offer); return ;;"
    }
  }

  /// `word:meaning` for `_describe`, where a colon of the word itself is escaped.
  private func described(_ word: String, _ meaning: String) -> String {
    let escaped = word.split(separator: ":", omittingEmptySubsequences: false)
    return shellQuoted(escaped.joined(separator: "\\:") + (meaning.isEmpty ? "" : ":" + meaning))
  }
}
