import Runtime

/// Says what is here, what is missing and how to get it.
let doctorVerb = Verb(
  "doctor", summary: "Look over this machine: what is here, what is missing, how to get it",
  discussion: """
    Looks at the processor, memory, the libraries in use, programs that building and tests want, the \
    clock and the disk. Nothing is changed and nothing is sent anywhere.

    Ends with exit code 1 where something is missing without which nothing useful can be done.
    """,
  examples: [
    .init("martinet doctor", "For a person."),
    .init("martinet doctor --json", "For a program: an object with \"ok\" and \"findings\"."),
  ]
) { invocation in
  let findings = try Examination.ofThisMachine(environment: processEnvironment())
  let isFit = !findings.contains { $0.state == .missing }
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "ok": .bool(isFit), "version": .string(invocation.program.version),
      "findings": .array(findings.map(\.json)),
    ])
    return isFit ? .done : .failed
  }
  let shown = invocation.isQuiet ? findings.filter { $0.state != .good } : findings
  for finding in shown { console.print(finding) }
  if isFit {
    let demo = invocation.program.verbs.contains { $0.name == "demo" } ? "demo" : "help"
    console.print("\nall that is needed is here   next: martinet \(demo)")
  } else {
    console.print("\nsomething needed is missing   next: see the lines marked missing")
  }
  return isFit ? .done : .failed
}

extension Console {
  /// One line for what was found, then why, and what to do.
  fileprivate func print(_ finding: Finding) {
    let word = finding.state.word.padded(to: 7)
    let topic = finding.topic.padded(to: 10)
    print("\(finding.state.mark.sign(for: traits)) \(word)  \(topic)  \(finding.finding)")
    if let reason = finding.reason { print(traits.wrapped(reason, indent: 23)) }
    if let remedy = finding.remedy { print(String(repeating: " ", count: 23) + remedy) }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
