import Market
import Runtime

/// Holds the symbols that rose most, and changes its mind every so many bars.
public struct MomentumRotation: ShippedStrategy {
  public static let id = "momentum_rotation"
  public static let summary = "Holds the symbols that rose most, as long as they rose at all"
  public static let parameters: [StrategyParameter] = [
    .bars("lookback", 126, "Bars over which the rise is measured"),
    .bars("skip", 0, in: 0...1000, "Last bars that do not count"),
    .count("top", 1, in: 1...1000, "Symbols to hold"),
    .bars("every", 21, "Bars from one choice to the next"),
  ]

  public let lookback, skip, top, every: Int
  private var decidedAt = Timestamp(nanoseconds: .min)
  private var instants = 0

  public init(lookback: Int, skip: Int = 0, top: Int, every: Int) {
    self.lookback = lookback
    self.skip = skip
    self.top = top
    self.every = every
  }

  public init(_ values: StrategyValues) {
    self.init(
      lookback: values[whole: "lookback"], skip: values[whole: "skip"], top: values[whole: "top"],
      every: values[whole: "every"])
  }

  public var name: String { "momentum_rotation \(lookback)-\(skip) top \(top) every \(every)" }
  public var warmUp: Int { lookback + skip + 1 }

  /// The first bar of an instant decides for all: by then the bars of all are known.
  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard desk.now > decidedAt else { return }
    decidedAt = desk.now
    guard desk.histories.contains(where: { rise(of: $0) != nil }) else { return }
    if instants % every == 0 { rotate(&desk) }
    instants += 1
  }

  private func rotate(_ desk: inout Desk) {
    let risen = desk.histories.compactMap { history in
      rise(of: history).flatMap { $0 > 0 ? (history.instrument, $0) : nil }
    }
    // Of equals the first listed, whatever the sort does.
    let chosen = risen.sorted { ($1.1, $0.0.place) < ($0.1, $1.0.place) }.prefix(top).map(\.0)
    for place in 0..<desk.account.table.count {
      let id = InstrumentID(place)
      desk.hold(chosen.contains(id) ? 1 / Double(top) : 0, ofAccountIn: id)
    }
  }

  private func rise(of history: BarHistory) -> Double? {
    guard history.count >= warmUp else { return nil }
    let last = history.count - 1 - skip
    return history.close[last] / history.close[last - lookback] - 1
  }
}
