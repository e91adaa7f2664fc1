/// How the values of several things are distributed, a small drawing each.
public struct HistogramChart: Sendable {
  public struct Item: Sendable {
    public var label: String
    /// How many values lie in each bin, from the least to the greatest.
    public var bins: [Int]
    /// Where the outer bins begin and end.
    public var low, high: Double

    public init(_ label: String, bins: [Int], low: Double, high: Double) {
      self.label = label
      self.bins = bins
      self.low = low
      self.high = high
    }
  }

  public var title, caption: String
  public var items: [Item]

  public init(title: String, caption: String, items: [Item]) {
    self.title = title
    self.caption = caption
    self.items = items
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: [("narrow", 344, 2), ("medium", 700, 4), ("wide", 1080, 6)].map {
        svg(name: $0.0, width: $0.1, across: $0.2, titleID: id)
      }.joined())
  }

  private static let height = 96.0
  private static let foot = 58.0

  private func svg(name: String, width: Int, across: Int, titleID: String) -> HTML {
    let step = Double(width) / Double(across)
    let lines = (items.count + across - 1) / across
    let drawings = items.enumerated().map { index, item in
      drawing(
        of: item, x: Double(index % across) * step, y: Double(index / across) * Self.height,
        width: step - 16)
    }.joined()
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(lines * Int(Self.height))" role="img" \
      aria-labelledby="\(titleID)">
      \(drawings)</svg>

      """
  }

  private func drawing(of item: Item, x: Double, y: Double, width: Double) -> HTML {
    let most = Double(max(1, item.bins.max() ?? 1))
    let bar = width / Double(max(1, item.bins.count))
    let foot = y + Self.foot
    var line = "M\(Pixel.text(x)) \(Pixel.text(foot))"
    for (index, count) in item.bins.enumerated() {
      let top = Pixel.text(foot - Double(count) / most * 38)
      line += "L\(Pixel.text(x + Double(index) * bar)) \(top)"
      line += "L\(Pixel.text(x + Double(index + 1) * bar)) \(top)"
    }
    line += "L\(Pixel.text(x + width)) \(Pixel.text(foot))Z"
    let letters = Int(width / 7.5)
    let label =
      item.label.count <= letters ? item.label : item.label.prefix(max(1, letters - 1)) + "…"
    return """
      <text x="\(Pixel.text(x))" y="\(Pixel.text(y + 14))">\(label)</text>\
      <path class="there" d="\(line)"/>\
      <text x="\(Pixel.text(x))" y="\(Pixel.text(foot + 15))">\(NumberText.compact(item.low))</text>\
      <text x="\(Pixel.text(x + width))" y="\(Pixel.text(foot + 15))" \
      text-anchor="end">\(NumberText.compact(item.high))</text>

      """
  }

  private var table: Page.Table {
    Page.Table(
      caption: title,
      columns: [.words(""), .numbers("from"), .numbers("to"), .words("values in each bin")],
      rows: items.map { item in
        [
          item.label, NumberText.compact(item.low), NumberText.compact(item.high),
          item.bins.map { NumberText.count($0) }.joined(separator: ", "),
        ]
      })
  }
}
