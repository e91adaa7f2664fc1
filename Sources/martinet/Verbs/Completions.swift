import Runtime

/// Prints a completion script for a shell.
let completionsVerb = Verb(
  "completions", summary: "Print a script that completes martinet's words in a shell",
  discussion: """
    The script is made from the same declarations as help, and asks nothing of the program while you \
    type. Make it again after an update.
    """,
  arguments: [shell],
  examples: [
    .init("source <(martinet completions bash)", "In this shell, until it ends."),
    .init(
      "martinet completions fish > ~/.config/fish/completions/martinet.fish", "In every fish."),
  ]
) { invocation in
  let script = CompletionScript.text(for: try invocation[shell], of: invocation.program)
  if invocation.wantsJSON {
    invocation.console.print([
      "shell": .string(try invocation[shell].rawValue), "script": .string(script),
    ])
  } else {
    invocation.console.output.write(script + "\n")
  }
  return .done
}

private let shell: Argument<CompletionScript.Shell> = .required(
  "SHELL", .shell, help: "The shell that is to complete words.")

extension Reading<CompletionScript.Shell> {
  fileprivate static var shell: Self {
    let names = CompletionScript.Shell.allCases.map(\.rawValue)
    return Reading(
      expecting: "one of: \(names.joined(separator: ", "))", example: "bash", choices: names
    ) { CompletionScript.Shell(rawValue: $0) }
  }
}
