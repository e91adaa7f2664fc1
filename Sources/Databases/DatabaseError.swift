/// What a database said when it refused or failed.
public struct DatabaseError: Error, Equatable {
  /// The database's own code: an SQLite result code, or an SQLSTATE such as `40001`.
  public let code: String
  /// The database's own words.
  public let message: String
  /// The statement it was about, or what was being done.
  public let statement: String

  public init(code: String, message: String, statement: String) {
    self.code = code
    self.message = message
    self.statement = statement
  }
}
