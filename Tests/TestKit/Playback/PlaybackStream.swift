import Foundation
import Glibc

/// One connection of a playback server: requests in, answers out.
struct PlaybackStream {
  struct RawRequest {
    var method = ""
    var target = ""
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  private let connection: Int32
  /// Told how many bytes the system has taken.
  private let didSend: (Int) -> Void
  private var buffer: [UInt8] = []

  init(connection: Int32, didSend: @escaping (Int) -> Void) {
    self.connection = connection
    self.didSend = didSend
    // No test waits longer for a client that says nothing.
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    var on: Int32 = 1
    setsockopt(
      connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next request, or nil when the client has gone.
  mutating func readRequest() -> RawRequest? {
    let end = Array("\r\n\r\n".utf8)
    var request = RawRequest()
    while true {
      if let place = buffer.firstRange(of: end) {
        let lines = String(decoding: buffer[..<place.lowerBound], as: UTF8.self)
          .components(separatedBy: "\r\n")
        buffer.removeSubrange(..<place.upperBound)
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        (request.method, request.target) = (words[0], words[1])
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          guard parts.count == 2 else { continue }
          request.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        break
      }
      guard fill() else { return nil }
    }
    let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < length { guard fill() else { return nil } }
    request.body = Array(buffer[..<length])
    buffer.removeSubrange(..<length)
    return request
  }

  private mutating func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = recv(connection, &chunk, chunk.count, 0)
    guard count > 0, buffer.count < 1 << 24 else { return false }
    buffer += chunk[..<count]
    return true
  }

  /// Whether the connection stays open for a further request.
  func send(_ answer: PlaybackAnswer) -> Bool {
    switch answer {
    case .reply(let status, let headers, let body):
      return write(head(status, headers, length: body.count) + body)
    case .truncated(let body, let count):
      _ = write(head(200, [:], length: body.count) + body.prefix(count))
      return false
    case .claimed(let length, let body):
      _ = write(head(200, [:], length: length) + body)
      return false
    case .chunked(let body, let piece):
      return write(head(200, [:], length: nil)) && writeChunks(body, piece)
        && write(Array("0\r\n\r\n".utf8))
    case .chunkedWithoutEnd(let body, let piece):
      _ = write(head(200, [:], length: nil)) && writeChunks(body, piece)
      return false
    case .drip(let body, let piece, let pause):
      guard write(head(200, [:], length: body.count)) else { return false }
      for start in stride(from: 0, to: body.count, by: piece) {
        usleep(UInt32(pause) * 1000)
        guard write(Array(body[start..<min(body.count, start + piece)])) else { return false }
      }
      return true
    case .huge(let count):
      guard write(head(200, [:], length: count)) else { return false }
      let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
      for start in stride(from: 0, to: count, by: block.count) {
        guard write(Array(block[..<min(block.count, count - start)])) else { return false }
      }
      return true
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        connection, SOL_SOCKET, SO_LINGER, &linger,
        socklen_t(MemoryLayout<Glibc.linger>.size))
      return false
    case .silence(let pause):
      usleep(UInt32(pause) * 1000)
      return false
    case .raw(let bytes):
      _ = write(bytes)
      return false
    }
  }

  private func head(_ status: Int, _ headers: [String: String], length: Int?) -> [UInt8] {
    var text = "HTTP/1.1 \(status) Playback\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    text += length.map { "Content-Length: \($0)\r\n" } ?? "Transfer-Encoding: chunked\r\n"
    return Array((text + "\r\n").utf8)
  }

  private func writeChunks(_ body: [UInt8], _ piece: Int) -> Bool {
    for start in stride(from: 0, to: body.count, by: piece) {
      let part = body[start..<min(body.count, start + piece)]
      let frame = Array("\(String(part.count, radix: 16))\r\n".utf8) + part + Array("\r\n".utf8)
      guard write(frame) else { return false }
    }
    return true
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          connection, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
      didSend(count)
    }
    return true
  }
}
