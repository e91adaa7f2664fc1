/// What was found, made fit to be shown on one line of an error message.
public enum Excerpt {
  /// `text` in quotation marks, with control characters escaped and at most `longest` characters.
  public static func quoted(_ text: some StringProtocol, longest: Int = 60) -> String {
    var shown = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < longest else { return "\"\(shown)…\"" }
      count += 1
      if scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
        || scalar == "\u{2028}" || scalar == "\u{2029}"
      {
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return "\"\(shown)\""
  }

  /// The same without quotation marks.
  public static func bare(_ text: some StringProtocol, longest: Int = 60) -> String {
    String(quoted(text, longest: longest).dropFirst().dropLast())
  }
}
