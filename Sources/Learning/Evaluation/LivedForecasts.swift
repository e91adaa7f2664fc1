import Evidence
import Features
import Market
import Runtime

/// What several models foresaw one after the other, each on bars after its training, and what came of it:
/// judged as the forecasts of one model.
package struct LivedForecasts {
  private let label: ForwardReturn
  private var symbols: [Symbol] = []
  private var rows: [Row] = []
  private var naive: [Double] = []

  private struct Row {
    let code: Int32
    let time: Int64
    let probabilities: ArraySlice<Double>
    let point: Double?
    let label, ahead, next: Double
  }

  package init(of label: ForwardReturn) { self.label = label }

  /// Lets a model foresee bar by bar, and keeps what it says at the rows of `span`.
  ///
  /// - Parameter frames: with bars before `span`, which its features look back to, and after it, which
  ///   settle what came of the last forecasts and are shown to no model
  package mutating func add(
    _ forecaster: BarForecaster, over frames: [Frame], in span: Range<Timestamp>, lookBack: Int
  ) throws {
    if naive.isEmpty { naive = forecaster.artefact.naive }
    for frame in frames {
      let asked = frame.rows(knownIn: span)
      guard !asked.isEmpty else { continue }
      let truth = try label.column(over: frame).values
      let close = try BarColumns(frame).close
      let code = place(of: frame.symbol)
      for row in max(0, asked.lowerBound - lookBack)..<asked.upperBound {
        guard let output = try forecaster.take(frame.slice(row..<row + 1)), asked.contains(row),
          !truth[row].isNaN
        else { continue }
        rows.append(
          Row(
            code: code, time: frame.knownAt[row], probabilities: output.probabilities[...],
            point: output.points.first, label: truth[row],
            ahead: close[row + label.horizon] / close[row] - 1,
            next: close[row + 1] / close[row] - 1))
      }
    }
  }

  private mutating func place(of symbol: Symbol) -> Int32 {
    if let place = symbols.firstIndex(of: symbol) { return Int32(place) }
    symbols.append(symbol)
    return Int32(symbols.count - 1)
  }

  /// Nil where nothing was foreseen.
  package func evaluation(costs: CostRates, seed: UInt64) throws -> Evaluation? {
    guard !rows.isEmpty else { return nil }
    let rows = rows.sorted { ($0.code, $0.time) < ($1.code, $1.time) }
    let order = rows.indices.sorted {
      (rows[$0].time, rows[$0].code) < (rows[$1].time, rows[$1].code)
    }
    // The samples stand for their labels; what the models saw is their own.
    let samples = Windows(
      matrix: FeatureMatrix(names: ["none"], rows: rows.count) { values in
        for row in rows.indices { values[row] = 0 }
      }, steps: 1, horizon: label.horizon, target: label.band == nil ? .returns : .classes,
      symbols: symbols, codes: rows.map(\.code), datetimes: rows.map(\.time),
      labels: rows.map(\.label), ends: order.map { Int32($0) })
    let output = PredictionOutput(
      samples, probabilities: order.flatMap { rows[$0].probabilities },
      points: order.compactMap { rows[$0].point })
    return try Evaluation(
      output, of: samples, part: "walk-forward",
      outcomes: Outcomes(ahead: order.map { rows[$0].ahead }, next: order.map { rows[$0].next }),
      in: .init(naive: naive, costs: costs, seed: seed, calibration: .none))
  }
}
