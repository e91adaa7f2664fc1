/// A name with a value: a header, or an item of a query.
public struct HTTPField: Sendable, CustomStringConvertible {
  public let name: String
  private let value: Value

  private enum Value: Sendable {
    case plain(String)
    case secret(Secret)
  }

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = .plain(value)
  }

  /// A value that is sent and never printed.
  public init(_ name: String, _ value: Secret) {
    self.name = name
    self.value = .secret(value)
  }

  var isSecret: Bool {
    if case .secret = value { true } else { false }
  }

  /// What is sent. Never print it.
  var exposedText: String {
    switch value {
    case .plain(let text): text
    case .secret(let secret): secret.withExposed { $0 }
    }
  }

  var shownText: String {
    switch value {
    case .plain(let text): text
    case .secret(let secret): secret.description
    }
  }

  public var description: String { "\(name): \(shownText)" }
}
