/// A few named amounts as bars from a common zero: gains to the right, losses to the left.
public struct BarsChart: Sendable {
  public struct Bar: Sendable {
    public var label: String
    public var value: Double
    /// Written behind the bar.
    public var text: String

    public init(_ label: String, _ value: Double, text: String) {
      self.label = label
      self.value = value
      self.text = text
    }
  }

  public var title, caption: String
  public var bars: [Bar]

  public init(title: String, caption: String, bars: [Bar]) {
    self.title = title
    self.caption = caption
    self.bars = bars
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: drawnThrice { svg(name: $0, width: $1, titleID: id) })
  }

  private static let rowHeight = 24.0
  private static let letterWidth = 7.5

  private func svg(name: String, width: Int, titleID: String) -> HTML {
    let letters = min(bars.map(\.label.count).max() ?? 0, width / 25)
    let left = Double(letters) * Self.letterWidth + 10
    let right = Double(bars.map(\.text.count).max() ?? 0) * Self.letterWidth + 12
    let values = bars.map(\.value).filter(\.isFinite)
    let low = min(0, values.min() ?? 0)
    let high = max(0, values.max() ?? 0)
    let room = max(40, Double(width) - left - right)
    let span = high > low ? high - low : 1
    func x(_ value: Double) -> Double { left + (value - low) / span * room }
    let rows = bars.enumerated().map { index, bar -> HTML in
      let top = Double(index) * Self.rowHeight
      let middle = top + Self.rowHeight / 2 + 4
      let label =
        bar.label.count <= letters ? bar.label : bar.label.prefix(max(1, letters - 1)) + "…"
      let value = bar.value.isFinite ? bar.value : 0
      let (from, to) = (x(min(0, value)), x(max(0, value)))
      return """
        <text x="\(Pixel.text(left - 8))" y="\(Pixel.text(middle))" text-anchor="end">\(label)</text>\
        <rect class="\(value < 0 ? "falls" : "rises")" x="\(Pixel.text(from))" \
        y="\(Pixel.text(top + 4))" width="\(Pixel.text(max(1, to - from)))" height="16"/>\
        <text class="cell" x="\(Pixel.text(x(high) + 6))" y="\(Pixel.text(middle))">\(bar.text)</text>

        """
    }.joined()
    let height = Int(Double(bars.count) * Self.rowHeight)
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(max(1, height))" role="img" \
      aria-labelledby="\(titleID)">
      \(rows)<line class="zero" x1="\(Pixel.text(x(0)))" x2="\(Pixel.text(x(0)))" y1="0" \
      y2="\(height)"/></svg>

      """
  }

  private var table: Page.Table {
    Page.Table(
      caption: title, columns: [.words(""), .numbers("")], rows: bars.map { [$0.label, $0.text] })
  }
}
