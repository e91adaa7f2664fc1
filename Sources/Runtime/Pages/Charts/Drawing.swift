/// A time chart at one size, as SVG.
struct Drawing {
  let chart: TimeChart
  let width, height: Int
  private let scale: ValueScale
  private let first, last: Timestamp
  // Room for the values at the left, the names at the right and the dates below, in pixels.
  private let left = 48.0
  private let right: Double
  private let top = 10.0
  private let bottom = 24.0

  init(chart: TimeChart, width: Int, height: Int) {
    self.chart = chart
    self.width = width
    self.height = height
    right = Pixel.room(for: chart.series.filter { !$0.isArea }.map(\.label), least: 72)
    first = chart.times.first ?? Timestamp(nanoseconds: 0)
    last = chart.times.last ?? first
    let values = chart.series.lazy.flatMap(\.values).filter(\.isFinite)
    let low = values.min() ?? 0
    scale = ValueScale(
      values, isLogarithmic: chart.growsByFactors && low > 0 && (values.max() ?? 0) > 3 * low,
      includesZero: chart.series.contains(where: \.isArea), most: height > 200 ? 6 : 4)
  }

  func svg(name: String, titleID: String) -> HTML {
    let parts: [HTML] = [
      valueAxis, timeAxis, chart.series.reversed().map(path).joined(), marks, labels,
    ]
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="\(titleID)">
      \(parts.joined())</svg>

      """
  }

  private func x(_ time: Timestamp) -> Double {
    let span = Double(max(1, last.nanoseconds - first.nanoseconds))
    let share = Double(time.nanoseconds - first.nanoseconds) / span
    return left + share * (Double(width) - left - right)
  }

  private func y(_ value: Double) -> Double {
    top + (1 - scale.position(value)) * (Double(height) - top - bottom)
  }

  private var valueAxis: HTML {
    zip(scale.ticks, chart.format.ticks(scale.ticks)).map { tick, text -> HTML in
      let y = y(tick)
      let isZero = tick == 0 && !scale.isLogarithmic
      return """
        <line class="\(isZero ? "zero" : "grid")" x1="\(pixel(left))" x2="\(pixel(Double(width) - right))" \
        y1="\(pixel(y))" y2="\(pixel(y))"/><text x="\(pixel(left - 8))" y="\(pixel(y + 4))" \
        text-anchor="end">\(text)</text>

        """
    }.joined()
  }

  private var timeAxis: HTML {
    TimeTicks.between(first, last, most: max(2, (width - 120) / 45)).map { tick -> HTML in
      """
      <text x="\(pixel(x(tick.time)))" y="\(height - 6)" text-anchor="middle">\(tick.text)</text>

      """
    }.joined()
  }

  private func path(_ series: TimeChart.Series) -> HTML {
    let positions = chart.times.map(x)
    var line = ""
    var startOfPiece: Double?
    var previous = 0.0
    func closeArea() {
      guard series.isArea, let start = startOfPiece else { return }
      line += "L\(pixel(previous)) \(pixel(y(0)))L\(pixel(start)) \(pixel(y(0)))Z"
    }
    for index in Thinning.indices(positions: positions, values: series.values) {
      let value = series.values[index]
      guard scale.holds(value) else {
        closeArea()
        startOfPiece = nil
        continue
      }
      let command = startOfPiece == nil ? "M" : "L"
      startOfPiece = startOfPiece ?? positions[index]
      previous = positions[index]
      line += "\(command)\(pixel(previous)) \(pixel(y(value)))"
    }
    closeArea()
    return "<path class=\"\(series.isArea ? "area" : series.role.rawValue)\" d=\"\(line)\"/>\n"
  }

  private var marks: HTML {
    chart.marks.filter { scale.holds($0.value) }.map { mark -> HTML in
      let x = x(chart.times[mark.index])
      let tip = y(mark.value)
      let foot = mark.pointsUp ? tip + 9 : tip - 9
      return """
        <path class="\(mark.pointsUp ? "enter" : "leave")" d="M\(pixel(x)) \(pixel(tip))L\(pixel(x - 5)) \
        \(pixel(foot))L\(pixel(x + 5)) \(pixel(foot))Z"/>

        """
    }.joined()
  }

  /// Each line's name at its end, apart from one another, and the value of the point asked for.
  private var labels: HTML {
    var text: [HTML] = []
    let ends = chart.series.filter { !$0.isArea }.compactMap { series in
      series.values.last(where: scale.holds).map { (series, y($0)) }
    }.sorted { $0.1 < $1.1 }
    var lowest = 0.0
    for (series, y) in ends {
      lowest = max(lowest + 16, y)
      text.append(
        """
        <text class="label \(series.role.rawValue)" x="\(pixel(Double(width) - right + 6))" \
        y="\(pixel(lowest + 4))">\(series.label)</text>

        """)
    }
    if let index = chart.labelledIndex, let series = chart.series.first,
      scale.holds(series.values[index])
    {
      let x = x(chart.times[index])
      let isLeft = x < Double(width) / 2
      text.append(
        """
        <text class="label \(series.role.rawValue)" x="\(pixel(isLeft ? x + 8 : x - 8))" \
        y="\(pixel(min(y(series.values[index]), Double(height) - bottom) - 2))" \
        text-anchor="\(isLeft ? "start" : "end")">\(chart.format.text(series.values[index]))</text>

        """)
    }
    return text.joined()
  }

  private func pixel(_ value: Double) -> String { Pixel.text(value) }
}
