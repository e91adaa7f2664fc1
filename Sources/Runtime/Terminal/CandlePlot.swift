/// A candle chart in the letters of a terminal.
///
/// A candle that falls is a block and one that rises a line, so that they can be told apart without
/// colours; in ASCII they are `#` and `o`.
struct CandlePlot {
  private let layout: CandleLayout
  private let traits: TerminalTraits
  private let rows: Int
  private let columnsPerCandle: Int
  private let axisWidth: Int

  private static let volumeRows = 4
  /// Lines below the picture: what to do next, which may take two, and the prompt.
  private static let linesBelow = 3

  static func candles(for traits: TerminalTraits) -> Int { max(4, (traits.width - 10) / 2) }

  /// - Parameter words: how many lines of words stand above and below the picture.
  init(_ chart: CandleChart, traits: TerminalTraits, words: Int) {
    self.traits = traits
    let volumeRows = chart.volume.isEmpty ? 0 : Self.volumeRows
    rows = min(40, max(6, traits.height - words - 1 - Self.linesBelow - volumeRows))
    layout = CandleLayout(chart, priceTicks: max(2, rows / 3))
    let labels = layout.priceLabels + [NumberText.compact(layout.largestVolume)]
    axisWidth = 2 + (labels.map(\.count).max() ?? 6)
    let room = (traits.width - axisWidth) / max(1, chart.times.count)
    columnsPerCandle = min(3, max(1, room))
  }

  private var chart: CandleChart { layout.chart }
  private var width: Int { columnsPerCandle * chart.times.count }

  /// The lines of the picture, without title and caption.
  var lines: [String] {
    (0..<rows).map(priceLine) + (chart.volume.isEmpty ? [] : (0..<Self.volumeRows).map(volumeLine))
      + [timeLine]
  }

  /// Half of a cell.
  private enum Half { case empty, wick, body }

  /// Halves are counted from the top.
  private func half(_ value: Double) -> Int {
    Int(((1 - layout.scale.position(value)) * Double(2 * rows - 1)).rounded())
  }

  private func priceLine(_ row: Int) -> String {
    let tick = layout.scale.ticks.indices.first { half(layout.scale.ticks[$0]) / 2 == row }
    let grid = tick == nil ? " " : traits.isUTF8 ? "┈" : "."
    var line = ""
    for index in chart.times.indices {
      line += cell(index, row) ?? quiet(grid)
      let space = String(repeating: grid, count: columnsPerCandle - 1)
      line += tick == nil ? space : quiet(space)
    }
    return trimmed(line + axis(tick.map { layout.priceLabels[$0] }))
  }

  private func cell(_ index: Int, _ row: Int) -> String? {
    guard chart.hasBar(index) else { return nil }
    let wick = half(chart.high[index])...max(half(chart.high[index]), half(chart.low[index]))
    let (upper, lower) = (
      max(chart.open[index], chart.close[index]), min(chart.open[index], chart.close[index])
    )
    let body = half(upper)...max(half(upper), half(lower))
    func part(_ half: Int) -> Half {
      body.contains(half) ? .body : wick.contains(half) ? .wick : .empty
    }
    let rises = chart.rises(index)
    return glyph(part(2 * row), part(2 * row + 1), rises: rises).map {
      (rises ? Paint.gain : .loss).on($0, traits.hasColour)
    }
  }

  private func glyph(_ upper: Half, _ lower: Half, rises: Bool) -> String? {
    guard traits.isUTF8 else {
      if upper == .body || lower == .body { return rises ? "o" : "#" }
      return upper == .wick || lower == .wick ? "|" : nil
    }
    return switch (upper, lower) {
    case (.empty, .empty): nil
    case (.wick, .wick): "│"
    case (.wick, .empty): "╵"
    case (.empty, .wick): "╷"
    case (.body, .body): rises ? "┃" : "█"
    case (.body, .empty): rises ? "╹" : "▀"
    case (.empty, .body): rises ? "╻" : "▄"
    case (.body, .wick): rises ? "╿" : "▀"
    case (.wick, .body): rises ? "╽" : "▄"
    }
  }

  private func volumeLine(_ row: Int) -> String {
    let steps = traits.isUTF8 ? Array(" ▁▂▃▄▅▆▇█") : Array(" .:#")
    let most = steps.count - 1
    var line = ""
    for index in chart.times.indices {
      let share = layout.largestVolume > 0 ? chart.volume[index] / layout.largestVolume : 0
      let height = share.isFinite ? share * Double(Self.volumeRows * most) : 0
      let filled = Int(height.rounded(.up)) - (Self.volumeRows - 1 - row) * most
      let letter = String(steps[min(most, max(0, filled))])
      line += letter == " " ? letter : quiet(letter)
      line += String(repeating: " ", count: columnsPerCandle - 1)
    }
    return trimmed(line + axis(row == 0 ? NumberText.compact(layout.largestVolume) : nil))
  }

  private var timeLine: String {
    let positions = chart.times.indices.map { Double($0 * columnsPerCandle) }
    var line = ""
    for label in layout.timeLabels(
      positions: positions, end: Double(width + axisWidth), gap: 4, width: { Double($0.count) })
    {
      line += String(repeating: " ", count: label.index * columnsPerCandle - line.count)
      line += label.text
    }
    return quiet(line)
  }

  private func axis(_ label: String?) -> String {
    let mark = traits.isUTF8 ? (label == nil ? "│" : "┤") : "|"
    return quiet(label.map { "\(mark) \(traits.readable($0))" } ?? mark)
  }

  private func quiet(_ text: String) -> String {
    text.allSatisfy { $0 == " " } ? text : Paint.quiet.on(text, traits.hasColour)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension CandleChart {
  /// The most candles that a terminal shows apart from each other.
  public static func candleCount(for traits: TerminalTraits) -> Int {
    CandlePlot.candles(for: traits)
  }

  /// The chart as lines for a terminal: the title, the candles with their axes, and the caption. Where
  /// there is no room for all of them, neighbours are drawn as one, which the caption says.
  public func text(for traits: TerminalTraits) -> String {
    let (chart, each) = merged(into: CandlePlot.candles(for: traits))
    let note = each > 1 ? " Each candle is \(each) bars." : ""
    let key = traits.isUTF8 ? " Rising ┃, falling █." : " Rising o, falling #."
    let caption = Paragraph.lines(of: self.caption + key + note, width: traits.width)
    let heading = Paragraph.lines(of: title, width: traits.width).map {
      Paint.strong.on(traits.readable($0), traits.hasColour)
    }
    let foot = caption.map { Paint.quiet.on(traits.readable($0), traits.hasColour) }
    let plot = CandlePlot(chart, traits: traits, words: heading.count + foot.count)
    return (heading + plot.lines + foot).joined(separator: "\n")
  }
}
