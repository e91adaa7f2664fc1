/// How often values of one kind occur: a bar for each stretch of values, those below zero as losses.
public struct DistributionChart: Sendable {
  /// A value to point out: "mean", "worst of 20".
  public struct Mark: Sendable {
    public var label: String
    public var value: Double

    public init(_ label: String, _ value: Double) {
      self.label = label
      self.value = value
    }
  }

  public var title, caption: String
  /// Where the first bar begins, and how wide each is.
  public var low, step: Double
  /// How many values lie in each bar.
  public var counts: [Int]
  public var marks: [Mark]
  /// Values are parts of one, and shown as percent.
  public var isPercent: Bool

  /// Counts values in bars of a round width, with one edge at zero; what lies beyond the outer thousandth
  /// on either side is counted in the outermost bars.
  public init(
    title: String, caption: String, values: [Double], marks: [Mark] = [], isPercent: Bool = true
  ) {
    self.title = title
    self.caption = caption
    self.marks = marks
    self.isPercent = isPercent
    let known = values.filter(\.isFinite).sorted()
    let tail = known.count / 1000
    let (least, greatest) = known.isEmpty ? (0, 0) : (known[tail], known[known.count - 1 - tail])
    let span = max(greatest - least, max(abs(least), abs(greatest)) * 1e-6, 1e-12)
    step = ValueScale.roundUp(span / 100)
    let first = (least / step).rounded(.down)
    let bars = max(1, Int((greatest / step).rounded(.down) - first) + 1)
    low = first * step
    var counts = [Int](repeating: 0, count: bars)
    for value in known {
      let bar = (value / step).rounded(.down) - first
      counts[Int(min(max(bar, 0), Double(bars - 1)))] += 1
    }
    self.counts = counts
  }

  func html(id: String) -> HTML {
    figure(
      id: id, title, caption, table: table.html,
      drawing: drawnThrice { svg(name: $0, width: $1, titleID: id) })
  }

  private static let height = 220.0
  private static let (left, right, top, bottom) = (8.0, 8.0, 34.0, 24.0)

  private var high: Double { low + step * Double(counts.count) }

  private func text(_ value: Double) -> String {
    isPercent ? NumberText.percent(value) : NumberText.compact(value)
  }

  private func svg(name: String, width: Int, titleID: String) -> HTML {
    let room = Double(width) - Self.left - Self.right
    let foot = Self.height - Self.bottom
    let most = Double(max(1, counts.max() ?? 1))
    func x(_ value: Double) -> Double { Self.left + (value - low) / (high - low) * room }
    let bars = counts.enumerated().map { index, count -> HTML in
      guard count > 0 else { return "" }
      let value = low + Double(index) * step
      let size = max(1, Double(count) / most * (foot - Self.top))
      let side = value + step / 2 < 0 ? "falls" : "rises"
      return """
        <rect class="\(side)" x="\(Pixel.text(x(value)))" y="\(Pixel.text(foot - size))" \
        width="\(Pixel.text(max(1, room / Double(counts.count) - 1)))" height="\(Pixel.text(size))"/>
        """
    }.joined()
    let scale = ValueScale(
      [low, high], isLogarithmic: false, includesZero: false, most: width / 90)
    let format = isPercent ? TimeChart.Format.percent : .compact
    let ticks = zip(scale.ticks, format.ticks(scale.ticks)).map { tick, text -> HTML in
      """
      <text x="\(Pixel.text(x(tick)))" y="\(Pixel.text(foot + 17))" text-anchor="middle">\
      \(text)</text>
      """
    }.joined()
    return """
      <svg class="\(name)" viewBox="0 0 \(width) \(Int(Self.height))" role="img" \
      aria-labelledby="\(titleID)">
      \(bars)<line class="zero" x1="\(Pixel.text(Self.left))" x2="\(Pixel.text(Double(width) - Self.right))" \
      y1="\(Pixel.text(foot))" y2="\(Pixel.text(foot))"/>\(ticks)\(drawnMarks(x, width, foot))</svg>

      """
  }

  /// A line each, with words beside it on a row of their own, so that they do not meet.
  private func drawnMarks(_ x: (Double) -> Double, _ width: Int, _ foot: Double) -> HTML {
    marks.filter { $0.value >= low && $0.value <= high }.enumerated().map { index, mark -> HTML in
      let place = x(mark.value)
      let isLeft = place < Double(width) / 2
      let y = 12 + Double(index) * 15
      return """
        <line class="mark" x1="\(Pixel.text(place))" x2="\(Pixel.text(place))" y1="\(Pixel.text(y - 9))" \
        y2="\(Pixel.text(foot))"/><text class="label" x="\(Pixel.text(isLeft ? place + 5 : place - 5))" \
        y="\(Pixel.text(y))" text-anchor="\(isLeft ? "start" : "end")">\(mark.label) \
        \(text(mark.value))</text>
        """
    }.joined()
  }

  private var table: Page.Table {
    Page.Table(
      caption: title, columns: [.numbers("from"), .numbers("to"), .numbers("count")],
      rows: counts.enumerated().map { index, count in
        let from = low + Double(index) * step
        return [text(from), text(from + step), NumberText.count(count)]
      })
  }
}
