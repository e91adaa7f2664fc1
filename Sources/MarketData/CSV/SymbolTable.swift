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
    if bytes.count == last.count, !last.isEmpty, bytes.elementsEqual(last) { return lastCode }
    return lookUp(bytes)
  }

  @inline(never)
  private mutating func lookUp(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let known = codes[text] {
      lastCode = known
    } else {
      guard let listed = ListedSymbol(text) else { return nil }
      lastCode = Int32(symbols.count)
      symbols.append(listed.symbol)
      exchanges.append(listed.exchange)
      codes[text] = lastCode
      if symbols.count > lastStamps.count { lastStamps.append(.min) }
    }
    last = Array(bytes)
    return lastCode
  }
}
