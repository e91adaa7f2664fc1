import Features
import Market
import Runtime
import TestKit
import Testing

@Suite("Expressions while bars become known") struct LiveExpressionTests {
  /// Bars of five minutes over two weeks of 2024, a holiday and bars before the opening among them, of which
  /// each symbol lacks some.
  private func frames(seed: UInt64) throws -> [Frame] {
    var random = SeededGenerator(seed: seed)
    return try ["A", "B", "C"].map { name in
      var rows = Synthetic.rows(14 * 84, seed: UInt64.random(in: 1...9999, using: &random))
      var starts: [Int64] = []
      for place in rows.indices {
        let (day, bar) = place.quotientAndRemainder(dividingBy: 84)
        // From 9:00 in New York on, Monday 2024-01-08.
        starts.append((1_704_722_400 + Int64(day) * 86_400 + Int64(bar) * 300) * 1_000_000_000)
      }
      let kept = rows.indices.filter { _ in Double.random(in: 0...1, using: &random) < 0.9 }
      (rows, starts) = (kept.map { rows[$0] }, kept.map { starts[$0] })
      let ends = Column(starts.map { $0 + 300_000_000_000 })
      return Frame(
        symbol: try Symbol(parsing: name), interval: try BarInterval(parsing: "5min"),
        start: Column(starts), end: ends, knownAt: ends,
        columns: [
          "open": Column(rows.map(\.open)), "high": Column(rows.map(\.high)),
          "low": Column(rows.map(\.low)), "close": Column(rows.map(\.close)),
          "volume": Column(rows.map(\.volume)),
        ])
    }
  }

  private static let texts = [
    "timeframe(mean(close, 3), '1h')", "timeframe(ema(high - low, 4), '1d') / close",
    "timeframe(day_of_week + minute_of_day, '30min')", "minute_of_day + 1000 * day_of_week",
    "day_of_month + month + day_of_year", "rank(returns(close, 5))",
    "rank(volume * minute_of_day) + timeframe(close, '15min') / close",
    "if(day_of_week == 1, rsi(14), rank(high - low))", "mean(rank(close), 4)",
    "ref(timeframe(close, '1h'), 3)", "close / mean(close, 20)",
  ]

  @Test(
    "calendar, longer bars and ranks give to the bit what a batch over all bars gives",
    arguments: 1...3 as ClosedRange<UInt64>)
  func sameAsBatch(seed: UInt64) throws {
    let frames = try frames(seed: seed)
    let reads = try Self.texts.map { try ExpressionReader.number(ExpressionSource($0)) }
    let features = reads.enumerated().map {
      $0.element.feature(named: "f\($0.offset)", text: Self.texts[$0.offset])
    }
    var batch: [[Column<Double>]] = []
    try FeatureComputation(features).evaluate([World(frames)]) { batch.append($1.values) }
    var live = try LiveExpressions(reads, symbols: frames.map(\.symbol))
    var known = [Int](repeating: 0, count: reads.count)
    for instant in Set(frames.flatMap { Array($0.knownAt) }).sorted() {
      var present: [(symbol: Int, row: Int)] = []
      for (symbol, frame) in frames.enumerated() {
        let row = frame.knownAt.firstRow(from: instant)
        guard row < frame.count, frame.knownAt[row] == instant else { continue }
        let bars = try BarColumns(frame)
        try live.update(
          Bar(
            start: Timestamp(nanoseconds: frame.start[row]),
            end: Timestamp(nanoseconds: frame.end[row]),
            knownAt: Timestamp(nanoseconds: instant), open: bars.open[row], high: bars.high[row],
            low: bars.low[row], close: bars.close[row], volume: bars.volume[row]), of: symbol)
        present.append((symbol, row))
      }
      live.endInstant()
      for (symbol, row) in present {
        for output in reads.indices {
          let (found, expected) = (live[symbol, output], batch[symbol][output][row])
          known[output] += expected.isNaN ? 0 : 1
          #expect(
            found == expected || found.isNaN && expected.isNaN,
            "\(Self.texts[output]) of \(symbol), row \(row): \(found), not \(expected)")
        }
      }
    }
    #expect(known.allSatisfy { $0 > 500 }, "\(known)")
  }

  @Test("the proof passes them, and finds the same with the bar that is being made")
  func proof() throws {
    let frames = try frames(seed: 9).map { $0.slice(0..<400) }
    let features = try Self.texts.enumerated().map {
      try ExpressionReader.number(ExpressionSource($0.element))
        .feature(named: "f\($0.offset)", text: $0.element)
    }
    #expect(try LookAheadProof.run(features: features, frames: frames, cuts: 6).isClean)
    let ahead = try FeatureChoice(expressions: [
      NamedExpression("x", "timeframe(close, '1h', 'unfinished')")
    ])
    #expect(!(try LookAheadProof.run(FeatureComputation(ahead), frames: frames, cuts: 6).isClean))
  }
}
