/// Open, high, low and close over time with what happened on them, in a chart that people can zoom.
///
/// Where the charting library is not at hand, where scripts are off, and on paper, the closes are
/// drawn as a still chart instead.
public struct CandleChart: Sendable {
  public struct Event: Sendable {
    public var index: Int
    public var text: String
    /// Pointed at from below; else from above.
    public var pointsUp: Bool
    public var value: Double

    public init(index: Int, text: String, pointsUp: Bool, value: Double) {
      self.index = index
      self.text = text
      self.pointsUp = pointsUp
      self.value = value
    }
  }

  public var title, caption: String
  public var label: String
  public var times: [Timestamp]
  /// All four are NaN where there was no bar.
  public var open, high, low, close: [Double]
  /// One for each time, or none at all.
  public var volume: [Double]
  /// Times have a time of day that matters; else only their date is shown.
  public var showsTimeOfDay: Bool
  public var events: [Event]
  /// The text of the charting library (TradingView Lightweight Charts), where it is installed.
  public var library: String?

  public init(
    title: String, caption: String, label: String, times: [Timestamp], open: [Double],
    high: [Double], low: [Double], close: [Double], volume: [Double] = [],
    events: [Event] = [], library: String? = nil, showsTimeOfDay: Bool = false
  ) {
    precondition(
      [open, high, low, close].allSatisfy { $0.count == times.count }
        && (volume.isEmpty || volume.count == times.count), "four values for each time")
    self.title = title
    self.caption = caption
    self.label = label
    self.times = times
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.showsTimeOfDay = showsTimeOfDay
    self.events = events
    // A page could not hold a script that ends the element it stands in.
    self.library = library.flatMap { $0.contains("</script") ? nil : $0 }
  }

  private var still: TimeChart {
    TimeChart(
      title: title, caption: caption, times: times, series: [.init(label, .subject, close)],
      marks: events.map { .init(index: $0.index, value: $0.value, pointsUp: $0.pointsUp) },
      format: .ratio, growsByFactors: true, showsTimeOfDay: showsTimeOfDay)
  }

  func html(id: String) -> HTML {
    guard library != nil else { return still.html(id: id) }
    return """
      <figure class="candles">
      <h3 id="\(id)">\(title)</h3>
      <div class="live" tabindex="0" role="application" aria-labelledby="\(id)" \
      aria-description="Arrow keys move, plus and minus zoom, 0 shows all"></div>
      <div class="still">\(still.drawings(id: id))</div>
      <script type="application/json">\(HTML(trusted: data))</script>
      <figcaption>\(caption) Rising hollow, falling filled. Drag or arrow keys move, pinch or + and − zoom (the wheel too, once the \
      chart is clicked), 0 shows all. Chart: \
      <a href="https://www.tradingview.com/">TradingView</a> Lightweight Charts™, Apache-2.0, \
      © 2024 TradingView, Inc.</figcaption>
      <details><summary>data</summary>\(still.table.html)</details>
      </figure>

      """
  }

  /// Times in seconds, prices to seven digits; `<` cannot occur in either, and in texts is escaped.
  private var data: String {
    let json: JSON = [
      "log": JSON(growsByFactors), "clock": JSON(showsTimeOfDay),
      "t": JSON(times.map { JSON($0.nanoseconds / Timestamp.nanosecondsPerSecond) }),
      "o": Self.short(open), "h": Self.short(high), "l": Self.short(low), "c": Self.short(close),
      "v": JSON(volume.map { JSON($0) }),
      "e": JSON(
        events.map { event in
          [JSON(event.index), JSON(event.pointsUp), JSON(event.text)] as JSON
        }),
    ]
    return json.text().split(separator: "<", omittingEmptySubsequences: false)
      .joined(separator: "\\u003c")
  }

  /// Prices that more than triple are shown on a logarithmic axis.
  var growsByFactors: Bool {
    let lows = low.filter(\.isFinite)
    guard let lowest = lows.min(), lowest > 0 else { return false }
    return (close.filter(\.isFinite).max() ?? 0) > 3 * (close.filter(\.isFinite).min() ?? 0)
  }

  private static func short(_ values: [Double]) -> JSON {
    JSON(
      values.map { value -> JSON in
        guard value.isFinite, value != 0 else { return JSON(value) }
        var scale = 1.0
        while abs(value) * scale < 1e6, scale < 1e9 { scale *= 10 }
        return JSON((value * scale).rounded() / scale)
      })
  }
}

extension CandleChart {
  /// Neighbours put together so that at most `most` candles are left, and how many make one.
  public func merged(into most: Int) -> (chart: CandleChart, each: Int) {
    let each = (times.count + max(1, most) - 1) / max(1, most)
    guard each > 1 else { return (self, 1) }
    let groups = stride(from: 0, to: times.count, by: each).map {
      $0..<min($0 + each, times.count)
    }
    func merge(_ values: [Double], _ pick: (ArraySlice<Double>) -> Double?) -> [Double] {
      values.isEmpty ? [] : groups.map { pick(values[$0].filter(\.isFinite)[...]) ?? .nan }
    }
    var chart = self
    chart.times = groups.map { times[$0.lowerBound] }
    chart.open = merge(open, \.first)
    chart.high = merge(high) { $0.max() }
    chart.low = merge(low) { $0.min() }
    chart.close = merge(close, \.last)
    chart.volume = merge(volume) { $0.isEmpty ? nil : $0.reduce(0, +) }
    chart.events = events.map { event in
      var event = event
      event.index /= each
      return event
    }
    return (chart, each)
  }

  /// Whether a price rose from open to close; also where it stayed.
  func rises(_ index: Int) -> Bool { close[index] >= open[index] }

  func hasBar(_ index: Int) -> Bool {
    open[index].isFinite && high[index].isFinite && low[index].isFinite && close[index].isFinite
  }
}
