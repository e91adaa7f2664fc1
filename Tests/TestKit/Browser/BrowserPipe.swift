import Foundation
import Glibc

/// The browser's own protocol: one JSON object, one zero byte, in each direction.
/// (Chrome DevTools Protocol; https://chromedevtools.github.io/devtools-protocol/)
final class BrowserPipe {
  typealias Message = [String: Any]

  /// What the browser finds under the numbers 3 (it reads) and 4 (it writes).
  let browserEnd: Int32
  private let ourEnd: Int32
  private var received = Data()
  private var lastCall = 0
  /// What the browser told without being asked, in order.
  private var events: [Message] = []

  init() throws(HarnessError) {
    // A pair of sockets does what two pipes would, and a dead browser is an error, not a signal.
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .cannotStart(program: "socketpair", reason: String(cString: strerror(errno)))
    }
    ourEnd = ends[0]
    // Numbered from 10, so that giving it the number 3 in the child cannot overwrite itself.
    browserEnd = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    close(ends[1])
  }

  deinit { close(ourEnd) }

  /// To be called once the browser has its own copies; only then does its end show as end of file.
  func closeBrowserEnd() { close(browserEnd) }

  /// Calls a method and waits for its answer.
  func call(
    _ method: String, _ parameters: Message = [:], session: String? = nil, seconds: Double = 30
  ) throws -> Message {
    lastCall += 1
    var message: Message = ["id": lastCall, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    try send(message)
    let end = ContinuousClock.now + .seconds(seconds)
    while let answer = try next(method, until: end, seconds: seconds) {
      guard answer["id"] as? Int == lastCall else {
        events.append(answer)
        continue
      }
      if let error = answer["error"] as? Message {
        throw HarnessError.browserRefused(method: method, reason: "\(error["message"] ?? error)")
      }
      return answer["result"] as? Message ?? [:]
    }
    throw HarnessError.browserRefused(method: method, reason: "the browser has ended")
  }

  /// Waits until an event of this name has come for the session.
  func wait(for event: String, session: String, seconds: Double) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    func hasCome(_ message: Message) -> Bool {
      message["method"] as? String == event && message["sessionId"] as? String == session
    }
    if events.contains(where: hasCome) { return }
    while let message = try next(event, until: end, seconds: seconds) {
      events.append(message)
      if hasCome(message) { return }
    }
    throw HarnessError.browserRefused(method: event, reason: "the browser has ended")
  }

  /// The events of a session so far; each is handed out once.
  func takeEvents(of session: String) -> [Message] {
    let own = events.filter { $0["sessionId"] as? String == session }
    events.removeAll { $0["sessionId"] as? String == session }
    return own
  }
}

extension BrowserPipe {
  private func send(_ message: Message) throws {
    let bytes = try [UInt8](JSONSerialization.data(withJSONObject: message)) + [0]
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(ourEnd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw HarnessError.browserRefused(method: "write", reason: String(cString: strerror(errno)))
      }
      sent += count
    }
  }

  /// The next message, or nil when the browser has closed its end.
  private func next(
    _ what: String, until end: ContinuousClock.Instant, seconds: Double
  ) throws -> Message? {
    while true {
      if let zero = received.firstIndex(of: 0) {
        let text = received[received.startIndex..<zero]
        let object = try JSONSerialization.jsonObject(with: text)
        received = Data(received[(zero + 1)...])
        return object as? Message ?? [:]
      }
      guard ContinuousClock.now < end else {
        throw HarnessError.tooLate(what: what, seconds: seconds, log: "")
      }
      var state = pollfd(fd: ourEnd, events: Int16(POLLIN), revents: 0)
      guard poll(&state, 1, 100) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(ourEnd, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      received.append(contentsOf: buffer[..<count])
    }
  }
}
