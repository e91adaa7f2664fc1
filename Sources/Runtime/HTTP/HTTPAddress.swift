/// A web address whose printed form never shows a secret: `https://host:port/path?name=value`.
public struct HTTPAddress: Sendable {
  /// `https` or `http`.
  public let scheme: String
  /// As written: a name, an IPv4 address, or an IPv6 address in brackets.
  public let host: String
  public let port: UInt16?
  /// Percent-encoded, beginning with a slash.
  public private(set) var path: String
  /// Percent-encoded names and values.
  private var query: [HTTPField] = []

  /// Reads `https://host`, with port, path and query where there are any. A name and password in it
  /// are refused: addresses are printed.
  public init(parsing text: some StringProtocol) throws(HTTPError) {
    let shown = String(text.prefix(200))
    func refuse(_ finding: String) -> HTTPError { .badAddress(text: shown, finding: finding) }
    guard let colon = text.firstRange(of: "://") else { throw refuse("it has no https://") }
    scheme = text[..<colon.lowerBound].lowercased()
    guard scheme == "https" || scheme == "http" else {
      throw refuse("only https and http are spoken")
    }
    let rest = text[colon.upperBound...].prefix { $0 != "#" }
    let tailStart = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let authority = rest[..<tailStart]
    guard !authority.contains("@") else {
      throw .badAddress(
        text: scheme + "://…", finding: "a name or password in an address would be printed")
    }
    guard let place = Self.hostAndPort(String(authority)) else {
      throw refuse("it has no host, or a host or port that cannot be")
    }
    (host, port) = place
    path = "/"
    try setTail(String(rest[tailStart...]), shown: shown)
  }

  private mutating func setTail(_ tail: String, shown: String) throws(HTTPError) {
    guard tail.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .badAddress(text: shown, finding: "blanks and letters beyond ASCII are not encoded")
    }
    let parts = tail.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    if let first = parts.first, !first.isEmpty { path = String(first) }
    guard parts.count == 2 else { return }
    query = parts[1].split(separator: "&").map { item in
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return HTTPField(String(pair[0]), pair.count == 2 ? String(pair[1]) : "")
    }
  }

  private static func hostAndPort(_ text: String) -> (host: String, port: UInt16?)? {
    var name = text[...]
    var port: UInt16?
    let bracket = text.lastIndex(of: "]")
    if let colon = text.lastIndex(of: ":"), bracket.map({ $0 < colon }) ?? true {
      guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return nil }
      port = number
      name = text[..<colon]
    }
    let isAddress6 = name.hasPrefix("[") && name.hasSuffix("]") && name.count > 4
    let letters = isAddress6 ? name.dropFirst().dropLast() : name
    let marks = isAddress6 ? ":." : "-."
    let isSound = letters.utf8.allSatisfy { byte in
      Character(UnicodeScalar(byte)).isASCIILetterOrDigit || marks.utf8.contains(byte)
    }
    guard isSound, (1...253).contains(letters.utf8.count) else { return nil }
    return (String(name), port)
  }

  /// The address one level further down; the name is encoded.
  public func appending(path name: String) -> HTTPAddress {
    var copy = self
    copy.path += (path.hasSuffix("/") ? "" : "/") + Self.encoded(name)
    return copy
  }

  /// The address under this one whose path is written already encoded, with slashes.
  public func appending(encodedPath: String) -> HTTPAddress {
    var copy = self
    if copy.path.hasSuffix("/") { copy.path.removeLast() }
    copy.path += encodedPath
    return copy
  }

  /// The address with one more `name=value`; both are encoded.
  public func appending(query name: String, _ value: String) -> HTTPAddress {
    appending(HTTPField(Self.encoded(name), Self.encoded(value)))
  }

  /// The same with a value that is never printed.
  public func appending(query name: String, _ value: Secret) -> HTTPAddress {
    appending(HTTPField(Self.encoded(name), value.withExposed { Secret(Self.encoded($0)) }))
  }

  private func appending(_ field: HTTPField) -> HTTPAddress {
    var copy = self
    copy.query.append(field)
    return copy
  }

  /// What is sent, secrets and all. Never print it.
  var exposedText: String { text { $0.exposedText } }

  var carriesSecrets: Bool { query.contains(where: \.isSecret) }
  var origin: String { scheme + "://" + host + (port.map { ":\($0)" } ?? "") }
  /// Whether it is this machine itself.
  var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }

  private func text(_ value: (HTTPField) -> String) -> String {
    let items = query.map { "\($0.name)=\(value($0))" }
    return origin + path + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
  }

  /// Everything but the letters and marks that need no encoding anywhere (RFC 3986, 2.3).
  static func encoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      if Character(UnicodeScalar(byte)).isASCIILetterOrDigit || "-._~".utf8.contains(byte) {
        out.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        out += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return out
  }

  /// Where a `Location` header that came from this address leads.
  func following(_ location: String) throws(HTTPError) -> HTTPAddress {
    if location.contains("://") { return try HTTPAddress(parsing: location) }
    if location.hasPrefix("//") { return try HTTPAddress(parsing: scheme + ":" + location) }
    if location.hasPrefix("/") { return try HTTPAddress(parsing: origin + location) }
    let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    return try HTTPAddress(parsing: origin + folder + location)
  }
}

extension HTTPAddress: CustomStringConvertible {
  public var description: String { text(\.shownText) }
}

extension Character {
  fileprivate var isASCIILetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}
