import Features
import Market
import MarketData
import Runtime

extension Computation {
  /// What models are shown of frames, cut as a training set is: no window may move with anything that
  /// becomes known after its last row, of its own symbol or another.
  ///
  /// - Parameter every: of the windows of a symbol, one in so many is looked at
  package static func samples(
    _ features: [any Feature], steps: Int, gapMax: Duration = LearningSet.gapMaxStandard,
    every: Int = 1
  ) -> Computation {
    let names = features.map(\.about.name)
    let columns = (0..<steps).flatMap { step in
      names.map { ProvenColumn("\($0) \(step + 1 - steps)") }
    }
    return Computation(columns) { world in
      let windows = try windows(world, features, steps, gapMax)
      let codes = windows?.codes ?? []
      return world.frames.indices.map { symbol in
        let own = codes.indices.filter { codes[$0] == Int32(symbol) }
        let looked = stride(from: 0, to: own.count, by: every).map { own[$0] }
        return table(world.frames[symbol].symbol, windows?.subset(looked), width: columns.count)
      }
    }
  }

  private static func table(
    _ symbol: Symbol, _ windows: Windows?, width: Int
  ) -> ProvenTable {
    guard let windows else {
      return ProvenTable(
        name: symbol.text, usedAt: Column(repeating: 0, count: 0),
        values: (0..<width).map { _ in Column(repeating: 0, count: 0) })
    }
    let shown = (0..<windows.count).map { windows.withSample($0) { $0.map(Double.init) } }
    return ProvenTable(
      name: symbol.text, usedAt: Column(windows.datetimes),
      values: (0..<width).map { place in Column(shown.map { $0[place] }) })
  }

  /// All symbols in one block, rows with a missing feature left out; nil where no window is full.
  private static func windows(
    _ world: World, _ features: [any Feature], _ steps: Int, _ gapMax: Duration
  ) throws -> Windows? {
    let names = features.map(\.about.name)
    var (code, codes, times): (Int32, [Int32], [Int64]) = (0, [], [])
    var values = [[Double]](repeating: [], count: names.count)
    // Symbol by symbol, in the order of the frames.
    try FeatureComputation(features).evaluate([world]) { _, table in
      for row in 0..<table.usedAt.count where !table.values.contains(where: { $0[row].isNaN }) {
        codes.append(code)
        times.append(table.usedAt[row])
        for (place, column) in table.values.enumerated() { values[place].append(column[row]) }
      }
      code += 1
    }
    let table = SampleTable(
      datetimes: Column(times), symbols: world.frames.map(\.symbol), codes: Column(codes),
      numbers: NumberTable(
        names: names + ["label"],
        columns: values.map { Column($0) } + [Column(repeating: 0, count: codes.count)]))
    let rows = try PartRows(table, features: names, label: "label", horizon: 1, place: "proof")
    let ends = rows.ends(steps: steps, gapMax: gapMax.nanoseconds ?? .max)
    return ends.isEmpty ? nil : rows.windows(ends, steps: steps, horizon: 1, target: .returns)
  }
}

/// The proof of what models are shown, beside `PipelineProof`.
package enum WindowProof {
  /// Samples of one row, as boosting sees them, and of ten, as sequences do.
  package static func run(
    frames: [Frame], features: [any Feature] = Catalogue.starter, cuts: Int = 16, seed: UInt64 = 1
  ) throws -> [PipelineProof.Part] {
    let world = World(frames)
    let drawn = LookAheadProof.drawnCuts(in: world, count: cuts, seed: seed)
    return try [1, 10].map { steps in
      PipelineProof.Part(
        name: "samples of \(steps) \(steps == 1 ? "row" : "rows")",
        verdict: try LookAheadProof.run(
          Computation.samples(features, steps: steps, every: steps), on: world, cuts: drawn, seed: seed))
    }
  }
}
