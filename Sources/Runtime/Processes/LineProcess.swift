import Glibc

/// A program of somebody else's that answers each line with a line. This object is its only owner: it
/// ends with it.
///
/// Its error output is ours, so that what it says there is seen. It never outlives a deadline: one that
/// does not answer in time is killed.
public final class LineProcess: @unchecked Sendable {
  // Safe to send: whoever asks has it alone; nothing asks from two threads.
  private let socket: Int32
  private let child: pid_t
  private let program: String
  private let limit: Duration
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// Of the buffer: what was received and not yet given.
  private var filled = 0
  private var hasEnded = false

  /// No line of an answer is longer.
  public static let lineMax = 1 << 20

  /// - Parameters:
  ///   - words: the program and its arguments
  ///   - limit: for each answer
  public init(_ words: [String], limit: Duration) throws(LineProcessError) {
    guard let first = words.first else { throw .cannotStart(program: "", reason: "no program") }
    program = first
    self.limit = limit
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw .cannotStart(program: first, reason: SystemError.text(errno))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that what it starts is ended with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let failure = posix_spawnp(&child, first, &actions, &attributes, &arguments, environ)
    close(ends[1])
    guard failure == 0 else {
      close(ends[0])
      throw .cannotStart(program: first, reason: SystemError.text(failure))
    }
    socket = ends[0]
    self.child = child
  }

  deinit {
    close(socket)
    end(patience: .milliseconds(500))
  }

  /// Sends a line, without its end, and gives the answer, without its end. The answer is good until the
  /// next question.
  public func ask(_ line: [UInt8]) throws(LineProcessError) -> ArraySlice<UInt8> {
    guard !hasEnded else { throw .ended(program: program, how: "it was ended before") }
    let start = ContinuousClock.now
    do throws(LineProcessError) {
      try send(line, since: start)
      return try receive(since: start)
    } catch {
      end(patience: .zero)
      throw error
    }
  }

  private func send(
    _ line: [UInt8], since start: ContinuousClock.Instant
  ) throws(LineProcessError) {
    var sent = 0
    while sent < line.count {
      let count = line.withUnsafeBytes {
        Glibc.send(
          socket, $0.baseAddress.map { $0 + sent }, line.count - sent,
          Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN || errno == EINTR {
        try wait(for: Int16(POLLOUT), since: start)
      } else {
        throw .ended(program: program, how: howItEnded())
      }
    }
  }

  private func receive(
    since start: ContinuousClock.Instant
  ) throws(LineProcessError) -> ArraySlice<UInt8> {
    filled = 0
    while true {
      if filled == buffer.count {
        guard filled < Self.lineMax else { throw .tooLong(program: program) }
        buffer += [UInt8](repeating: 0, count: filled)
      }
      let count = buffer.withUnsafeMutableBytes {
        recv(
          socket, $0.baseAddress.map { $0 + filled }, $0.count - filled,
          Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        let before = filled
        filled += count
        guard let end = buffer[before..<filled].firstIndex(of: UInt8(ascii: "\n")) else { continue }
        guard end == filled - 1 else { throw .spokeTwice(program: program) }
        return buffer[..<end]
      }
      guard count < 0, errno == EAGAIN || errno == EINTR else {
        throw .ended(program: program, how: howItEnded())
      }
      try wait(for: Int16(POLLIN), since: start)
    }
  }

  /// Until the socket is ready; at most until the deadline.
  private func wait(
    for event: Int16, since start: ContinuousClock.Instant
  ) throws(LineProcessError) {
    let left = (limit - start.duration(to: .now)) / .milliseconds(1)
    guard left > 0 else { throw .silent(program: program, limit: limit) }
    var descriptor = pollfd(fd: socket, events: event, revents: 0)
    _ = poll(&descriptor, 1, Int32(min(left.rounded(.up), 1e9)))
  }

  /// How the process ended; where it has only closed its output, it is ended.
  private func howItEnded() -> String {
    var status: Int32 = 0
    let deadline = ContinuousClock.now + .milliseconds(200)
    while ContinuousClock.now < deadline {
      if waitpid(child, &status, WNOHANG) == child {
        hasEnded = true
        let signal = status & 0x7f
        return signal == 0
          ? "it ended with exit code \((status >> 8) & 0xff)" : "signal \(signal) ended it"
      }
      usleep(2000)
    }
    return "it closed its output"
  }

  /// Lets it end by itself for a while, then kills it and all that it started.
  private func end(patience: Duration) {
    guard !hasEnded else { return }
    hasEnded = true
    var status: Int32 = 0
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      if waitpid(child, &status, WNOHANG) == child { return }
      usleep(1000)
    }
    // Our own child, not waited for yet, so that the number is still its.
    kill(-child, SIGKILL)
    kill(child, SIGKILL)
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
  }
}

/// Why a program gave no answer.
public enum LineProcessError: Error, Equatable {
  case cannotStart(program: String, reason: String)
  case ended(program: String, how: String)
  case silent(program: String, limit: Duration)
  case tooLong(program: String)
  /// Two lines where one was asked for.
  case spokeTwice(program: String)
}
