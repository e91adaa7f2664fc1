/// Where a verb prints: results to `output`, everything else to `error`.
public struct Console: Sendable {
  public let output: Outlet
  public let error: Outlet
  /// Of `output`.
  public let traits: TerminalTraits
  /// Of `error`.
  public let errorTraits: TerminalTraits

  public init(
    output: Outlet, error: Outlet, traits: TerminalTraits, errorTraits: TerminalTraits? = nil
  ) {
    self.output = output
    self.error = error
    self.traits = traits
    self.errorTraits = errorTraits ?? traits
  }

  /// The process's own standard output and error.
  public static func standard(environment: [String: String]) -> Console {
    Console(
      output: Outlet(descriptor: 1), error: Outlet(descriptor: 2),
      traits: .of(descriptor: 1, environment: environment),
      errorTraits: .of(descriptor: 2, environment: environment))
  }

  /// Prints text and a line end; signs outside ASCII are replaced where the locale has none.
  public func print(_ text: String = "") {
    output.write(traits.readable(text) + "\n")
  }

  /// Prints a JSON value, on many lines for a person and on one for a program. JSON is always UTF-8.
  public func print(_ value: JSON) {
    output.write(value.text(pretty: traits.isTerminal) + "\n")
  }

  /// Prints a remark that is no result.
  public func note(_ text: String) {
    error.write(errorTraits.readable(text) + "\n")
  }
}

extension TerminalTraits {
  /// The text as this terminal can show it: our own signs have an ASCII form of the same width, but
  /// for the ellipsis; other text is left alone.
  public func readable(_ text: String) -> String {
    guard !isUTF8, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var plain = ""
    for character in text {
      switch character {
      case "−", "–", "—", "─": plain += "-"
      case "\u{202F}", "\u{2009}", "\u{A0}": plain += " "
      case "…": plain += "..."
      case "✓": plain += "+"
      case "✗", "×": plain += "x"
      case "█": plain += "#"
      case "░": plain += "."
      case "→": plain += ">"
      default: plain.append(character)
      }
    }
    return plain
  }
}
