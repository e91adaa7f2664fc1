import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Where text goes: an open file descriptor, or memory in tests.
///
/// A reader that went away (`| head`) is no error: the rest is dropped and the work goes on. A full
/// disk is one, which the program finds in `failure` when it ends.
public final class Outlet: Sendable {
  private struct State {
    var descriptor: Int32?
    var kept = ""
    var failure: Int32?
  }
  private let state: Mutex<State>

  /// Writes to a descriptor that stays open as long as the program runs.
  public init(descriptor: Int32) { state = Mutex(State(descriptor: descriptor)) }

  /// Keeps what is written in `text`.
  public init() { state = Mutex(State(descriptor: nil)) }

  /// What was written so far, where it is kept in memory.
  public var text: String { state.withLock { $0.kept } }

  /// The system's error number of the write that failed, but for a reader that went away.
  public var failure: Int32? { state.withLock { $0.failure == EPIPE ? nil : $0.failure } }

  public func write(_ text: String) {
    state.withLock { state in
      guard state.failure == nil else { return }
      guard let descriptor = state.descriptor else {
        state.kept += text
        return
      }
      var text = text
      state.failure = text.withUTF8 { Self.write(UnsafeRawBufferPointer($0), to: descriptor) }
    }
  }

  /// Writes all bytes; gives the error number where that was not possible.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(written)
    }
    return nil
  }
}
