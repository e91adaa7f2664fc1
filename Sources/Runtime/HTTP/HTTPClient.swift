/// Sends requests and keeps connections for the next ones.
///
/// All transfers of a client run on one thread of its own; certificates are always verified. A proxy
/// named by the environment (`https_proxy`, `no_proxy`) is used.
public final class HTTPClient: Sendable {
  let loop: CurlLoop

  /// An answer whose body is still coming.
  public struct Response: Sendable {
    public let head: HTTPHead
    public let body: HTTPBody
  }

  /// An answer whose body is there.
  public struct Reply: Sendable {
    public let head: HTTPHead
    public let body: [UInt8]

    public init(head: HTTPHead, body: [UInt8]) {
      self.head = head
      self.body = body
    }

    /// The beginning of the body, for messages.
    public var excerpt: String {
      body.isEmpty
        ? "" : Excerpt.bare(String(decoding: body.prefix(200), as: UTF8.self), longest: 80)
    }
  }

  public init() throws(HTTPError) { loop = try CurlLoop() }

  deinit { loop.stop() }

  /// The answer as soon as its head is there, whatever its status.
  public func send(_ request: HTTPRequest) async throws(HTTPError) -> Response {
    try request.check()
    let clock = ContinuousClock()
    let start = clock.now
    var request = request
    let deadline = request.deadline
    var hops = 0
    while true {
      let transfer = Transfer(request)
      loop.start(transfer)
      let body = HTTPBody(transfer, client: self)
      let head = try await transfer.head(loop)
      guard let location = head.location, request.method == .get, request.redirectsMax > 0 else {
        return Response(head: head, body: body)
      }
      hops += 1
      request.address = try target(of: location, from: request, hops: hops)
      request.deadline = deadline - start.duration(to: clock.now)
      guard request.deadline > .zero else {
        throw .timedOut(place: "\(request.address)", after: deadline)
      }
    }
  }

  /// The whole answer, whatever its status.
  public func fetch(_ request: HTTPRequest) async throws(HTTPError) -> Reply {
    let response = try await send(request)
    return Reply(head: response.head, body: try await response.body.collected())
  }

  private func target(
    of location: String, from request: HTTPRequest, hops: Int
  ) throws(HTTPError) -> HTTPAddress {
    let place = "\(request.address)"
    let next = try request.address.following(location)
    func refuse(_ why: String) -> HTTPError {
      .badRedirect(place: place, to: next.origin + next.path, why: why)
    }
    guard hops <= request.redirectsMax else {
      throw refuse("which is one redirect more than \(request.redirectsMax)")
    }
    guard next.scheme == request.address.scheme else { throw refuse("which is another scheme") }
    guard !request.carriesSecrets || next.origin == request.address.origin else {
      throw refuse("and a key is not handed to another host")
    }
    return next
  }
}
