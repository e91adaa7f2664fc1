import Market
import MarketData
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

extension BarDeclaration.Stamp: ConfigurationChoice {}
extension BarDeclaration.Adjustment: ConfigurationChoice {}

/// What a file calls one of the columns: `close=Last`.
package struct ColumnName: Equatable, Sendable, ConfigurationText {
  package var column: String
  package var inFile: String

  package static var expected: String { "a column and what the file calls it" }
  package var configurationText: String { "\(column)=\(inFile)" }

  package static func read(text: String) throws(ConfigurationRefusal) -> ColumnName {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) does not name a column and what the file calls it",
        remedy: "write both, as in close=Last")
    }
    return ColumnName(column: parts[0], inFile: parts[1])
  }
}
