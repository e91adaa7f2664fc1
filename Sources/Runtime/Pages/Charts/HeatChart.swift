/// Numbers in rows and columns, as colours on one scale around zero.
public struct HeatChart: Sendable {
  public struct Row: Sendable {
    public var label: String
    /// One for each column; NaN is left empty.
    public var values: [Double]

    public init(_ label: String, _ values: [Double]) {
      self.label = label
      self.values = values
    }
  }

  public var title, caption: String
  public var columns: [String]
  public var rows: [Row]
  /// The size at which a colour is full.
  public var full: Double
  /// Writes the numbers into their cells, where columns are few.
  public var showsNumbers: Bool
  /// Numbers are parts of one, and shown as percent without the sign.
  public var isPercent: Bool
  /// Draws only so much of a square chart as has room: its rows are its columns.
  public var isSquare: Bool

  public init(
    title: String, caption: String, columns: [String], rows: [Row], full: Double = 1,
    showsNumbers: Bool = false, isPercent: Bool = false, isSquare: Bool = false
  ) {
    precondition(rows.allSatisfy { $0.values.count == columns.count }, "a value for each column")
    precondition(full > 0, "a colour is full somewhere")
    self.title = title
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.full = full
    self.showsNumbers = showsNumbers
    self.isPercent = isPercent
    self.isSquare = isSquare
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: drawnThrice { svg(name: $0, width: $1, titleID: id) })
  }

  private static let rowHeight = 20.0
  private static let letterWidth = 7.5
  /// What a number of three figures and its sign need; a chart that is wider for it can be moved.
  private static let leastWithNumbers = 32.0

  private func svg(name: String, width: Int, titleID: String) -> HTML {
    let longest = Double(rows.map(\.label.count).max() ?? 0)
    let left = min(Double(width) * 0.4, longest * Self.letterWidth + 10)
    let letters = Int((left - 10) / Self.letterWidth)
    let room = Double(width) - left
    let count = isSquare ? min(columns.count, Int(room / 15)) : columns.count
    let fair = min(room / Double(max(1, count)), isSquare ? 24 : 110)
    let cell = showsNumbers ? max(fair, Self.leastWithNumbers) : fair
    let drawn = max(width, Int((left + cell * Double(count)).rounded(.up)))
    let height = isSquare ? cell : Self.rowHeight
    let shown = isSquare ? rows.prefix(count) : rows[...]
    let head = isSquare ? 0.0 : 22
    let cells = shown.enumerated().map { index, row -> HTML in
      let top = head + Double(index) * height
      return """
        <text x="\(Pixel.text(left - 8))" y="\(Pixel.text(top + height / 2 + 4))" \
        text-anchor="end">\(Self.cut(row.label, letters))</text>\
        \(self.cells(of: row, count: count, left: left, top: top, width: cell, height: height))

        """
    }.joined()
    let bottom = Int(head + Double(shown.count) * height) + 2
    let size: HTML = drawn > width ? " style=\"width: \(drawn)px\"" : ""
    let svg: HTML = """
      <svg class="\(name)" viewBox="0 0 \(drawn) \(bottom)"\(size) role="img" \
      aria-labelledby="\(titleID)">
      \(isSquare ? "" : titles(left: left, width: cell))\(cells)</svg>

      """
    return drawn > width ? "<div class=\"moved\">\(svg)</div>\n" : svg
  }

  private static func cut(_ label: String, _ letters: Int) -> String {
    label.count <= letters ? label : label.prefix(max(1, letters - 1)) + "…"
  }

  private func titles(left: Double, width: Double) -> HTML {
    columns.enumerated().map { index, title -> HTML in
      """
      <text x="\(Pixel.text(left + (Double(index) + 0.5) * width))" y="14" \
      text-anchor="middle">\(title)</text>
      """
    }.joined()
  }

  private func cells(
    of row: Row, count: Int, left: Double, top: Double, width: Double, height: Double
  ) -> HTML {
    row.values.prefix(count).enumerated().map { index, value -> HTML in
      guard value.isFinite else { return "" }
      let x = left + Double(index) * width
      // Steps of a twentieth are all that an eye tells apart, and make the page smaller.
      let depth = (min(1, abs(value) / full) * 20).rounded() / 20
      let colour: HTML =
        depth > 0
        ? """
        <rect class="\(value < 0 ? "falls" : "rises")" x="\(Pixel.text(x))" y="\(Pixel.text(top))" \
        width="\(Pixel.text(width - 1))" height="\(Pixel.text(height - 1))" \
        fill-opacity="\(NumberText.fixed(depth * 0.75, decimals: 2))"/>
        """ : ""
      guard showsNumbers else { return colour }
      return """
        \(colour)<text class="cell" x="\(Pixel.text(x + width / 2))" \
        y="\(Pixel.text(top + height / 2 + 4))" text-anchor="middle">\
        \(text(value, isNarrow: width < 38))</text>
        """
    }.joined()
  }

  private var table: Page.Table {
    Page.Table(
      caption: title, columns: [.words("")] + columns.map { .numbers($0) },
      rows: rows.map { [$0.label] + $0.values.map { text($0) } })
  }

  private func text(_ value: Double, isNarrow: Bool = false) -> String {
    isPercent
      ? NumberText.fixed(value * 100, decimals: isNarrow ? 0 : 1)
      : NumberText.ratio(value, decimals: isNarrow ? 1 : 3)
  }
}
