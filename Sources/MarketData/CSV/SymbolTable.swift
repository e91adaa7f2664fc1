import Glibc
import Market

/// The symbols of a file, each with a small number, and the last stamp seen of each.
struct SymbolTable {
  private(set) var symbols: [Symbol] = []
  /// The exchange that the file names before each symbol, if any.
  private(set) var exchanges: [String?] = []
  var lastStamps: [Int64] = [.min]
  private var codes: [String: Int32] = [:]
  private var last: [UInt8] = []
  private var lastCode: Int32 = 0

  /// The number of the symbol that `bytes` spell, or `nil` where they spell none.
  ///
  /// Rows of one symbol mostly follow each other: the last one is found by comparing bytes.
  @inline(__always)
  mutating func code(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    if bytes.count == last.count, !last.isEmpty, let start = bytes.baseAddress,
      memcmp(start, last, last.count) == 0
    {
      return lastCode
    }
    return lookUp(bytes)
  }

  @inline(never)
  private mutating func lookUp(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let known = codes[text] {
      lastCode = known
    } else {
      guard let listed = ListedSymbol(text) else { return nil }
      lastCode = take(text, listed.symbol, listed.exchange)
    }
    last = Array(bytes)
    return lastCode
  }

  /// The number of a symbol that is spelled like that, a new one where the spelling is new.
  mutating func take(_ text: String, _ symbol: Symbol, _ exchange: String?) -> Int32 {
    if let known = codes[text] { return known }
    let code = Int32(symbols.count)
    symbols.append(symbol)
    exchanges.append(exchange)
    codes[text] = code
    if symbols.count > lastStamps.count { lastStamps.append(.min) }
    return code
  }

  /// How the symbols from a number on are spelled, in the order of their numbers.
  func spellings(from first: Int) -> [(text: String, code: Int32)] {
    codes.filter { $0.value >= first }.sorted { $0.value < $1.value }
      .map { (text: $0.key, code: $0.value) }
  }
}
