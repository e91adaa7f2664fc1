import Market

extension Computation {
  /// What a forecaster is shown at some rows: it must not move with anything known later, the bars to
  /// be foreseen included.
  ///
  /// - Parameter rows: few, for each is laid out by itself.
  public static func windows(_ window: ForecastWindow, rows: [Int]) -> Computation {
    let past = window.features.flatMap { feature in
      (0..<window.past).map { "\(feature.about.name) \($0 + 1 - window.past)" }
    }
    let ahead = window.knownAhead.flatMap { feature in
      (0..<window.ahead).map { "\(feature.about.name) +\($0 + 1)" }
    }
    return Computation((past + ahead).map { ProvenColumn($0) }) { world in
      try world.frames.map { frame in
        let rows = rows.filter { $0 < frame.count }
        let shown = try window.values(over: frame, rows: rows)
        let lines = shown.map { values in
          values.map { ($0.past + $0.ahead).flatMap(\.self) }
            ?? [Double](repeating: .nan, count: past.count + ahead.count)
        }
        return ProvenTable(
          name: frame.symbol.text, usedAt: Column(rows.map { frame.knownAt[$0] }),
          values: (past + ahead).indices.map { place in Column(lines.map { $0[place] }) })
      }
    }
  }
}
