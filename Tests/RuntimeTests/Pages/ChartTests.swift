import Foundation
import Runtime
import Testing

@Suite("Charts") struct ChartTests {
  private func days(_ count: Int) -> [Timestamp] {
    (0..<count).map { Timestamp(seconds: 946_684_800 + Int64($0) * 86_400) }
  }

  private func html(_ chart: TimeChart) -> String {
    Page(title: "charts", blocks: [.chart(chart)]).html()
  }

  /// The points of the widest drawing's first path of a class.
  private func points(_ html: String, _ name: String) throws -> [(x: Double, y: Double)] {
    let wide = try #require(html.range(of: "<svg class=\"wide\"")).lowerBound
    let start = try #require(html[wide...].range(of: "<path class=\"\(name)\" d=\"")).upperBound
    let end = try #require(html[start...].firstIndex(of: "\""))
    return html[start..<end].split(whereSeparator: { "MLZ".contains($0) }).map { pair in
      let numbers = pair.split(separator: " ").compactMap { Double($0) }
      return (numbers[0], numbers[1])
    }
  }

  @Test("Ten years of daily values keep every extreme and lose what nobody could see")
  func thinning() throws {
    var values = (0..<2520).map { 100 + sin(Double($0) / 40) }
    values[1234] = 150
    values[777] = 60
    let page = html(
      TimeChart(
        title: "t", caption: "c", times: days(2520), series: [.init("a", .subject, values)],
        format: .ratio))
    let points = try points(page, "subject")
    #expect(points.count < 2520 && points.count > 500)
    // The chart's head is 10 pixels from above, its foot 24 from below of 320.
    #expect(points.map(\.y).min() == 10 && points.map(\.y).max() == 296)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.x <= $1.x })
  }

  @Test("An axis is logarithmic only when the values more than triple")
  func logarithmicAxis() throws {
    func middle(_ last: Double) throws -> Double {
      let chart = TimeChart(
        title: "t", caption: "c", times: days(3),
        series: [.init("a", .subject, [1, last.squareRoot(), last])], format: .compact,
        growsByFactors: true)
      let y = try points(html(chart), "subject").map(\.y)
      return (y[0] - y[1]) / (y[0] - y[2])
    }
    #expect(abs(try middle(16) - 0.5) < 0.002)
    #expect(try middle(2.25) < 0.45)
  }

  @Test("A missing value is a gap in the line")
  func gaps() throws {
    let page = html(
      TimeChart(
        title: "t", caption: "c", times: days(5),
        series: [.init("a", .subject, [1, 2, .nan, 3, 4])], format: .ratio))
    let wide = try #require(page.range(of: "<svg class=\"wide\"")).lowerBound
    let start = try #require(page[wide...].range(of: "<path class=\"subject\" d=\"")).upperBound
    let path = page[start..<(try #require(page[start...].firstIndex(of: "\"")))]
    #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 2)
    #expect(page.contains("n/a"))
  }

  @Test(
    "Ticks are few and round, whatever the values and the span", arguments: [3, 40, 200, 900, 9000])
  func ticks(count: Int) throws {
    for scale in [1e-6, 0.37, 12_345, 8e9] {
      let values = (0..<count).map { scale * (1 + Double($0) / 3) }
      let page = html(
        TimeChart(
          title: "t", caption: "c", times: days(count), series: [.init("a", .subject, values)],
          format: .compact, growsByFactors: count > 100))
      let wide = try #require(page.range(of: "<svg class=\"wide\"")).lowerBound
      let lines = page[wide...].components(separatedBy: "<line").count - 1
      #expect((1...8).contains(lines), "\(count) \(scale): \(lines)")
      let dates = page[wide...].components(separatedBy: "text-anchor=\"middle\"").count - 1
      #expect((1...15).contains(dates), "\(count): \(dates) dates")
    }
  }

  @Test("Nothing, one point, constants and infinities are drawn without a trap")
  func degenerate() {
    for values in [[], [1], [5, 5, 5], [.infinity, 1, -.infinity], [.nan, .nan], [0, 0, 1e308]] {
      for growsByFactors in [false, true] {
        let chart = TimeChart(
          title: "t", caption: "c", times: days(values.count),
          series: [.init("a", .loss, values, isArea: true)], format: .percent,
          growsByFactors: growsByFactors, labelledIndex: values.isEmpty ? nil : 0)
        #expect(html(chart).hasSuffix("</html>\n"))
      }
    }
  }

  @Test("Rows of intervals stand in order of their values, with what each is held against")
  func intervals() throws {
    let chart = IntervalsChart(
      title: "t", caption: "c", horizontal: "accuracy", reference: "majority",
      rows: [
        .init("low", 0.2, interval: 0.1...0.3, reference: 0.25), .init("high", 0.6),
        .init("none", .nan, interval: .leastNonzeroMagnitude...(.infinity)),
      ], hasZero: true)
    let page = Page(title: "charts", blocks: [.intervals(chart)]).html()
    let wide = page[try #require(page.range(of: "<svg class=\"wide\"")).lowerBound...]
    let dots = wide.matches(of: /circle class="there" cx="([0-9.]+)"/).compactMap {
      Double($0.output.1)
    }
    #expect(dots.count == 2 && dots[0] < dots[1])
    let lines = wide.matches(of: /line class="subject"[^>]* x1="([0-9.]+)" x2="([0-9.]+)"/)
    let line = try #require(lines.first)
    let (left, right) = (Double(line.output.1) ?? 0, Double(line.output.2) ?? 0)
    #expect(lines.count == 1 && left < dots[0] && dots[0] < right)
    #expect(wide.matches(of: /class="benchmark"/).count == 1)
    #expect(page.contains("0.100 … 0.300") && page.contains("0.250") && page.contains("majority"))
    for rows in [[], [IntervalsChart.Row("", .infinity)], [IntervalsChart.Row("a", 1)]] {
      let chart = IntervalsChart(title: "t", caption: "c", horizontal: "x", rows: rows)
      #expect(!Page(title: "p", blocks: [.intervals(chart)]).html().contains("nan"))
    }
  }

  @Test("Behind data stands every value, or of many the last of each month")
  func table() {
    let short = html(
      TimeChart(
        title: "t", caption: "c", times: days(30),
        series: [.init("a", .subject, days(30).map { _ in 1 })],
        format: .ratio))
    #expect(short.components(separatedBy: "<tr>").count == 32)
    let long = html(
      TimeChart(
        title: "t", caption: "c", times: days(731),
        series: [.init("a", .subject, days(731).map { _ in 1 })], format: .ratio))
    #expect(long.contains("<td>2000-02-29</td>") && !long.contains("<td>2000-02-28</td>"))
    #expect(long.components(separatedBy: "<tr>").count == 26)
  }

  @Test("An axis over many decades marks whole decades only, and few of them")
  func decades() throws {
    let values = (0...30).map { pow(10, Double($0) - 10) }
    let page = html(
      TimeChart(
        title: "t", caption: "c", times: days(values.count),
        series: [.init("a", .subject, values)], format: .compact, growsByFactors: true))
    // Every value is ten times the one before it, so that the line is straight on such an axis.
    let steps = try points(page, "subject").map(\.y)
    let first = steps[0] - steps[1]
    #expect(zip(steps, steps.dropFirst()).allSatisfy { abs($0 - $1 - first) < 0.2 })
    #expect(!page.contains(">5G<") && !page.contains(">2<"), "only powers of ten are marked")
  }

  @Test(
    "Numbers on an axis have at most three digits",
    arguments: [
      (0, "0"), (0.05, "0.05"), (1.5, "1.5"), (20, "20"), (100_000, "100k"), (1_500_000, "1.5M"),
      (2e9, "2G"), (-30_000, "−30k"), (5000, "5\u{202F}000"),
    ])
  func compact(value: Double, text: String) {
    #expect(NumberText.compact(value) == text)
  }
}
