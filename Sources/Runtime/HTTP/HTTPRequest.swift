/// What is asked of a server, and within which limits.
public struct HTTPRequest: Sendable {
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  public var method: Method
  public var address: HTTPAddress
  public var headers: [HTTPField]
  public var body: [UInt8]?
  /// For everything: looking up the host, connecting, redirects, and reading the body to its end.
  public var deadline: Duration
  /// A longer body, as it is after decompression, ends the request with an error.
  public var bodyMax: Int
  /// How many redirects are followed; none leads to another scheme, nor with secrets to another host.
  public var redirectsMax: Int

  public init(
    _ method: Method = .get, _ address: HTTPAddress, headers: [HTTPField] = [],
    body: [UInt8]? = nil, deadline: Duration = .seconds(30), bodyMax: Int = 64 << 20,
    redirectsMax: Int = 5
  ) {
    self.method = method
    self.address = address
    self.headers = headers
    self.body = body
    self.deadline = deadline
    self.bodyMax = bodyMax
    self.redirectsMax = redirectsMax
  }

  var carriesSecrets: Bool { address.carriesSecrets || headers.contains(where: \.isSecret) }

  /// Refuses what could never be sent, or should not be.
  func check() throws(HTTPError) {
    for header in headers {
      let isName =
        !header.name.isEmpty && header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
      // A line break would smuggle in a header of its own.
      let isValue = header.exposedText.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
      guard isName, isValue else { throw .badHeader(place: "\(address)", name: header.name) }
    }
    guard address.scheme == "https" || address.isLoopback || !carriesSecrets else {
      throw .secretInClear(place: "\(address)")
    }
  }
}
