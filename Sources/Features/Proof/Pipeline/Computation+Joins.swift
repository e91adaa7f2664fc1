import Market
import Runtime

extension Computation {
  /// Bars with the last coarser bar that was known at each of them.
  ///
  /// - Parameter coarse: longer than the bars of the world
  public static func joined(to coarse: BarInterval, calendar: TradingCalendar) -> Computation {
    let columns = ["open", "high", "low", "close", "volume"]
    return Computation(columns.map { ProvenColumn("\(coarse)_\($0)") }) { world in
      try world.frames.map { frame in
        let longer = try frame.resampled(to: coarse, calendar: calendar)
        let joined = try frame.joining(longer, columns: columns, prefix: "coarse_")
        return ProvenTable(
          name: frame.symbol.text, usedAt: joined.knownAt,
          values: try columns.map { try joined.numbers("coarse_" + $0) })
      }
    }
  }

  /// The closes of all symbols, side by side at each instant.
  public static func panel(symbols: [Symbol], staleness: Staleness = .never) -> Computation {
    Computation(symbols.map { ProvenColumn("close of \($0)") }) { world in
      let panel = try Panel(asOf: world.frames, columns: ["close"], staleness: staleness)
      return [
        ProvenTable(
          name: "panel", usedAt: panel.knownAt,
          values: symbols.map {
            panel.series("close", of: $0) ?? Column(repeating: .nan, count: panel.count)
          })
      ]
    }
  }

  /// What of a universe could be traded at each instant.
  public static func tradability(symbols: [Symbol]) -> Computation {
    Computation(symbols.map { ProvenColumn("tradable \($0)") }) { world in
      let panel = try Panel(asOf: world.frames, columns: ["close"])
      guard let universe = world.universe else { return [] }
      let flags = panel.tradable(in: universe, zone: world.zone)
      return [
        ProvenTable(
          name: universe.name, usedAt: panel.knownAt,
          values: symbols.indices.map { place in
            Column(
              (0..<panel.count).map { flags[$0 * panel.symbols.count + place] ? 1.0 : 0.0 })
          })
      ]
    }
  }
}
