import Foundation
import Glibc

/// A child process that cannot outlive its time, whatever becomes of the tests that started it.
///
/// It runs under `timeout`, which leads a process group of its own: when the time is over, or when
/// `stop` is called, the program and everything it started ends. Signals go to that one group only.
final class BoundedProcess {
  let program: String
  let logPath: String
  private let leader: pid_t
  private var hasEnded = false
  private var status: Int32 = 0

  /// - Parameters:
  ///   - limit: how long the program may run at all, in seconds.
  ///   - passing: descriptors of ours and the numbers the program finds them under (3 and up).
  ///   - account: the user to become, for programs that refuse to run as root.
  init(
    _ program: String, _ arguments: [String], limit: Int, logPath: String,
    outputPath: String? = nil,
    environment: [String: String] = [:], folder: String? = nil, account: String? = nil,
    passing: [(ours: Int32, theirs: Int32)] = []
  ) throws(HarnessError) {
    self.program = program
    self.logPath = logPath
    var words = ["timeout", "--kill-after=5", String(limit)]
    if let folder { words += ["env", "--chdir=\(folder)"] }
    if let account {
      words += ["setpriv", "--reuid=\(account)", "--regid=\(account)", "--clear-groups", "--"]
    }
    words.append(program)
    let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    leader = try Self.spawn(
      words + arguments, settings: settings, output: outputPath ?? logPath, errors: logPath,
      passing: passing)
  }

  deinit { stop() }

  var isRunning: Bool {
    if hasEnded { return false }
    var info = siginfo_t()
    // The dead leader is left unreaped, so that its number still names the group.
    guard waitid(P_PID, id_t(leader), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
    return info.si_signo == 0
  }

  /// Asks with `signal`, waits a few seconds, then ends the whole group.
  func stop(_ signal: Int32 = SIGTERM) {
    if hasEnded { return }
    if isRunning {
      kill(leader, signal)
      waitUntil(seconds: 5) { !isRunning }
    }
    reap()
  }

  /// Waits for the program to end by itself, which `timeout` guarantees; the shell's exit status.
  func waitForEnd() -> Int32 {
    var info = siginfo_t()
    while !hasEnded, waitid(P_PID, id_t(leader), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    reap()
    return status
  }

  private func reap() {
    if hasEnded { return }
    kill(-leader, SIGKILL)
    var raw: Int32 = 0
    while waitpid(leader, &raw, 0) == -1, errno == EINTR {}
    let signal = raw & 0x7f
    status = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
    hasEnded = true
  }

  /// The end of what the program wrote, for the message of a failed test.
  var logTail: String {
    let text = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "(no log)"
    return String(text.suffix(600))
  }

  /// Waits until `isReady`, and says what the program wrote when it never is.
  func waitUntilReady(_ what: String, seconds: Double, _ isReady: () -> Bool) throws(HarnessError) {
    let settled = waitUntil(seconds: seconds) { !isRunning || isReady() }
    if settled, isRunning { return }
    let hasEnded = !isRunning
    let log = logTail
    stop()
    if hasEnded { throw .endedEarly(program: program, log: log) }
    throw .tooLate(what: what, seconds: seconds, log: log)
  }
}

extension BoundedProcess {
  private static func spawn(
    _ words: [String], settings: [String: String], output: String, errors: String,
    passing: [(ours: Int32, theirs: Int32)]
  ) throws(HarnessError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let write = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, write, 0o644)
    if errors == output {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, errors, write, 0o644)
    }
    for pair in passing { posix_spawn_file_actions_adddup2(&actions, pair.ours, pair.theirs) }

    // The tests' runner may block signals in its threads; a server must hear them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var arguments = words.map { strdup($0) } + [nil]
    var environment = settings.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + environment { free(pointer) } }
    var pid: pid_t = 0
    let failure = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &environment)
    guard failure == 0 else {
      throw .cannotStart(program: words[0], reason: String(cString: strerror(failure)))
    }
    return pid
  }
}

/// Asks every 20 ms until the answer is yes; false when the time is over first.
@discardableResult
func waitUntil(seconds: Double, _ isTrue: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while !isTrue() {
    if ContinuousClock.now > end { return false }
    usleep(20_000)
  }
  return true
}
