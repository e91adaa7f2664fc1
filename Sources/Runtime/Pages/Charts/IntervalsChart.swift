/// Named values, one below the other on one axis, each with the interval in which it may lie as well and
/// with the value it is held against.
public struct IntervalsChart: Sendable {
  public struct Row: Sendable {
    public var label: String
    public var value: Double
    public var interval: ClosedRange<Double>?
    /// Drawn as a stroke across the row.
    public var reference: Double?

    public init(
      _ label: String, _ value: Double, interval: ClosedRange<Double>? = nil,
      reference: Double? = nil
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.reference = reference
    }
  }

  public var title, caption: String
  /// What stands on the axis, and what references are.
  public var horizontal, reference: String
  public var rows: [Row]
  public var decimals: Int
  /// A line at zero, which is then on the axis in any case.
  public var hasZero: Bool

  public init(
    title: String, caption: String, horizontal: String, reference: String = "", rows: [Row],
    decimals: Int = 3, hasZero: Bool = false
  ) {
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.reference = reference
    self.rows = rows
    self.decimals = decimals
    self.hasZero = hasZero
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: drawnThrice { svg(name: $0, width: $1, titleID: id) })
  }

  private static let (rowHeight, foot) = (24.0, 40.0)
  private static let letterWidth = 7.5

  private func text(_ value: Double) -> String { NumberText.ratio(value, decimals: decimals) }

  private func svg(name: String, width: Int, titleID: String) -> HTML {
    let letters = min(rows.map(\.label.count).max() ?? 0, width / 18)
    let left = Double(letters) * Self.letterWidth + 10
    let right = Pixel.room(for: rows.map { text($0.value) }, least: 40)
    let scale = ValueScale(
      rows.flatMap { row in
        [row.value, row.interval?.lowerBound, row.interval?.upperBound, row.reference]
          .compactMap { $0 }
      }, isLogarithmic: false, includesZero: hasZero, most: max(2, width / 120))
    func x(_ value: Double) -> Double {
      left + 6 + scale.position(value) * (Double(width) - left - right - 12)
    }
    let bottom = Double(rows.count) * Self.rowHeight
    func upright(_ kind: String, _ value: Double) -> HTML {
      """
      <line class="\(kind)" x1="\(Pixel.text(x(value)))" x2="\(Pixel.text(x(value)))" y1="0" \
      y2="\(Pixel.text(bottom))"/>
      """
    }
    let ticks = zip(scale.ticks, NumberText.ticks(scale.ticks)).map { tick, text -> HTML in
      """
      \(upright("grid", tick))<text x="\(Pixel.text(x(tick)))" y="\(Pixel.text(bottom + 16))" \
      text-anchor="middle">\(text)</text>

      """
    }.joined()
    let zero = hasZero ? upright("zero", 0) : ""
    let drawn = rows.enumerated().map { index, row -> HTML in
      let middle = (Double(index) + 0.5) * Self.rowHeight
      let label =
        row.label.count <= letters ? row.label : row.label.prefix(max(1, letters - 1)) + "…"
      return """
        <text x="\(Pixel.text(left - 8))" y="\(Pixel.text(middle + 4))" text-anchor="end">\(label)</text>\
        \(marks(of: row, x, middle, scale))\
        <text class="cell" x="\(Pixel.text(Double(width) - right + 10))" y="\(Pixel.text(middle + 4))">\
        \(text(row.value))</text>

        """
    }.joined()
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(Int(bottom + Self.foot))" role="img" \
      aria-labelledby="\(titleID)">
      \(ticks)\(zero)\(drawn)<text x="\(Pixel.text((left + Double(width) - right) / 2))" \
      y="\(Pixel.text(bottom + 34))" text-anchor="middle">\(horizontal)</text></svg>

      """
  }

  /// Interval, reference and value of a row, as far as they have a place on the axis.
  private func marks(
    of row: Row, _ x: (Double) -> Double, _ middle: Double, _ scale: ValueScale
  ) -> HTML {
    var marks: [HTML] = []
    if let interval = row.interval, scale.holds(interval.lowerBound),
      scale.holds(interval.upperBound)
    {
      marks.append(
        """
        <line class="subject" stroke-width="2" x1="\(Pixel.text(x(interval.lowerBound)))" \
        x2="\(Pixel.text(x(interval.upperBound)))" y1="\(Pixel.text(middle))" y2="\(Pixel.text(middle))"/>
        """)
    }
    if let reference = row.reference, scale.holds(reference) {
      marks.append(
        """
        <line class="benchmark" stroke-width="3" x1="\(Pixel.text(x(reference)))" \
        x2="\(Pixel.text(x(reference)))" y1="\(Pixel.text(middle - 9))" y2="\(Pixel.text(middle + 9))"/>
        """)
    }
    if scale.holds(row.value) {
      marks.append(
        """
        <circle class="there" cx="\(Pixel.text(x(row.value)))" cy="\(Pixel.text(middle))" r="5"/>
        """)
    }
    return marks.joined()
  }

  private var table: Page.Table {
    let hasReference = rows.contains { $0.reference != nil }
    return Page.Table(
      caption: title,
      columns: [.words(""), .numbers(horizontal), .numbers("95% interval")]
        + (hasReference ? [.numbers(reference)] : []),
      rows: rows.map { row in
        [
          row.label, text(row.value),
          row.interval.map { "\(text($0.lowerBound)) … \(text($0.upperBound))" }
            ?? NumberText.absent,
        ] + (hasReference ? [row.reference.map(text) ?? NumberText.absent] : [])
      })
  }
}
