struct BashCompletion {
  let program: String
  let places: [CompletionPlace]

  // bash splits at "=", so that --flag=va<TAB> arrives as three words.
  var text: String {
    """
    # bash completion for \(program): source this, or save it in
    # ~/.local/share/bash-completion/completions/\(program)
    _\(program)() {
      local cur prev here word verbs= flags= values=
      cur=${COMP_WORDS[COMP_CWORD]}
      prev=${COMP_WORDS[COMP_CWORD-1]}
      if [[ $cur == "=" ]]; then
        cur=
      elif [[ $prev == "=" && $COMP_CWORD -ge 2 ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
      fi
      here=\(program)
      for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$here $word" in
    \(steps)
        esac
      done
      case "$here" in
    \(words)
      esac
      case "$here $prev" in
    \(values)
      esac
      if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
      elif [[ -n $verbs ]]; then
        COMPREPLY=($(compgen -W "$verbs" -- "$cur"))
      else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi
    }
    complete -F _\(program) \(program)
    """
  }

  private var steps: String {
    lines(CompletionPlace.steps(between: places)) {
      "      \(casePattern($0.typed))) here=\"\($0.path)\" ;;"
    }
  }

  private var words: String {
    lines(places) { place in
      let verbs = (place.verbNames + place.argumentChoices).joined(separator: " ")
      let flags = place.flags.flatMap(\.typedNames).joined(separator: " ")
      return "    \"\(place.path)\") verbs=\(shellQuoted(verbs)) flags=\(shellQuoted(flags)) ;;"
    }
  }

  private var values: String {
    lines(places.flatMap { place in place.flagsWithValues.map { (place, $0) } }) { place, flag in
      let pattern = casePattern(flag.typedNames.map { place.path + " " + $0 })
      if flag.choices.isEmpty {
        return """
              \(pattern))
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                return ;;
          """
      }
      let choices = shellQuoted(flag.choices.joined(separator: " "))
      return """
            \(pattern))
              COMPREPLY=($(compgen -W \(choices) -- "$cur"))
              return ;;
        """
    }
  }
}

/// One piece of text per element, on lines of their own.
func lines<Element>(_ elements: [Element], _ line: (Element) -> String) -> String {
  elements.map(line).joined(separator: "\n")
}
