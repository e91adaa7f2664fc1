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

  /// `5min`, `1d`.
  public var configurationText: String {
    let unit =
      switch unit {
      case .second: "s"
      case .minute: "min"
      case .hour: "h"
      case .day: "d"
      case .week: "w"
      }
    return "\(count)\(unit)"
  }

  private static let lengths: [BarInterval] =
    [1, 2, 5, 10, 15, 30].map { BarInterval(count: $0, unit: .minute) }
    + [.hour, .day, .week].map { BarInterval(count: 1, unit: $0) }

  /// The lengths there are; minutes may also be written as `5m`.
  public static func read(text: String) throws(ConfigurationRefusal) -> BarInterval {
    let known = lengths.map(\.configurationText)
    let wanted = text.hasSuffix("m") ? text + "in" : text
    if let index = known.firstIndex(of: wanted) { return lengths[index] }
    throw ConfigurationRefusal(
      finding: "\(Excerpt.quoted(text)) is not \(expected)",
      remedy: "write one of: \(known.joined(separator: ", "))")
  }
}
