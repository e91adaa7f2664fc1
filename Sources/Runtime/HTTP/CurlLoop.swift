internal import CCurl
import Glibc
import Synchronization

/// The one thread of a client on which all of its transfers run.
///
/// Why it is safe to share: other threads only leave commands under the lock and wake the thread;
/// handles are touched by the thread alone, and the multi handle is freed after it has ended.
final class CurlLoop: @unchecked Sendable {
  private enum Command {
    case start(Transfer)
    case resume(Transfer)
    case cancel(Transfer)
  }

  private struct State {
    var commands: [Command] = []
    var isStopping = false
  }

  private let library: CurlLibrary
  private let multi: CurlLibrary.Handle
  private let state = Mutex(State())
  private var thread = pthread_t()
  /// Of the thread alone.
  private var active: [CurlLibrary.Handle: (request: CurlRequest, transfer: Transfer)] = [:]

  init() throws(HTTPError) {
    library = try CurlLibrary.shared()
    guard let multi = library.makeMulti() else { throw .noLibrary(reason: "it found no memory") }
    self.multi = multi
    // Signals are for the threads that ask for them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    // Unretained: `stop` waits for the thread before the loop can go away.
    let target = Unmanaged.passUnretained(self).toOpaque()
    guard pthread_create(&thread, nil, loopMain, target) == 0 else {
      _ = library.freeMulti(multi)
      throw .noLibrary(reason: "the system gives no thread")
    }
  }

  /// Ends all transfers and the thread, and waits for it. The owner calls it once.
  func stop() {
    state.withLock { $0.isStopping = true }
    _ = library.wake(multi)
    pthread_join(thread, nil)
    _ = library.freeMulti(multi)
  }

  func start(_ transfer: Transfer) { send(.start(transfer)) }
  func resume(_ transfer: Transfer) { send(.resume(transfer)) }
  func cancel(_ transfer: Transfer) { send(.cancel(transfer)) }

  private func send(_ command: Command) {
    state.withLock { state in
      guard !state.isStopping else { return }
      state.commands.append(command)
      _ = library.wake(multi)
    }
  }

  // From here on: the thread.

  fileprivate func serve() {
    while obeyCommands() {
      var running: Int32 = 0
      _ = library.perform(multi, &running)
      endFinished()
      // Woken by commands; the limit is for timers that libcurl does not tell of.
      _ = library.wait(multi, nil, 0, 1000, nil)
    }
    for handle in Array(active.keys) { end(handle) { .cancelled(place: "\($0.request.address)") } }
  }

  /// Whether to go on.
  private func obeyCommands() -> Bool {
    let (commands, isStopping) = state.withLock { state in
      defer { state.commands = [] }
      return (state.commands, state.isStopping)
    }
    for command in commands {
      switch command {
      case .start(let transfer): begin(transfer)
      case .resume(let transfer):
        if let handle = handle(of: transfer) { _ = library.pauseEasy(handle, CURLPAUSE_CONT) }
      case .cancel(let transfer):
        let error = HTTPError.cancelled(place: "\(transfer.request.address)")
        if let handle = handle(of: transfer) { end(handle) { _ in error } }
        transfer.end(error)
      }
    }
    return !isStopping
  }

  private func begin(_ transfer: Transfer) {
    // Given up before it began.
    if transfer.hasEnded { return }
    do throws(HTTPError) {
      let request = try CurlRequest(transfer, library)
      active[request.handle] = (request, transfer)
      guard library.add(multi, request.handle) == CURLM_OK else {
        throw .noLibrary(reason: "it takes no further request")
      }
    } catch {
      transfer.end(error)
    }
  }

  private func handle(of transfer: Transfer) -> CurlLibrary.Handle? {
    active.first { $0.value.transfer === transfer }?.key
  }

  private func endFinished() {
    var left: Int32 = 0
    while let message = library.nextMessage(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let request = active[handle]?.request
      else { continue }
      let code = message.pointee.data.result
      end(handle) { request.error(code, of: $0) }
    }
  }

  private func end(_ handle: CurlLibrary.Handle, _ error: (Transfer) -> HTTPError?) {
    guard let (_, transfer) = active[handle] else { return }
    _ = library.remove(multi, handle)
    let ending = error(transfer)
    active[handle] = nil
    transfer.end(ending)
  }
}

private func loopMain(_ target: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let target else { return nil }
  Unmanaged<CurlLoop>.fromOpaque(target).takeUnretainedValue().serve()
  return nil
}
