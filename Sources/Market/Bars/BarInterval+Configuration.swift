import Runtime

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
