import Foundation
import Glibc
import Synchronization

/// A web server on 127.0.0.1 that answers as a script says, misbehaviour included.
///
/// It ends with the value: all sockets are closed, and their threads with them.
public final class PlaybackServer: Sendable {
  public struct Request: Sendable {
    public let method: String
    /// Path and query as they came.
    public let target: String
    /// Names in lower case.
    public let headers: [String: String]
    public let body: [UInt8]
    /// 0 for the first request of the server, in the order of arrival.
    public let number: Int

    /// The decoded value of an item of the query.
    public func query(_ name: String) -> String? {
      URLComponents(string: "http://x" + target)?.queryItems?.first { $0.name == name }?.value
    }

    public var path: String {
      let encoded = String(target.prefix { $0 != "?" })
      return encoded.removingPercentEncoding ?? encoded
    }
  }

  private struct State {
    var requests: [Request] = []
    var connections: [Int32] = []
    var connectionCount = 0
    var sentByteCount = 0
    var isClosed = false
  }

  public let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())
  private let script: @Sendable (Request) -> PlaybackAnswer

  public var base: String { "http://127.0.0.1:\(port)" }
  public var requests: [Request] { state.withLock { $0.requests } }
  /// Bytes of all answers so far that the system has taken.
  public var sentByteCount: Int { state.withLock { $0.sentByteCount } }
  /// Connections ever taken, and those open now.
  public var connectionCount: Int { state.withLock { $0.connectionCount } }
  public var openConnectionCount: Int { state.withLock { $0.connections.count } }

  public init(_ script: @escaping @Sendable (Request) -> PlaybackAnswer) throws(HarnessError) {
    self.script = script
    (listener, port) = try Self.listen()
    let worker = Worker(server: self)
    Thread.detachNewThread { worker.acceptAll() }
  }

  /// Answers one after the other; the last one again and again.
  public convenience init(answers: [PlaybackAnswer]) throws(HarnessError) {
    try self.init { answers[min($0.number, answers.count - 1)] }
  }

  deinit { close() }

  /// Stops listening and breaks what is open.
  public func close() {
    let open = state.withLock { state in
      guard !state.isClosed else { return [Int32]() }
      state.isClosed = true
      _ = shutdown(listener, Int32(SHUT_RDWR))
      Glibc.close(listener)
      return state.connections
    }
    for connection in open { _ = shutdown(connection, Int32(SHUT_RDWR)) }
  }

  private static func listen() throws(HarnessError) -> (Int32, UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(listener, place, size) == 0 && Glibc.listen(listener, 64) == 0
          && getsockname(listener, place, &size) == 0
      }
    }
    guard isBound else { throw .cannotStart(program: "playback server", reason: "no port") }
    return (listener, UInt16(bigEndian: address.sin_port))
  }

  /// What the threads hold: not the server itself, which would then never end.
  private struct Worker: Sendable {
    private let listener: Int32
    private weak let server: PlaybackServer?

    init(server: PlaybackServer) {
      listener = server.listener
      self.server = server
    }

    func acceptAll() {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 {
          if errno == EINTR || errno == ECONNABORTED { continue }
          return
        }
        guard let server, server.add(connection) else {
          Glibc.close(connection)
          return
        }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread { serve(connection) }
      }
    }

    private func serve(_ connection: Int32) {
      var stream = PlaybackStream(connection: connection) { [weak server] count in
        server?.state.withLock { $0.sentByteCount += count }
      }
      while let head = stream.readRequest() {
        guard let answer = server?.answer(to: head), stream.send(answer) else { break }
      }
      server?.remove(connection)
      Glibc.close(connection)
    }
  }

  private func add(_ connection: Int32) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.connections.append(connection)
      state.connectionCount += 1
      return true
    }
  }

  private func remove(_ connection: Int32) {
    state.withLock { $0.connections.removeAll { $0 == connection } }
  }

  private func answer(to raw: PlaybackStream.RawRequest) -> PlaybackAnswer {
    let request = state.withLock { state in
      let request = Request(
        method: raw.method, target: raw.target, headers: raw.headers, body: raw.body,
        number: state.requests.count)
      state.requests.append(request)
      return request
    }
    return script(request)
  }
}
