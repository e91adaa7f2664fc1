import Synchronization

/// One request under way: what the loop's thread has received and the reader has not yet taken.
///
/// The head and the body have at most one reader each, which is the task that sent the request.
final class Transfer: Sendable {
  /// What becomes of a piece of the body.
  enum Taking {
    case taken
    /// The reader is behind; the piece comes again when it has caught up.
    case full
    case refused
  }

  private typealias HeadReader = CheckedContinuation<Result<HTTPHead, HTTPError>, Never>
  private typealias BodyReader = CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>

  private struct State {
    var head = HTTPHead(status: 0)
    var headBytes = 0
    var isHeadComplete = false
    var headReader: HeadReader?
    var pieces: [[UInt8]] = []
    var waiting = 0
    var received = 0
    var isPaused = false
    var bodyReader: BodyReader?
    /// Why the transfer was refused from within a callback.
    var refusal: HTTPError?
    var end: Result<Void, HTTPError>?
  }

  /// Bytes that may wait for the reader before the server is held back.
  static let waitingMax = 256 << 10
  private static let headBytesMax = 64 << 10

  let request: HTTPRequest
  private let state = Mutex(State())

  init(_ request: HTTPRequest) { self.request = request }

  private var place: String { "\(request.address)" }

  // What the loop's thread calls.

  /// Takes in a line of the head; false ends the transfer.
  func take(header bytes: UnsafeRawBufferPointer) -> Bool {
    let line = String(decoding: bytes, as: UTF8.self).filter { $0 != "\r\n" && $0 != "\n" }
    return state.withLock { state in
      state.headBytes += bytes.count
      guard state.headBytes <= Self.headBytesMax else {
        state.refusal = .tooLarge(place: place, bytesMax: Self.headBytesMax)
        return false
      }
      guard line.isEmpty else {
        // Lines behind the body are trailers.
        if !state.isHeadComplete { state.head.read(line: line) }
        return true
      }
      // Heads of the 1xx kind come before the one that counts.
      guard state.head.status >= 200, !state.isHeadComplete else { return true }
      state.isHeadComplete = true
      state.headReader?.resume(returning: .success(state.head))
      state.headReader = nil
      return true
    }
  }

  func take(body bytes: UnsafeRawBufferPointer) -> Taking {
    state.withLock { state in
      guard state.received + bytes.count <= request.bodyMax else {
        state.refusal = .tooLarge(place: place, bytesMax: request.bodyMax)
        return .refused
      }
      if state.bodyReader == nil, state.waiting > 0,
        state.waiting + bytes.count > Self.waitingMax
      {
        state.isPaused = true
        return .full
      }
      state.received += bytes.count
      if let reader = state.bodyReader {
        state.bodyReader = nil
        reader.resume(returning: .success(Array(bytes)))
      } else if !bytes.isEmpty {
        state.pieces.append(Array(bytes))
        state.waiting += bytes.count
      }
      return .taken
    }
  }

  /// The first end counts; later ones change nothing.
  func end(_ error: HTTPError?) {
    state.withLock { state in
      guard state.end == nil else { return }
      let result: Result<Void, HTTPError> =
        (state.refusal ?? error).map { .failure($0) }
        ?? .success(())
      state.end = result
      if let reader = state.headReader {
        state.headReader = nil
        reader.resume(returning: headResult(state))
      }
      if let reader = state.bodyReader {
        state.bodyReader = nil
        reader.resume(returning: result.map { () -> [UInt8]? in nil })
      }
    }
  }

  private func headResult(_ state: borrowing State) -> Result<HTTPHead, HTTPError> {
    if state.isHeadComplete { return .success(state.head) }
    switch state.end {
    case .failure(let error): return .failure(error)
    default: return .failure(.broken(place: place, reason: "it ended without an answer"))
    }
  }

  var hasEnded: Bool { state.withLock { $0.end != nil } }
  var hasBegunBody: Bool { state.withLock { $0.received > 0 } }

  var truncation: HTTPError {
    state.withLock {
      .truncated(place: place, received: $0.received, expected: $0.head.contentLength)
    }
  }

  // What the reader calls.

  func head(_ loop: CurlLoop) async throws(HTTPError) -> HTTPHead {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (reader: HeadReader) in
        state.withLock { state in
          if state.isHeadComplete || state.end != nil {
            reader.resume(returning: headResult(state))
          } else {
            state.headReader = reader
          }
        }
      }
    } onCancel: {
      loop.cancel(self)
    }
    return try result.get()
  }

  /// The next piece of the body, or `nil` at its end.
  func piece(_ loop: CurlLoop) async throws(HTTPError) -> [UInt8]? {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (reader: BodyReader) in
        let isDrained = state.withLock { state in
          if !state.pieces.isEmpty {
            let piece = state.pieces.removeFirst()
            state.waiting -= piece.count
            reader.resume(returning: .success(piece))
          } else if let end = state.end {
            reader.resume(returning: end.map { () -> [UInt8]? in nil })
          } else {
            state.bodyReader = reader
          }
          guard state.isPaused, state.waiting <= Self.waitingMax / 2 else { return false }
          state.isPaused = false
          return true
        }
        if isDrained { loop.resume(self) }
      }
    } onCancel: {
      loop.cancel(self)
    }
    return try result.get()
  }
}
