/// The two ways in which statements are spelled.
public enum SQLDialect: String, CaseIterable, Sendable {
  case sqlite
  case postgreSQL
}

/// A value in a row or a parameter of a statement.
public enum SQLValue: Equatable, Sendable {
  case null
  case integer(Int64)
  case number(Double)
  case text(String)

  public init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
  public init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
  public init(_ value: Double?) { self = value.map(SQLValue.number) ?? .null }

  public var integer: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .null, .text: nil
    }
  }

  public var text: String? {
    guard case .text(let value) = self else { return nil }
    return value
  }
}

/// A conversation with a database that one thread at a time has.
///
/// Parameters are `?1` in SQLite and `$1` in PostgreSQL.
public protocol SQLSession: AnyObject, Sendable {
  var dialect: SQLDialect { get }

  /// Runs statements without parameters that give no rows.
  func execute(_ sql: String) throws(DatabaseError)

  /// Runs one statement and gives its rows.
  func rows(_ sql: String, _ parameters: [SQLValue]) throws(DatabaseError) -> [[SQLValue]]

  /// Runs a question with many rows of numbers.
  func reader(_ sql: String, _ parameters: [Int64]) throws(DatabaseError) -> any RowReader

  /// Adds rows to a table; one that is there already is an error.
  func insert(
    into table: String, columns: [String], rowCount: Int, from sources: [ColumnSource]
  ) throws(DatabaseError)

  /// Puts rows in the place of those with the same key; they are there.
  func replace(
    in table: String, key: [String], columns: [String], rowCount: Int,
    from sources: [ColumnSource]
  ) throws(DatabaseError)

  /// Runs `body` in one transaction that writes, and takes everything back where it throws.
  func writing<Result>(_ body: () throws -> Result) throws -> Result
}

extension SQLSession {
  public func rows(_ sql: String) throws(DatabaseError) -> [[SQLValue]] { try rows(sql, []) }
}
