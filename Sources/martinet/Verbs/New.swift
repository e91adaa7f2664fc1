import Runtime

/// Makes one more file of a user's folder.
let newVerb = Verb(
  "new", summary: "Make one more file of your folder",
  verbs: [newConfigVerb, newStrategyVerb])

private let name: Argument<String> = .required(
  "NAME", .fileName, help: "Of the file, without .yaml.")

private let newConfigVerb = Verb(
  "config", summary: "Make a settings file with every key, its meaning and its default",
  discussion: "The file lies beside config/base.yaml, so that --env NAME reads it over that.",
  arguments: [name],
  examples: [
    .init("martinet new config cheap", "Makes config/cheap.yaml."),
    .init("martinet config show --env cheap", "Reads it over config/base.yaml."),
  ]
) { invocation in
  let path = "config/\(try invocation[name]).yaml"
  try UserFolder.refuseExisting([path])
  try UserFolder.makeFolder("config")
  let title = "Settings that differ from base.yaml: take away the # of those that do."
  try AtomicFile.write(
    SettingsText.template(of: RunSettings.jsonSchema, title: title), to: path)
  if invocation.wantsJSON {
    invocation.console.print(["file": .string(path)])
  } else {
    invocation.console.printResult(
      "file", at: path, next: "martinet config show --env \(try invocation[name])")
  }
  return .done
}

extension Reading<String> {
  fileprivate static var fileName: Self {
    Reading(
      expecting: "a name of small letters, digits, - and _", example: "cheap"
    ) { text in
      let isName = text.utf8.allSatisfy {
        "abcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0)
      }
      return isName && (1...64).contains(text.count) && text.first != "-" ? text : nil
    }
  }
}
