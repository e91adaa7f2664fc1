import Glibc
import Runtime

/// A user's own folder: what is in it at the beginning.
enum UserFolder {
  static var files: [(name: String, text: String)] {
    [
      (
        "config/base.yaml",
        "# yaml-language-server: $schema=settings.schema.json\n"
          + SettingsText.template(
            of: RunSettings.jsonSchema,
            title: "Settings of every run here. Take away the # of what you want to change.")
      ),
      ("config/settings.schema.json", RunSettings.jsonSchema.text(pretty: true) + "\n"),
      ("README.md", readme),
    ]
  }

  private static let readme = """
    # Your folder for martinet

    - `config/base.yaml`: settings of every run here; `martinet config show` tells what holds and why.
    - `config/NAME.yaml`: settings for `--env NAME`, over those; `martinet new config NAME` makes one.
    - `data/`: one CSV file of bars a symbol, `data/NVDA.csv`, with the columns `timestamp`, `open`,
      `high`, `low`, `close`, `volume`.

    Secrets do not belong here: settings name an environment variable or a file that only you can read.

    """

  /// Throws where one of the files is there already: nobody's work is written over.
  static func refuseExisting(_ paths: [String]) throws(UserFolderError) {
    for path in paths where access(path, F_OK) == 0 { throw .exists(path: path) }
  }

  /// Makes the folder that a file is to lie in.
  static func makeFolder(ofFile path: String) throws(UserFolderError) {
    if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
  }

  /// Makes the folder and those it lies in; one that is there already is fine.
  static func makeFolder(_ path: String) throws(UserFolderError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part + "/"
      guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
        throw .cannotMake(path: made, reason: String(cString: strerror(errno)))
      }
    }
  }
}

/// Why a file or folder of the user was not made.
enum UserFolderError: DiagnosedError {
  case exists(path: String)
  case cannotMake(path: String, reason: String)

  var diagnosis: Diagnosis {
    switch self {
    case .exists(let path):
      Diagnosis(
        place: path, finding: "this is there already, and is left as it is",
        remedy: "choose another name, or move it away first", exitCode: .refused)
    case .cannotMake(let path, let reason):
      Diagnosis(
        place: path, finding: "this folder cannot be made: \(reason)",
        remedy: "choose a place where you may write")
    }
  }
}
