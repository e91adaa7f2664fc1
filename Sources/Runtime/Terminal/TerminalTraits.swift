#if canImport(Glibc)
  import Glibc
#endif

/// What the place we print to can show.
public struct TerminalTraits: Equatable, Sendable {
  /// A person watches, rather than a file or another program.
  public var isTerminal: Bool
  /// Columns; text never runs wider.
  public var width: Int
  /// Lines of the window; text may be longer, pictures are not.
  public var height: Int
  public var hasColour: Bool
  public var isUTF8: Bool

  /// Wider lines are hard to read, however wide the window is.
  public static let widest = 100

  public init(
    isTerminal: Bool, width: Int, height: Int = 24, hasColour: Bool, isUTF8: Bool
  ) {
    self.isTerminal = isTerminal
    self.width = min(width, Self.widest)
    self.height = height
    self.hasColour = hasColour
    self.isUTF8 = isUTF8
  }

  /// A pipe or a file in a modern locale.
  public static let piped = TerminalTraits(
    isTerminal: false, width: widest, hasColour: false, isUTF8: true)

  /// The traits of an open file descriptor, with the environment's wishes (`NO_COLOR`, `TERM`,
  /// `COLUMNS`, `LINES`, the locale) obeyed.
  public static func of(descriptor: Int32, environment: [String: String]) -> TerminalTraits {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    if !isTerminal || ioctl(descriptor, UInt(TIOCGWINSZ), &size) != 0 { size = winsize() }
    func length(_ variable: String, _ window: UInt16, _ standard: Int) -> Int {
      if let asked = environment[variable].flatMap({ Int($0) }), asked > 0 { return asked }
      return window > 0 ? Int(window) : standard
    }
    let width = length("COLUMNS", size.ws_col, widest)
    let refusesColour = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return TerminalTraits(
      isTerminal: isTerminal, width: max(width, 20),
      height: length("LINES", size.ws_row, 24), hasColour: isTerminal && !refusesColour,
      isUTF8: isUTF8(environment))
  }

  /// The first of the three variables that is set decides, as in setlocale(3).
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = environment[name], !value.isEmpty else { continue }
      let folded = value.lowercased()
      return folded.hasSuffix("utf-8") || folded.hasSuffix("utf8")
    }
    return false
  }
}
