/// A still chart of one number against another: losses over steps, shares over probabilities.
public struct PlotChart: Sendable {
  public struct Series: Sendable {
    public var label: String
    public var role: TimeChart.Series.Role
    public var points: [(x: Double, y: Double)]
    /// A dot at each point besides the line.
    public var hasDots: Bool

    public init(
      _ label: String, _ role: TimeChart.Series.Role, _ points: [(x: Double, y: Double)],
      hasDots: Bool = false
    ) {
      self.label = label
      self.role = role
      self.points = points
      self.hasDots = hasDots
    }
  }

  public var title, caption: String
  /// What stands on each axis.
  public var horizontal, vertical: String
  public var series: [Series]

  public init(
    title: String, caption: String, horizontal: String, vertical: String, series: [Series]
  ) {
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.series = series
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: [("narrow", 344, 240), ("medium", 700, 290), ("wide", 1080, 320)].map {
        svg(attributes: "class=\"\($0.0)\" aria-labelledby=\"\(id)\"", width: $0.1, height: $0.2)
      }.joined())
  }

  /// The drawing as a file of its own.
  public func standalone(width: Int = 700, height: Int = 320) -> String {
    let style = """
      \(Stylesheet.palette) svg { font: 13px system-ui, sans-serif; background: var(--paper); }
      text { fill: var(--quiet); } .grid { stroke: var(--grid); } path { fill: none; stroke-width: 1.5; }
      .subject { stroke: var(--subject); } .benchmark { stroke: var(--benchmark); }
      .loss { stroke: var(--loss); } circle { stroke: none; fill: var(--subject); }
      """
    return svg(
      attributes: "xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\"",
      width: width, height: height,
      head: "<title>\(title)</title><style>\(HTML(trusted: style))</style>"
    ).description
  }

  // Room for values at the left, and for the axis' words below, in pixels.
  private static let (left, top, bottom) = (56.0, 12.0, 40.0)

  private func svg(attributes: String, width: Int, height: Int, head: HTML = "") -> HTML {
    let all = series.flatMap(\.points)
    let right = Pixel.room(for: series.map(\.label), least: 88)
    let across = ValueScale(
      all.map(\.x), isLogarithmic: false, includesZero: false, most: width / 110)
    let up = ValueScale(
      all.map(\.y), isLogarithmic: false, includesZero: false, most: height > 250 ? 6 : 4)
    func x(_ value: Double) -> Double {
      Self.left + across.position(value) * (Double(width) - Self.left - right)
    }
    func y(_ value: Double) -> Double {
      Self.top + (1 - up.position(value)) * (Double(height) - Self.top - Self.bottom)
    }
    let lines = zip(up.ticks, NumberText.ticks(up.ticks)).map { tick, text -> HTML in
      """
      <line class="grid" x1="\(Pixel.text(Self.left))" x2="\(Pixel.text(Double(width) - right))" \
      y1="\(Pixel.text(y(tick)))" y2="\(Pixel.text(y(tick)))"/>\
      <text x="\(Pixel.text(Self.left - 8))" y="\(Pixel.text(y(tick) + 4))" text-anchor="end">\
      \(text)</text>

      """
    }.joined()
    let feet = zip(across.ticks, NumberText.ticks(across.ticks)).map { tick, text -> HTML in
      """
      <text x="\(Pixel.text(x(tick)))" y="\(height - 22)" text-anchor="middle">\
      \(text)</text>

      """
    }.joined()
    let words: HTML = """
      <text x="\(Pixel.text((Double(width) + Self.left - right) / 2))" y="\(height - 4)" \
      text-anchor="middle">\(horizontal)</text>

      """
    let drawn = series.reversed().map { one in Self.draw(one, x, y, up) }.joined()
    return """
      <svg \(HTML(trusted: attributes)) viewBox="0 0 \(width) \(height)" role="img">\(head)
      \(lines)\(feet)\(words)\(drawn)</svg>

      """
  }

  private static func draw(
    _ series: Series, _ x: (Double) -> Double, _ y: (Double) -> Double, _ up: ValueScale
  ) -> HTML {
    let points = series.points.filter { up.holds($0.y) && $0.x.isFinite }
    guard let last = points.last else { return "" }
    let line = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(Pixel.text(x(point.x))) \(Pixel.text(y(point.y)))"
    }.joined()
    let dots =
      series.hasDots
      ? points.map { point -> HTML in
        """
        <circle class="there" cx="\(Pixel.text(x(point.x)))" cy="\(Pixel.text(y(point.y)))" r="3.5"/>
        """
      }.joined() : ""
    return """
      <path class="\(series.role.rawValue)" d="\(line)"/>\(dots)\
      <text class="label \(series.role.rawValue)" x="\(Pixel.text(x(last.x) + 6))" \
      y="\(Pixel.text(y(last.y) + 4))">\(series.label)</text>

      """
  }

  private var table: Page.Table {
    Page.Table(
      caption: title, columns: [.words("series"), .numbers(horizontal), .numbers(vertical)],
      rows: series.flatMap { one in
        one.points.map {
          [one.label, NumberText.compact($0.x), NumberText.ratio($0.y, decimals: 4)]
        }
      })
  }
}
