/// The status and the headers of an answer.
public struct HTTPHead: Sendable, Equatable {
  public internal(set) var status: Int
  /// In the order in which they came, names in lower case.
  public internal(set) var headers: [Header] = []

  public struct Header: Sendable, Equatable {
    public let name: String
    public let value: String
  }

  public init(status: Int) { self.status = status }

  /// The first value of a header; names are told apart without regard to case.
  public subscript(name: String) -> String? { values(of: name).first }

  public func values(of name: String) -> [String] {
    let wanted = name.lowercased()
    return headers.filter { $0.name == wanted }.map(\.value)
  }

  /// Bytes of the body as they travel, where the server says it.
  var contentLength: Int? { self["content-length"].flatMap { Int($0) } }

  /// Where a redirect leads, or `nil` where this is none.
  public var location: String? {
    [301, 302, 303, 307, 308].contains(status) ? self["location"] : nil
  }

  /// Takes in a line as it came; a status line begins a new head.
  mutating func read(line: String) {
    if line.hasPrefix("HTTP/") {
      let words = line.split(separator: " ")
      self = HTTPHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      headers.append(
        Header(name: line[..<colon].lowercased(), value: value.trimmingBlanks))
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
