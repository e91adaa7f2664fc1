/// Colours by meaning, on terminals that have them. A sign or a word always says the same.
public enum Paint: String, Sendable {
  case gain = "32"
  case loss = "31"
  case warning = "33"
  case quiet = "2"
  case strong = "1"

  public func on(_ text: String, _ hasColour: Bool) -> String {
    hasColour ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
