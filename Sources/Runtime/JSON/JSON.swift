/// A JSON value whose objects keep their keys in the order given, so that the same value is always
/// the same text.
public enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Written with the fewest digits that read back as the same number; NaN and infinities are
  /// written as `null`, because JSON has no word for them.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One key of an object and its value.
  public struct Member: Equatable, Sendable {
    public var key: String
    public var value: JSON

    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// An integer, or its decimal digits as a string where it is beyond `Int64`.
  public init(_ value: some BinaryInteger) {
    self = Int64(exactly: value).map(JSON.integer) ?? .string(String(value))
  }

  public init(_ value: Bool) { self = .bool(value) }
  public init(_ value: Double) { self = .number(value) }
  public init(_ value: some StringProtocol) { self = .string(String(value)) }
  public init(_ values: some Sequence<JSON>) { self = .array(Array(values)) }

  /// The value, or `null` where there is none.
  public init(_ value: Double?) { self = value.map(JSON.number) ?? .null }
  public init(_ value: String?) { self = value.map(JSON.string) ?? .null }
  public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }

  /// The value of an object's key, or `nil` where this is no object or has no such key.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// Adds a key at the end of an object; anything else becomes an object first.
  public mutating func append(_ key: String, _ value: JSON) {
    guard case .object(var members) = self else {
      self = .object([Member(key, value)])
      return
    }
    self = .null  // Lets go of the array, so that it grows in place.
    members.append(Member(key, value))
    self = .object(members)
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
