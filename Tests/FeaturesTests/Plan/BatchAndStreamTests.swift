import CAllocations
import Features
import Market
import Numerics
import Testing

@Suite("Batch and stream") struct BatchAndStreamTests {
  /// Bars as they should never be, and as they are.
  static func adversarial() throws -> [(name: String, rows: [BarValues])] {
    let calm = Synthetic.rows(900)
    let hole = BarValues(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
    var holes = calm
    for row in [0, 1, 77, 300, 301, 302, 640] { holes[row] = hole }
    holes[120].volume = .nan
    holes[140].close = .nan
    holes[160].high = .infinity
    var spikes = calm
    spikes[100].close *= 1e6
    spikes[250].volume *= 1e6
    spikes[400].high *= 1e6
    spikes[500] = BarValues(open: 0, high: 0, low: 0, close: 0, volume: 0)
    var gaps = calm
    for row in 450..<900 {
      gaps[row].open *= 40
      gaps[row].high *= 40
      gaps[row].low *= 40
      gaps[row].close *= 40
    }
    let flat = BarValues(open: 5, high: 5, low: 5, close: 5, volume: 100)
    let still = [BarValues](repeating: calm[299], count: 300)
    return [
      ("calm", calm), ("holes", holes), ("spikes", spikes), ("gaps", gaps),
      ("constant", [BarValues](repeating: flat, count: 300)),
      ("constant in the middle", Array(calm[..<300]) + still + Array(calm[300..<500])),
      ("all missing", [BarValues](repeating: hole, count: 300)),
      ("one bar", Array(calm[..<1])), ("two bars", Array(calm[..<2])), ("none", []),
    ]
  }

  @Test("every feature of every set gives the same bits in batch and stream, whatever the bars")
  func sameBits() throws {
    for (name, rows) in try Self.adversarial() {
      try expectSameBits(try BarColumns(Synthetic.frame(rows)), name)
    }
  }

  private func expectSameBits(_ bars: BarColumns, _ name: String) throws {
    let plan = FeaturePlan(Catalogue.all.map(\.expression))
    let batch = try plan.columns(over: [bars])[0]
    let stream = try plan.streamed(over: bars)
    for (formula, (a, b)) in zip(Catalogue.all, zip(batch, stream)) {
      let row = a.indices.first { a[$0].bitPattern != b[$0].bitPattern }
      if let row { Issue.record("\(name), \(formula.about.name) row \(row): \(a[row]), \(b[row])") }
    }
  }

  @Test("a symbol's values do not depend on which others stand beside it, nor on the threads")
  func neighbours() throws {
    let lengths = [900, 900, 899, 1, 0, 333, 900, 512, 64, 8, 7, 200, 640]
    let calm = Synthetic.rows(900)
    let bars = try lengths.enumerated().map { symbol, length in
      try BarColumns(Synthetic.frame(Array(calm[(symbol % 5)..<max(symbol % 5, length)])))
    }
    let plan = FeaturePlan(Catalogue.all.map(\.expression))
    let together = try plan.columns(over: bars, pool: Pool(threads: 3))
    for (symbol, bars) in bars.enumerated() {
      let alone = try plan.columns(over: [bars], pool: Pool(threads: 1))[0]
      for (output, column) in alone.enumerated() {
        let isSame = column.map(\.bitPattern) == together[symbol][output].map(\.bitPattern)
        #expect(isSame, "\(Catalogue.all[output].about.name) of symbol \(symbol)")
      }
    }
  }

  @Test("a bar of a stream allocates nothing")
  func noAllocation() throws {
    let stream = PlanStream(FeaturePlan(Catalogue.all.map(\.expression)))
    let rows = Synthetic.rows(300).map { bar in stream.plan.inputs.map { bar[$0] } }
    for row in rows[..<150] { stream.update(row.span) }
    let before = martinet_thread_allocations()
    for row in rows[150...] { stream.update(row.span) }
    #expect(martinet_thread_allocations() == before)
  }
}
