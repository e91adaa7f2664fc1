import Glibc
import Runtime

/// One running peer: the only owner of the process and of the two pipes to it.
///
/// Every answer has a deadline. A peer that misses it, or that is let go of, is given two seconds to
/// end, then ended by its number and waited for.
struct PeerProcess: ~Copyable {
  let script: String
  let process: pid_t
  private let input: Int32
  private let output: Int32
  private var pending: [UInt8] = []

  init(
    python: String, script: String, environment: [String: String], showsErrors: Bool
  ) throws(BenchError) {
    var ends: [Int32] = [-1, -1, -1, -1]
    let hasPipes = ends.withUnsafeMutableBufferPointer { ends in
      pipe(ends.baseAddress) == 0 && pipe(ends.baseAddress.map { $0 + 2 }) == 0
    }
    // The peer keeps only the ends it is given under other numbers.
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started =
      hasPipes
      ? Self.spawn(
        [python, "-u", script], environment, input: ends[0], output: ends[3],
        showsErrors: showsErrors) : .failure(errno)
    for end in [ends[0], ends[3]] where end >= 0 { close(end) }
    self.script = script
    input = ends[1]
    output = ends[2]
    switch started {
    case .process(let number): process = number
    case .failure(let code):
      process = 0
      throw .peerCannotStart(script: script, reason: String(cString: strerror(code)))
    }
  }

  deinit {
    close(input)
    close(output)
    // Our own child, not waited for yet, so that the number is still its.
    guard process > 0 else { return }
    var status: Int32 = 0
    // The end of its input is the sign to tidy up and go.
    for _ in 0..<200 {
      if waitpid(process, &status, WNOHANG) == process { return }
      usleep(10_000)
    }
    kill(process, SIGKILL)
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
  }

  /// Sends one message and waits for the answer, one line.
  mutating func ask(_ message: JSON, within limit: Int) throws(BenchError) -> String {
    let command = message["command"].map { $0.text() } ?? "a message"
    var bytes = Array((message.text() + "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .peerEnded(script: script, command: command, lastWords: "it no longer listens")
      }
      bytes = bytes.dropFirst(count)
    }
    return try line(to: command, within: limit)
  }

  private mutating func line(to command: String, within limit: Int) throws(BenchError) -> String {
    let end = ContinuousClock.now + .seconds(limit)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let newline = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<newline], as: UTF8.self)
        pending.removeSubrange(...newline)
        return line
      }
      let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
      guard left > 0 else {
        throw .peerSilent(script: script, seconds: limit, command: command)
      }
      var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(left.rounded(.up))) > 0 else { continue }
      let count = read(output, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0, pending.count < 1 << 20 else {
        throw .peerEnded(
          script: script, command: command, lastWords: String(decoding: pending, as: UTF8.self))
      }
      pending += chunk[..<count]
    }
  }

  private enum Start {
    case process(pid_t)
    case failure(Int32)
  }

  private static func spawn(
    _ words: [String], _ variables: [String: String], input: Int32, output: Int32,
    showsErrors: Bool
  ) -> Start {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    if !showsErrors { posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
    var arguments = words.map { strdup($0) } + [nil]
    var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + environment { free(pointer) } }
    var number: pid_t = 0
    let failure = posix_spawn(&number, words[0], &actions, nil, &arguments, &environment)
    return failure == 0 ? .process(number) : .failure(failure)
  }
}
