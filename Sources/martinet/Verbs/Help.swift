import Runtime

/// Shows the manual page of a verb, and completes words like the parser does.
let helpVerb = Verb(
  "help", summary: "Show the manual page of a verb",
  arguments: [words],
  examples: [
    .init("martinet help config show", "The page of a verb under another.")
  ]
) { invocation in
  var verb = invocation.program.root
  var path = [verb.name]
  for word in try invocation[words] {
    guard let next = verb.verb(named: word) else {
      throw UsageError.unknownVerb(word, path: path, nearest: verb.nearestVerb(to: word))
    }
    verb = next
    path.append(next.name)
  }
  let page = HelpPage(of: verb, path: path)
  invocation.console.print(page.text(width: invocation.console.traits.width))
  return .done
}

private let words: Argument<[String]> = .rest(
  "VERB", .text, help: "The verb, and the verb under it. None shows the program's own page.")
