/// The signs before a finding; a word beside them always says the same.
public enum Mark: String, Sendable {
  case good = "✓"
  case bad = "✗"
  case warning = "!"

  public var paint: Paint {
    switch self {
    case .good: .gain
    case .bad: .loss
    case .warning: .warning
    }
  }

  /// The sign, coloured where the terminal has colours.
  public func sign(for traits: TerminalTraits) -> String {
    paint.on(traits.readable(rawValue), traits.hasColour)
  }
}

extension Console {
  /// The last line of a verb that left something behind: where it lies and what one would do next.
  public func printResult(_ kind: String, at place: String, next: String? = nil) {
    print("\(kind)  \(place)" + (next.map { "   next: \($0)" } ?? ""))
  }
}
