import Market
import Runtime

// The drawings of the page.
extension QualityReport {
  private static let periods = 48
  /// Rows that a person can still take in.
  private static let rowsMax = 40
  /// Prices are drawn for the series with the worst findings.
  private static let pricesMax = 4
  private static let candlesMax = 1300

  var coverageBlocks: [Page.Block] {
    let worst = byWorst.prefix(Self.rowsMax)
    let dates = worst.flatMap {
      [$0.coverage.sessions.first?.date, $0.coverage.sessions.last?.date]
    }
    .compactMap(\.self)
    guard let first = dates.min(), let last = dates.max() else { return [] }
    let days = Int(last.dayNumber - first.dayNumber) + 1
    let count = min(Self.periods, days)
    let edges = (0...count).map { first.advanced(by: days * $0 / count) }
    let complete = series.count { $0.coverage.present == $0.coverage.expected }
    let left = series.count - worst.count
    return [
      .heading("Coverage"),
      .coverage(
        CoverageChart(
          title: "\(complete) of \(series.count) series have every bar the calendar asks for",
          caption:
            "Each bar is as high as the part of the expected bars that is there; a cross marks "
            + "an error, a triangle a warning; days of the exchange."
            + (left > 0 ? " \(left) more series are in the tables only." : ""),
          edges: edges.map(Self.midnight),
          rows: worst.map { series in
            CoverageChart.Row(
              label: series.batch.symbol.text, cells: Self.cells(of: series, between: edges))
          })),
    ]
  }

  private var byWorst: [CheckedSeries] {
    series.enumerated().sorted { a, b in
      let (left, right) = (a.element, b.element)
      return (right.count(.error), right.count(.warning), a.offset)
        < (left.count(.error), left.count(.warning), b.offset)
    }.map(\.element)
  }

  private static func midnight(_ date: CivilDate) -> Timestamp {
    Timestamp(nanoseconds: Int64(date.dayNumber) * Timestamp.nanosecondsPerDay)
  }

  private static func cells(
    of series: CheckedSeries, between edges: [CivilDate]
  ) -> [CoverageChart.Cell] {
    let zone = series.context.zone
    let dated = series.findings.filter { $0.severity > .note }.compactMap { finding in
      finding.timestamp.map { (date: zone.date(at: $0), finding: finding) }
    }
    return zip(edges, edges.dropFirst()).map { from, to in
      let sessions = series.coverage.sessions.filter { from <= $0.date && $0.date < to }
      let expected = sessions.reduce(0) { $0 + $1.expected }
      let present = sessions.reduce(0) { $0 + $1.present }
      let found = dated.filter { from <= $0.date && $0.date < to }.map(\.finding)
      let worst = found.map(\.severity).max()
      return CoverageChart.Cell(
        share: expected > 0 ? Double(present) / Double(expected) : .nan,
        sign: worst.map { $0 == .error ? .bad : .warning },
        words: Set(found.map(\.code)).sorted().joined(separator: ", "))
    }
  }

  var priceBlocks: [Page.Block] {
    let shown = byWorst.filter { !$0.findings.allSatisfy { $0.severity == .note } }
      .prefix(Self.pricesMax)
    guard !shown.isEmpty else { return [] }
    return [.heading("Prices with their findings")] + shown.map { .candles(candles($0)) }
  }

  private func candles(_ series: CheckedSeries) -> CandleChart {
    let ordered = OrderedBars(
      series.batch, calendar: series.context.calendar, zone: series.context.zone)
    let sessions = SessionBars(ordered).rows
    let together = max(1, (sessions.count + Self.candlesMax - 1) / Self.candlesMax)
    let groups = stride(from: 0, to: sessions.count, by: together).map {
      sessions[$0..<min($0 + together, sessions.count)]
    }
    let events = Self.events(series, dates: groups.compactMap { $0.first?.date }) { index in
      groups[index].reduce(0) { max($0, $1.high) }
    }
    return CandleChart(
      title: "\(series.name), \(series.context.adjustment.words), with \(events.count) marked "
        + (events.count == 1 ? "day" : "days"),
      caption: "Prices as \(series.source) has them"
        + (together > 1 ? ", \(together) sessions in one candle" : "")
        + "; marks stand above what was found.",
      label: series.batch.symbol.text,
      times: groups.map { Self.midnight($0[$0.startIndex].date) },
      open: groups.map { $0[$0.startIndex].open },
      high: groups.map { $0.reduce(0) { max($0, $1.high) } },
      low: groups.map { $0.reduce(.infinity) { min($0, $1.low) } },
      close: groups.map { $0[$0.endIndex - 1].close }, events: events, library: library)
  }

  /// One mark a day, with the codes found there.
  private static func events(
    _ series: CheckedSeries, dates: [CivilDate], high: (Int) -> Double
  ) -> [CandleChart.Event] {
    var codes: [Int: [String]] = [:]
    for finding in series.findings where finding.severity > .note {
      guard let time = finding.timestamp else { continue }
      let date = series.context.zone.date(at: time)
      guard let index = dates.lastIndex(where: { $0 <= date }) else { continue }
      if codes[index]?.contains(finding.code) != true {
        codes[index, default: []].append(finding.code)
      }
    }
    return codes.sorted { $0.key < $1.key }.map { index, words in
      CandleChart.Event(
        index: index, text: words.joined(separator: ", "), pointsUp: false, value: high(index))
    }
  }
}
