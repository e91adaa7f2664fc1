/// A table for the terminal: words to the left, numbers to the right, units in the header.
///
/// Lines never wrap. Where the terminal is too narrow the least important columns are left out, and
/// a line below says which.
public struct Table: Sendable {
  public struct Column: Sendable {
    public enum Alignment: Sendable { case words, numbers }

    let header: String
    let alignment: Alignment
    let importance: Int
    let mayBeCut: Bool

    /// `importance` decides which columns go first; the first column always stays. A column that may
    /// be cut gives up width before any goes.
    public init(
      _ title: String, unit: String? = nil, _ alignment: Alignment = .words, importance: Int = 0,
      mayBeCut: Bool = false
    ) {
      self.mayBeCut = mayBeCut
      header = unit.map { "\(title) \($0)" } ?? title
      self.alignment = alignment
      self.importance = importance
    }

    public static func words(
      _ title: String, importance: Int = 0, mayBeCut: Bool = false
    ) -> Column {
      Column(title, .words, importance: importance, mayBeCut: mayBeCut)
    }

    public static func numbers(_ title: String, unit: String? = nil, importance: Int = 0) -> Column
    {
      Column(title, unit: unit, .numbers, importance: importance)
    }
  }

  public struct Cell: Sendable, ExpressibleByStringInterpolation {
    let text: String
    let paint: Paint?

    public init(_ text: String, _ paint: Paint? = nil) {
      // A line end or an escape inside a cell would break the table, or the terminal.
      self.text = String(
        text.map {
          $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0
        })
      self.paint = paint
    }

    public init(stringLiteral value: String) { self.init(value) }
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []
  private static let gap = 2
  /// Less of a text is not worth reading.
  private static let cutWidth = 24

  public init(_ columns: [Column]) {
    precondition(!columns.isEmpty, "a table has columns")
    self.columns = columns
  }

  public mutating func add(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "one cell per column")
    rows.append(cells)
  }

  /// The lines of the table, without a line end after the last.
  public func text(for traits: TerminalTraits) -> String {
    let texts = rows.map { $0.map { traits.readable($0.text) } }
    let headers = columns.map { traits.readable($0.header) }
    var widths = columns.indices.map { index in
      texts.reduce(headers[index].count) { max($0, $1[index].count) }
    }
    let least = columns.indices.map {
      columns[$0].mayBeCut ? min(widths[$0], Self.cutWidth) : widths[$0]
    }
    let shown = fitting(least, into: traits.width)
    cut(&widths, of: shown, into: traits.width)
    func line(_ texts: [String], _ paint: (Int) -> Paint?) -> String {
      var line = ""
      for (position, index) in shown.enumerated() {
        let isLast = position == shown.count - 1
        let text = cut(texts[index], to: widths[index], traits)
        let space = String(repeating: " ", count: widths[index] - text.count)
        let painted = paint(index).map { $0.on(text, traits.hasColour) } ?? text
        switch columns[index].alignment {
        case .words: line += painted + (isLast ? "" : space)
        case .numbers: line += space + painted
        }
        if !isLast { line += String(repeating: " ", count: Self.gap) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    var lines = [line(headers) { _ in .quiet }]
    for (cells, row) in zip(rows, texts) { lines.append(line(row) { cells[$0].paint }) }
    let dropped = columns.indices.filter { !shown.contains($0) }.map { headers[$0] }
    if !dropped.isEmpty {
      let note = traits.readable("not shown: \(dropped.joined(separator: ", "))")
      lines.append(Paint.quiet.on(cut(note, to: traits.width, traits), traits.hasColour))
    }
    return lines.joined(separator: "\n")
  }

  /// The columns that fit, in order: the least important go first, and of those the rightmost.
  private func fitting(_ widths: [Int], into width: Int) -> [Int] {
    var shown = Array(columns.indices)
    func total() -> Int { shown.reduce(0) { $0 + widths[$1] } + Self.gap * (shown.count - 1) }
    while shown.count > 1, total() > width {
      let least = shown.indices.dropFirst().min {
        (columns[shown[$0]].importance, -$0) < (columns[shown[$1]].importance, -$1)
      }
      guard let least else { break }
      shown.remove(at: least)
    }
    return shown
  }

  /// Takes what is too much from the columns that may be cut, then from one that stands alone.
  private func cut(_ widths: inout [Int], of shown: [Int], into width: Int) {
    var surplus = shown.reduce(0) { $0 + widths[$1] } + Self.gap * (shown.count - 1) - width
    for index in shown.reversed() where surplus > 0 && columns[index].mayBeCut {
      let taken = min(surplus, max(0, widths[index] - Self.cutWidth))
      widths[index] -= taken
      surplus -= taken
    }
    if shown.count == 1 { widths[shown[0]] = min(widths[shown[0]], width) }
  }

  private func cut(_ text: String, to width: Int, _ traits: TerminalTraits) -> String {
    guard text.count > width else { return text }
    let mark = traits.readable("…")
    return String(text.prefix(max(0, width - mark.count))) + String(mark.prefix(width))
  }
}
