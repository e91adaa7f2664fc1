/// The two ways in which statements are spelled.
public enum SQLDialect: String, CaseIterable, Sendable {
  case sqlite
  case postgreSQL
}

/// A conversation with a database, as migrations need it.
public protocol SQLSession {
  var dialect: SQLDialect { get }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws(DatabaseError)

  /// The rows of one statement as text; `nil` is NULL.
  func texts(_ sql: String) throws(DatabaseError) -> [[String?]]

  /// Runs `body` in one transaction that writes, and takes everything back where it throws.
  func writing<Result>(_ body: () throws -> Result) throws -> Result
}
