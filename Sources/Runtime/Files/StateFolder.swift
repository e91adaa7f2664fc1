import Glibc

/// The folder for what the program keeps between runs on this machine, shared by all of them.
public enum StateFolder {
  public static let variable = "MARTINET_STATE"

  /// `$MARTINET_STATE`, or `martinet` in `$XDG_STATE_HOME`, or `~/.local/state/martinet`; it is made
  /// where it is not there, for its owner alone.
  public static func path(environment: [String: String]) throws(FileError) -> String {
    let path: String
    if let named = environment[variable], !named.isEmpty {
      path = named
    } else if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      path = state + "/martinet"
    } else {
      path = (environment["HOME"] ?? "") + "/.local/state/martinet"
    }
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part + "/"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw FileError(path: made, code: errno)
      }
    }
    return path
  }
}
