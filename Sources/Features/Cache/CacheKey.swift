import Runtime

/// What a table of features was computed from: other definitions, parameters, data or code, another
/// key.
public struct CacheKey: Hashable, Sendable, CustomStringConvertible {
  public let digest: SHA256Digest

  /// - Parameters:
  ///   - definitions: each feature with its parameters, in the order of the columns.
  ///   - data: of every time and number they are computed from.
  ///   - code: the version of the program that computes them.
  public init(definitions: [String], data: SHA256Digest, code: String) {
    var hash = SHA256()
    for part in [code, data.description] + definitions {
      // Lengths first, so that no two lists of parts run together into the same bytes.
      hash.update("\(part.utf8.count):\(part)")
    }
    digest = hash.finish()
  }

  public var description: String { digest.description }
}
