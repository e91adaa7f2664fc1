/// How complete several series are over one stretch of time, a row each: bars as high as what is
/// there, and signs where something was found.
public struct CoverageChart: Sendable {
  public struct Cell: Sendable {
    /// Of what should be there; NaN where nothing is expected.
    public var share: Double
    public var sign: Mark?
    /// What a person reads in the table.
    public var words: String

    public init(share: Double, sign: Mark?, words: String) {
      self.share = share
      self.sign = sign
      self.words = words
    }
  }

  public struct Row: Sendable {
    public var label: String
    /// One for each period.
    public var cells: [Cell]

    public init(label: String, cells: [Cell]) {
      self.label = label
      self.cells = cells
    }
  }

  public var title, caption: String
  /// Where each period begins, and where the last one ends.
  public var edges: [Timestamp]
  public var rows: [Row]

  public init(title: String, caption: String, edges: [Timestamp], rows: [Row]) {
    precondition(rows.allSatisfy { $0.cells.count + 1 == edges.count }, "a cell for each period")
    self.title = title
    self.caption = caption
    self.edges = edges
    self.rows = rows
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: drawnThrice { svg(name: $0, width: $1, titleID: id) })
  }

  private static let rowHeight = 26.0
  private static let labelWidth = 72.0

  private func svg(name: String, width: Int, titleID: String) -> HTML {
    let height = Int(Self.rowHeight) * rows.count + 24
    let bars = rows.enumerated().map { index, row in
      drawing(of: row, top: Double(index) * Self.rowHeight, width: Double(width))
    }.joined()
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="\(titleID)">
      \(bars)\(timeAxis(width: width, height: height))</svg>

      """
  }

  private func x(_ time: Timestamp, _ width: Double) -> Double {
    guard let first = edges.first, let last = edges.last else { return Self.labelWidth }
    let span = Double(max(1, last.nanoseconds - first.nanoseconds))
    let share = Double(time.nanoseconds - first.nanoseconds) / span
    return Self.labelWidth + share * (width - Self.labelWidth - 8)
  }

  private func drawing(of row: Row, top: Double, width: Double) -> HTML {
    let foot = top + Self.rowHeight - 4
    let full = Self.rowHeight - 10
    let cells = row.cells.enumerated().map { index, cell -> HTML in
      let (left, right) = (x(edges[index], width), x(edges[index + 1], width))
      let wide = max(0.5, right - left - (right - left > 4 ? 1 : 0))
      var parts: [HTML] = []
      if cell.share > 0 {
        let high = max(1, full * min(1, cell.share))
        let kind = cell.share < 1 ? "part" : "there"
        parts.append(
          """
          <rect class="\(kind)" x="\(Pixel.text(left))" y="\(Pixel.text(foot - high))" \
          width="\(Pixel.text(wide))" height="\(Pixel.text(high))"/>
          """)
      }
      if let sign = cell.sign {
        parts.append(self.sign(sign, x: (left + right) / 2, y: foot - full / 2))
      }
      return parts.joined()
    }.joined()
    return """
      <text x="\(Pixel.text(Self.labelWidth - 8))" y="\(Pixel.text(foot - 4))" text-anchor="end">\(row.label)</text>\
      <line class="grid" x1="\(Pixel.text(Self.labelWidth))" x2="\(Pixel.text(width - 8))" \
      y1="\(Pixel.text(foot))" y2="\(Pixel.text(foot))"/>\(cells)

      """
  }

  /// A cross or a triangle, told apart by their shape as well.
  private func sign(_ sign: Mark, x: Double, y: Double) -> HTML {
    func point(_ dx: Double, _ dy: Double) -> String {
      "\(Pixel.text(x + dx)) \(Pixel.text(y + dy))"
    }
    switch sign {
    case .bad:
      return """
        <path class="halo" d="M\(point(-3.5, -3.5))L\(point(3.5, 3.5))M\(point(3.5, -3.5))L\(point(-3.5, 3.5))"/>\
        <path class="cross" d="M\(point(-3.5, -3.5))L\(point(3.5, 3.5))M\(point(3.5, -3.5))L\(point(-3.5, 3.5))"/>
        """
    case .warning:
      return """
        <path class="attention" d="M\(point(0, -4))L\(point(4, 3.5))L\(point(-4, 3.5))Z"/>
        """
    case .good: return ""
    }
  }

  private func timeAxis(width: Int, height: Int) -> HTML {
    guard let first = edges.first, let last = edges.last else { return "" }
    return TimeTicks.between(first, last, most: max(2, (width - 120) / 45)).map { tick -> HTML in
      """
      <text x="\(Pixel.text(x(tick.time, Double(width))))" y="\(height - 6)" text-anchor="middle">\(tick.text)</text>

      """
    }.joined()
  }

  private var table: Page.Table {
    Page.Table(
      caption: title,
      columns: [.words("series"), .words("from"), .numbers("there %"), .words("found")],
      rows: rows.flatMap { row in
        row.cells.indices.map { index in
          let cell = row.cells[index]
          return [
            row.label, edges[index].utcDate.description,
            NumberText.percent(cell.share, withSign: false), cell.words,
          ]
        }
      })
  }
}

/// Positions in drawings: a tenth of a pixel is finer than anyone sees.
enum Pixel {
  static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// What names at the ends of lines take, in pixels, with what parts them from the lines.
  static func room(for labels: [String], least: Double) -> Double {
    max(least, Double(labels.map(\.count).max() ?? 0) * 7.5 + 10)
  }
}
