import Glibc
import Runtime
import Trading

/// What back-tests wrote, read again.
enum RunFiles {
  /// The JSON of a page, or of what is JSON itself.
  static func data(of path: String) -> String {
    path.hasSuffix(".html") ? Report.place(path, ".json") : path
  }

  static func read(_ path: String) throws -> RunReport {
    let path = data(of: path)
    return try RunReport(
      JSON(parsing: SmallFile.read(path, bytesMax: 1 << 28), source: path), file: path)
  }
}

/// Shows a file in whatever the desktop shows it with.
enum Viewer {
  /// Starts the viewer and does not wait for it; without a desktop nothing happens.
  static func open(_ path: String) {
    guard let program = ProgramProbe(environment: processEnvironment()).path(of: ["xdg-open"])
    else { return }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var arguments = [strdup(program), strdup(path), nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    posix_spawn(&child, program, &actions, nil, &arguments, environ)
  }
}
