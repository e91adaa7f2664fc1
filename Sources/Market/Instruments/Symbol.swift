/// The name of an instrument at its exchange.
///
/// A type of its own, so that `NA`, `NAN`, `TRUE` and `1E5` are never taken for something else.
/// Letters stay as they are written: to some exchanges `BRKb` and `BRKB` are two shares.
public struct Symbol: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// No exchange has longer ones.
  static let longest = 32

  /// The symbol, or `nil` where `text` is empty, too long or has characters no exchange uses.
  public init?(_ text: some StringProtocol) {
    guard (1...Self.longest).contains(text.utf8.count), Self.firstWrong(text) == nil else {
      return nil
    }
    self.text = String(text)
  }

  /// The symbol, or an error that says what is wrong with `text`.
  public init(parsing text: some StringProtocol) throws(InstrumentError) {
    guard let symbol = Symbol(text) else {
      let shown = String(text.prefix(100))
      guard let wrong = Self.firstWrong(text) else { throw .symbolLength(text: shown) }
      throw .badSymbol(
        text: shown, character: text.unicodeScalars.distance(from: text.startIndex, to: wrong) + 1)
    }
    self = symbol
  }

  /// The first character that does not belong.
  ///
  /// Symbols become parts of file names and of command lines, so none begins with a mark other than
  /// `^`, and none has `..`, `//` or `/.` in it.
  private static func firstWrong(_ text: some StringProtocol) -> String.Index? {
    var previous = UInt8(ascii: "/")
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      let begins = index == text.startIndex
      let isMark = byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
      let isDoubled =
        isMark && (previous == byte || previous == UInt8(ascii: "/"))
      guard isAllowed(byte), !isDoubled,
        !begins || isLetterOrDigit(byte) || byte == UInt8(ascii: "^")
      else { return index }
      previous = byte
    }
    return nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || ".-_^=&/".utf8.contains(byte)
  }

  public var description: String { text }
  public static func < (a: Symbol, b: Symbol) -> Bool { a.text < b.text }
}
