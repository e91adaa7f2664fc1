/// The body of an answer, piece by piece as it comes.
///
/// A reader that is slow holds the server back: at most a quarter of a mebibyte waits here. It is
/// read once; when the last copy goes away before its end, the connection is closed.
public struct HTTPBody: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = HTTPError

  private let owner: Owner

  init(_ transfer: Transfer, client: HTTPClient) {
    owner = Owner(transfer: transfer, client: client)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let owner: Owner

    public mutating func next() async throws(HTTPError) -> [UInt8]? {
      try await owner.transfer.piece(owner.client.loop)
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPError) -> [UInt8]? {
      try await owner.transfer.piece(owner.client.loop)
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(owner: owner) }

  /// All of it, or an error: never a part.
  public func collected() async throws(HTTPError) -> [UInt8] {
    var bytes: [UInt8] = []
    var pieces = makeAsyncIterator()
    while let piece = try await pieces.next() { bytes += piece }
    return bytes
  }

  /// Keeps the client as long as the body, and gives the transfer up with it.
  fileprivate final class Owner: Sendable {
    let transfer: Transfer
    let client: HTTPClient

    init(transfer: Transfer, client: HTTPClient) {
      self.transfer = transfer
      self.client = client
    }

    deinit { if !transfer.hasEnded { client.loop.cancel(transfer) } }
  }
}
