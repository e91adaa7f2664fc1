import Glibc

/// Finds programs and asks them for their version.
public struct ProgramProbe: Sendable {
  private let folders: [String]

  /// Looks into the folders of PATH, then into `further` ones.
  public init(environment: [String: String], further: [String] = []) {
    folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + further
  }

  /// The path of the first program of these names that may be run.
  public func path(of names: [String]) -> String? {
    for name in names {
      for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }

  /// What `path --version` says, up to 4 KiB; `nil` where it cannot be run or takes too long.
  public static func versionText(of path: String, within limit: Duration = .seconds(5)) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    guard let child = start(path, output: ends[1]) else {
      close(ends[1])
      return nil
    }
    close(ends[1])
    let text = read(from: ends[0], until: .now + limit)
    // Our own child, not waited for yet, so that the number is still its.
    if text == nil { kill(child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    return status == 0 ? text : nil
  }

  private static func start(_ path: String, output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var arguments = [strdup(path), strdup("--version"), nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, path, &actions, nil, &arguments, environ)
    return failure == 0 ? child : nil
  }

  /// All that is written until the writer closes; `nil` when the time is over first.
  private static func read(from descriptor: Int32, until end: ContinuousClock.Instant) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
      guard left > 0 else { return nil }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(left.rounded(.up))) > 0 else { continue }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      if bytes.count < 4096 { bytes += buffer[..<count] }
    }
  }

  /// The first number with a dot in a text: `Redis server v=7.0.15 sha=…` gives `7.0.15`.
  public static func versionNumber(in text: String) -> String? {
    let parts = text.split { !($0.isASCII && $0.isNumber) && $0 != "." }
    return parts.lazy.map { $0.drop { $0 == "." } }.first { part in
      part.contains(".") && part.last != "."
    }.map(String.init)
  }
}
