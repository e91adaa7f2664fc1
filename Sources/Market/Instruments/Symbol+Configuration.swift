import Runtime

extension Symbol: ConfigurationText {
  public static var expected: String { "a symbol" }
  public var configurationText: String { text }

  public static func read(text: String) throws(ConfigurationRefusal) -> Symbol {
    guard let symbol = Symbol(text) else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) is not a symbol",
        remedy: "write letters, digits and . - _ ^ = & / only, as in NVDA")
    }
    return symbol
  }
}
