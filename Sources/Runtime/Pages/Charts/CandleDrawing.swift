/// A candle chart as a drawing in a file of its own, light or dark as its reader is.
struct CandleDrawing {
  private let layout: CandleLayout
  private let caption: String
  private let width = 1080.0
  private let height = 560.0
  private let right = 72.0
  private let left = 16.0
  private let top = 48.0
  private let bottom = 52.0
  private let volumeHeight: Double

  /// The most candles that can be told apart at this width.
  static let candles = 330

  init(_ chart: CandleChart, caption: String) {
    layout = CandleLayout(chart, priceTicks: 8)
    self.caption = caption
    volumeHeight = chart.volume.isEmpty ? 0 : 84
  }

  private var chart: CandleChart { layout.chart }
  private var step: Double { (width - left - right) / Double(max(1, chart.times.count)) }
  private var bodyWidth: Double { min(14, max(1, step * 0.64)) }
  private func x(_ index: Int) -> Double { left + (Double(index) + 0.5) * step }

  private func y(_ value: Double) -> Double {
    top + (1 - layout.scale.position(value)) * (height - top - bottom - volumeHeight)
  }

  var svg: String {
    let html: HTML = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" \
      width="\(Int(width))" height="\(Int(height))" role="img" aria-labelledby="title caption">
      <title id="title">\(chart.title)</title>
      <desc id="caption">\(caption)</desc>
      <style>\(HTML(trusted: Stylesheet.palette + Self.style))</style>
      <rect class="paper" width="100%" height="100%"/>
      <text class="title" x="\(pixel(left))" y="28">\(chart.title)</text>
      \(priceAxis)\(volumes)\(candles(rising: true))\(candles(rising: false))\(timeAxis)\
      <text x="\(pixel(left))" y="\(pixel(height - 10))">\(caption)</text>
      </svg>

      """
    return html.description
  }

  private static let style = """

    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--quiet);
      font-variant-numeric: tabular-nums; }
    .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
    .paper { fill: var(--paper); } .grid { stroke: var(--grid); } .volume { fill: var(--grid); }
    .rise { stroke: var(--gain); fill: var(--paper); } .fall { stroke: var(--loss); fill: var(--loss); }
    """

  private var priceAxis: HTML {
    zip(layout.scale.ticks, layout.priceLabels).map { tick, label -> HTML in
      let y = pixel(y(tick))
      return """
        <line class="grid" x1="\(pixel(left))" x2="\(pixel(width - right))" \
        y1="\(y)" y2="\(y)"/><text x="\(pixel(width - right + 8))" y="\(y)" dy="4">\(label)</text>

        """
    }.joined()
  }

  private var timeAxis: HTML {
    let labels = layout.timeLabels(
      positions: chart.times.indices.map(x), end: width - right, gap: 16,
      width: { Double($0.count) * 7.5 })
    return labels.map { label -> HTML in
      """
      <text x="\(pixel(x(label.index) - bodyWidth / 2))" y="\(pixel(height - 32))">\
      \(label.text)</text>

      """
    }.joined()
  }

  private var volumes: HTML {
    guard layout.largestVolume > 0 else { return "" }
    let foot = height - bottom
    let path = chart.volume.indices.map { index -> String in
      let share = chart.volume[index] / layout.largestVolume
      guard share > 0, share.isFinite else { return "" }
      let bar = share * (volumeHeight - 12)
      return "M\(pixel(x(index) - bodyWidth / 2)) \(pixel(foot))v\(pixel(-bar))"
        + "h\(pixel(bodyWidth))v\(pixel(bar))Z"
    }.joined()
    let label = NumberText.compact(layout.largestVolume)
    return """
      <path class="volume" d="\(path)"/>
      <text x="\(pixel(width - right + 8))" y="\(pixel(foot - volumeHeight + 16))">\(label)</text>

      """
  }

  /// Rising candles are hollow and falling ones filled.
  private func candles(rising: Bool) -> HTML {
    let path = chart.times.indices.filter { chart.hasBar($0) && chart.rises($0) == rising }
      .map { index -> String in
        let x = x(index)
        let (head, foot) = (
          y(max(chart.open[index], chart.close[index])),
          y(min(chart.open[index], chart.close[index]))
        )
        // A body without height is a line.
        return "M\(pixel(x)) \(pixel(y(chart.high[index])))V\(pixel(head))"
          + "M\(pixel(x)) \(pixel(foot))V\(pixel(y(chart.low[index])))"
          + "M\(pixel(x - bodyWidth / 2)) \(pixel(head))h\(pixel(bodyWidth))"
          + "V\(pixel(foot))h\(pixel(-bodyWidth))Z"
      }.joined()
    return path.isEmpty ? "" : "<path class=\"\(rising ? "rise" : "fall")\" d=\"\(path)\"/>\n"
  }

  private func pixel(_ value: Double) -> String { Pixels.text(value) }
}

extension CandleChart {
  /// The chart as an SVG file. Where there is no room for all candles, neighbours are drawn as one,
  /// which the caption says.
  public var svg: String {
    let (chart, each) = merged(into: CandleDrawing.candles)
    return CandleDrawing(
      chart,
      caption: caption + " Rising hollow, falling filled."
        + (each > 1 ? " Each candle is \(each) bars." : "")
    ).svg
  }
}
