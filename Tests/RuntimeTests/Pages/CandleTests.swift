import Foundation
import Runtime
import Testing

@Suite("Candles in the terminal and in drawings") struct CandleTests {
  private static func terminal(
    _ width: Int, height: Int = 24, colour: Bool = false, utf8: Bool = true
  ) -> TerminalTraits {
    TerminalTraits(
      isTerminal: true, width: width, height: height, hasColour: colour, isUTF8: utf8)
  }

  /// Prices that go up and down, one candle a day from 2024-01-01.
  private static func chart(_ count: Int, minutes: Bool = false) -> CandleChart {
    let times = (0..<count).map {
      Timestamp(seconds: 1_704_067_200 + Int64($0) * (minutes ? 60 : 86_400))
    }
    let middle = (0..<count).map { 100 + 10 * sin(Double($0) / 7) }
    let step = (0..<count).map { cos(Double($0) / 7) + 0.01 }
    return CandleChart(
      title: "AAA 1d, made up", caption: "Prices as traded. Time of America/New_York.",
      label: "AAA", times: times, open: middle, high: zip(middle, step).map { $0 + abs($1) + 1 },
      low: zip(middle, step).map { $0 - abs($1) - 1 }, close: zip(middle, step).map { $0 + $1 },
      volume: (0..<count).map { Double(1000 + $0 % 5 * 700) }, showsTimeOfDay: minutes)
  }

  @Test("a picture worked out by hand")
  func byHand() {
    let chart = CandleChart(
      title: "A", caption: "c", label: "A",
      times: [0, 1, 2].map { Timestamp(seconds: 1_704_067_200 + $0 * 86_400) },
      open: [10, 20, .nan], high: [30, 20, .nan], low: [10, 10, .nan], close: [20, 10, .nan],
      volume: [1, 2, .nan])
    let lines = chart.text(for: Self.terminal(60, height: 16)).split(
      separator: "\n", omittingEmptySubsequences: false)
    // Six lines of price: 30 is the first half line, 20 the middle, 10 the last.
    let candles = lines[1...6].map { String($0.prefix(4)).map(String.init) }
    #expect(candles.map { $0[0] } == ["│", "│", "│", "┃", "┃", "┃"])
    #expect(candles.map { $0[3] } == ["┈", " ", " ", "█", "█", "█"])
    #expect(lines[1].hasSuffix("┤ 30") && lines[6].hasSuffix("┤ 10"))
  }

  @Test("no line is wider than the terminal, whatever it is", arguments: [20, 39, 60, 80, 100])
  func widths(width: Int) {
    for count in [1, 2, 17, 44, 45, 300, 5000] {
      for minutes in [false, true] {
        for utf8 in [false, true] {
          let traits = Self.terminal(width, utf8: utf8)
          let text = Self.chart(count, minutes: minutes).text(for: traits)
          for line in text.split(separator: "\n") {
            #expect(line.count <= width, "\(count) candles: \(line)")
            #expect(line.last != " ")
          }
        }
      }
    }
  }

  @Test("it is as high as the window, and no higher", arguments: [10, 16, 24, 40, 60])
  func heights(height: Int) {
    let lines = Self.chart(40).text(for: Self.terminal(100, height: height))
      .split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(lines <= max(height - 1, 13))
    #expect(lines >= min(height - 4, 40))
  }

  @Test("in ASCII there is nothing but ASCII, and rising and falling differ by their letters")
  func ascii() {
    let plain = Self.chart(40).text(for: Self.terminal(100, utf8: false))
    #expect(plain.utf8.allSatisfy { $0 < 0x80 })
    #expect(plain.contains("#") && plain.contains("o") && plain.contains("|"))
    let picture = Self.chart(40).text(for: Self.terminal(100))
    #expect(picture.contains("┃") && picture.contains("█"))
  }

  @Test("colours come only where the terminal has them, and change no letter")
  func colours() {
    let plain = Self.chart(40).text(for: Self.terminal(100))
    let coloured = Self.chart(40).text(for: Self.terminal(100, colour: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[32m") && coloured.contains("\u{1B}[31m"))
    func bare(_ text: String) -> [String] {
      text.replacing(/\u{1B}\[\d+m/, with: "").split(separator: "\n").map {
        var line = String($0)
        while line.last == " " { line.removeLast() }
        return line
      }
    }
    #expect(bare(coloured) == bare(plain))
  }

  @Test("prices on the axis are round and rise, dates come in order")
  func axes() throws {
    let lines = Self.chart(44).text(for: Self.terminal(100)).split(separator: "\n").map(String.init)
    let ticks = lines.compactMap { line in
      line.range(of: "┤ ").flatMap { Double(line[$0.upperBound...]) }
    }
    #expect(ticks.count >= 3)
    let prices = ticks.filter { $0 < 1000 }
    #expect(
      prices == prices.sorted(by: >)
        && prices.allSatisfy { $0.truncatingRemainder(dividingBy: 5) == 0 })
    let dates = try #require(lines.first { $0.hasPrefix("1 Jan") })
    #expect(dates.contains("Feb"))
    let minutes = Self.chart(90, minutes: true).text(for: Self.terminal(100))
    #expect(minutes.contains("01:00"))
  }

  @Test("merging keeps first open, last close, extremes and sums, and passes over holes")
  func merging() {
    var chart = Self.chart(10)
    chart.open[0] = .nan
    chart.events = [.init(index: 7, text: "x", pointsUp: true, value: 1)]
    let (merged, each) = chart.merged(into: 4)
    #expect(each == 3 && merged.times.count == 4)
    #expect(merged.open[0] == chart.open[1] && merged.close[0] == chart.close[2])
    #expect(merged.high[1] == chart.high[3...5].max() && merged.low[1] == chart.low[3...5].min())
    #expect(merged.volume[0] == chart.volume[0...2].reduce(0, +))
    #expect(merged.close[3] == chart.close[9] && merged.events[0].index == 2)
    #expect(chart.merged(into: 10).each == 1)
  }

  @Test("a drawing is well-formed, tells its title, and has a shape for each candle")
  func svg() throws {
    var chart = Self.chart(50)
    chart.title = "A & B <c>"
    let svg = chart.svg
    let document = try XMLCheck(svg)
    #expect(document.depth == 0)
    #expect(svg.contains("A &amp; B &lt;c&gt;") && svg.contains("prefers-color-scheme: dark"))
    let bodies = svg.split(separator: "Z").count - 1
    #expect(bodies == 100)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(Self.chart(5000).svg.utf8.count < 200_000)
    #expect(Self.chart(5000).svg.contains("Each candle is 16 bars."))
  }

  @Test("a page has volumes, and times of day where they matter")
  func page() {
    var chart = Self.chart(50, minutes: true)
    chart.library = "library"
    let html = Page(title: "t", blocks: [.candles(chart)]).html()
    #expect(html.contains("\"v\":[1000") && html.contains("\"clock\":true"))
    #expect(html.contains("<td>2024-01-01 00:05</td>"))
  }

  @Test("no candles, or none with a price, make no trap")
  func nothing() {
    var chart = Self.chart(3)
    chart.close = [.nan, .nan, .nan]
    for some in [Self.chart(0), chart] {
      #expect(!some.text(for: Self.terminal(60)).isEmpty)
      #expect(some.svg.hasPrefix("<svg"))
    }
  }
}

/// Looks whether tags of a text are closed in order.
private struct XMLCheck {
  var depth = 0

  init(_ text: String) throws {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/) {
      if match.1 == "/" {
        #expect(open.popLast() == match.2)
      } else if match.3.isEmpty {
        open.append(match.2)
      }
    }
    depth = open.count
  }
}
