/// The name of an instrument at its exchange.
///
/// A type of its own, so that `NA`, `NAN`, `TRUE` and `1E5` are never taken for something else.
public struct Symbol: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// The symbol, or `nil` where `text` is empty, too long or has characters no exchange uses.
  public init?(_ text: some StringProtocol) {
    guard (1...32).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || [UInt8](".-_^=&/".utf8).contains(byte)
      })
    else { return nil }
    self.text = String(text)
  }

  public var description: String { text }
  public static func < (a: Symbol, b: Symbol) -> Bool { a.text < b.text }
}
