import Market

/// The last bars of a series that a rule looks at, oldest first: as many as it warms up with.
public struct BarView {
  public let high, low, close: UnsafeBufferPointer<Double>
}

/// A strategy that is in the market with all of an instrument's share or not at all, as a rule over the
/// last bars says. The rule is the whole strategy: the engine asks it bar by bar, and vectorised runs
/// ask the same rule row by row, so that both decide alike to the bit.
public protocol LongFlatStrategy: ShippedStrategy {
  /// What was decided last, by instrument; `nil` before the first decision.
  var holds: [Bool?] { get set }
  /// Whether to be in the market after the last of these bars.
  func wants(_ bars: BarView, holds: Bool) -> Bool
}

extension LongFlatStrategy {
  public mutating func onStart(_ desk: inout Desk) {
    holds = Array(repeating: nil, count: desk.account.table.count)
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    let place = bar.instrument.place
    guard let wants = desk.histories[bar.series.place].decision(of: self, holds: holds[place]),
      holds[place] != wants
    else { return }
    holds[place] = wants
    desk.hold(wants ? 1 : 0, of: bar.instrument)
  }
}

extension BarHistory {
  /// What the rule says now, or `nil` where fewer bars are known than it needs.
  fileprivate func decision(of rule: some LongFlatStrategy, holds: Bool?) -> Bool? {
    let rows = count - rule.warmUp..<count
    guard rows.lowerBound >= 0 else { return nil }
    return high.withUnsafeBufferPointer { high in
      low.withUnsafeBufferPointer { low in
        close.withUnsafeBufferPointer { close in
          rule.wants(
            BarView(
              high: UnsafeBufferPointer(rebasing: high[rows]),
              low: UnsafeBufferPointer(rebasing: low[rows]),
              close: UnsafeBufferPointer(rebasing: close[rows])), holds: holds ?? false)
        }
      }
    }
  }
}
