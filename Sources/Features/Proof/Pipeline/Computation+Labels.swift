import Market

extension Computation {
  /// A label, which may look forward to the bar that settles it and never beyond its horizon.
  public static func label(_ label: any Label) -> Computation {
    Computation([ProvenColumn(label.name), ProvenColumn(label.name + "_settled_row")]) { world in
      try world.frames.map { frame in
        let column = try label.column(over: frame)
        return ProvenTable(
          name: frame.symbol.text, usedAt: usedAt(column, horizon: label.horizon, frame: frame),
          values: [column.values, Column(column.settledRow.map(Double.init))])
      }
    }
  }

  /// A label is used when it is settled. That there is none is known at its horizon's end.
  private static func usedAt(
    _ column: LabelColumn, horizon: Int, frame: Frame
  ) -> Column<Int64> {
    Column(
      frame.knownAt.indices.map { row in
        if column.settledAt[row] != .max { return column.settledAt[row] }
        return row + horizon < frame.count ? frame.knownAt[row + horizon] : .max
      })
  }

  /// How much samples count, where only what is known when training begins may count.
  public static func weights(_ label: any Label, trainingEnds: Int64) -> Computation {
    Computation([ProvenColumn("uniqueness"), ProvenColumn("return_weight")]) { world in
      try world.frames.map { frame in
        let known = frame.slice(0..<frame.knownAt.firstRow(from: trainingEnds))
        let labels = try label.column(over: known)
        return ProvenTable(
          name: frame.symbol.text, usedAt: Column(repeating: trainingEnds, count: known.count),
          values: [
            SampleWeights.uniqueness(labels), try SampleWeights.returns(labels, over: known),
          ])
      }
    }
  }
}
