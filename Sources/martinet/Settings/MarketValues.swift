import Market
import Runtime

// How types of the market stand in settings files.

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

extension BarInterval: ConfigurationText {
  public static var expected: String { "the length of a bar" }
  public var configurationText: String { description }

  public static func read(text: String) throws(ConfigurationRefusal) -> BarInterval {
    do { return try BarInterval(parsing: text) } catch {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) is not \(expected)", remedy: error.diagnosis.remedy)
    }
  }
}
