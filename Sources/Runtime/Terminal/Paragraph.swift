/// Text broken into lines.
enum Paragraph {
  /// Breaks at spaces; a word wider than the page stands alone on its line. Lines after the first are
  /// indented by `hanging` columns more.
  static func lines(of text: String, width: Int, indent: Int = 0, hanging: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    func end(_ line: String) {
      let columns = indent + (lines.isEmpty ? 0 : hanging)
      lines.append(String(repeating: " ", count: columns) + line)
    }
    for word in text.split(separator: " ") {
      let left = indent + (lines.isEmpty ? 0 : hanging)
      if !line.isEmpty, left + line.count + 1 + word.count > width {
        end(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { end(line) }
    return lines
  }
}

extension TerminalTraits {
  /// A paragraph as wide as text is read with ease, or as the terminal is.
  public func wrapped(_ text: String, indent: Int = 0) -> String {
    Paragraph.lines(of: text, width: min(width, 80 + indent), indent: indent)
      .joined(separator: "\n")
  }
}
