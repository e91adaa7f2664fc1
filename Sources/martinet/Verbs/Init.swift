import Glibc
import Runtime

/// Makes a user's folder.
let initVerb = Verb(
  "init", summary: "Make a folder for your own settings and data",
  discussion: """
    Makes config/base.yaml with every setting, its meaning and its default; config/settings.schema.json \
    for editors; data/ for files of bars; and a README. Nothing that is there already is changed: if \
    one of these files is, nothing is made.
    """,
  arguments: [folder],
  examples: [
    .init("martinet init mine", "Makes the folder mine."), .init("martinet init", "Here."),
  ]
) { invocation in
  let root = try invocation[folder] ?? "."
  let files = UserFolder.files
  try UserFolder.refuseExisting(files.map { "\(root)/\($0.name)" })
  for part in ["", "/config", "/data"] { try UserFolder.makeFolder(root + part) }
  for file in files { try AtomicFile.write(file.text, to: "\(root)/\(file.name)") }
  if invocation.wantsJSON {
    invocation.console.print([
      "folder": .string(root), "files": .array(files.map { .string($0.name) }),
    ])
  } else {
    for file in files { invocation.console.print("made  \(root)/\(file.name)") }
    let go = root == "." ? "" : "cd \(root) && "
    invocation.console.printResult("folder", at: root, next: go + "martinet config show")
  }
  return .done
}

private let folder: Argument<String?> = .optional(
  "FOLDER", .text, help: "Where; this folder if nothing is said.")
