import Market
import MarketData
import Runtime
import Trading

// How types of the market stand in settings files.

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

/// A number for a parameter of rules: `fast=10`.
package struct ParameterValue: Equatable, Sendable, ConfigurationText {
  package var name: String
  package var value: Double

  package static var expected: String { "a parameter and its number" }
  package var configurationText: String { "\(name)=\(value)" }

  package static func read(text: String) throws(ConfigurationRefusal) -> ParameterValue {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) does not name a parameter and a number",
        remedy: "write both, as in fast=10")
    }
    return ParameterValue(name: parts[0], value: value)
  }
}

extension RunSettings {
  package var sectorNames: [Symbol: String] {
    Dictionary(sectors.map { ($0.symbol, $0.sector) }) { _, later in later }
  }
}
