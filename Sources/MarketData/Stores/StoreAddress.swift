import Market
import Runtime

/// Where a store is, as a person writes it: `sqlite:market.db`, `lake:FOLDER`, `postgres:URL`.
public struct StoreAddress: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, CaseIterable, Sendable {
    case sqlite
    case postgres
    case lake
  }

  public let kind: Kind
  /// A file, a folder, or a libpq connection string or URL; a password in it is never printed.
  public let location: String

  public init(kind: Kind, location: String) {
    self.kind = kind
    self.location = location
  }

  public init(parsing text: some StringProtocol) throws(StoreError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { throw .badAddress(text: String(text)) }
    switch parts[0] {
    case "sqlite": kind = .sqlite
    // `postgres://…` is a URL that libpq understands whole.
    case "postgres", "postgresql": kind = .postgres
    case "lake", "parquet": kind = .lake
    default: throw .badAddress(text: String(text))
    }
    location =
      kind == .postgres && parts[1].hasPrefix("//") ? String(text) : String(parts[1])
  }

  /// The address without a password.
  public var description: String {
    guard kind == .postgres else { return "\(kind.rawValue):\(location)" }
    return "\(kind.rawValue):\(Self.withoutPassword(location))"
  }

  private static func withoutPassword(_ location: String) -> String {
    if let scheme = location.firstRange(of: "://"), let at = location.lastIndex(of: "@"),
      scheme.upperBound <= at, let colon = location[scheme.upperBound..<at].firstIndex(of: ":")
    {
      return String(location[..<colon] + location[at...])
    }
    return location.split(separator: " ").filter { !$0.hasPrefix("password=") }
      .joined(separator: " ")
  }
}
