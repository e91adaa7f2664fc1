import Features
import Market
import Numerics
import Runtime

/// The bars of one symbol, ready to be traded again and again without events: what the engine would see
/// of each bar, in columns.
///
/// It trades what the engine trades where a strategy is in the market or out of it, whole lots are bought
/// at the next open, and every bar's volume is enough; prices, sizes and charges come from the functions
/// that the venue and the desk use. Where a run leaves that ground, there is no result here, and the
/// engine is asked instead.
public struct VectorMarket: Sendable {
  public let settings: BacktestSettings
  let bars: BarColumns
  /// The bars that are traded; earlier ones are history.
  public let rows: Range<Int>
  /// `nil` where every run is the engine's.
  let terms: VectorTerms?

  public init(_ frame: Frame, _ settings: BacktestSettings) throws(BacktestError) {
    try settings.check()
    let market = try BacktestMarket([frame], settings)
    self.settings = settings
    bars = market.columns[0]
    rows = market.rows[0]
    terms = try VectorTerms(settings, market)
  }

  public var count: Int { rows.count }
}

/// A decision that differs from the one before: to be in the market from this bar's close on, or out.
struct PositionChange: Hashable, Sendable, BitwiseCopyable {
  var row: Int
  var holds: Bool
}

extension VectorMarket {
  /// What a rule decides, row by row, on the bars that the engine would show it.
  func changes(of rule: some LongFlatStrategy) -> [PositionChange] {
    bars.high.withUnsafeValues { high in
      bars.low.withUnsafeValues { low in
        bars.close.withUnsafeValues { close in
          var changes: [PositionChange] = []
          var holds = false
          for row in max(rows.lowerBound, rule.warmUp - 1)..<max(rows.upperBound, rule.warmUp - 1) {
            let window = row + 1 - rule.warmUp...row
            let view = BarView(
              high: UnsafeBufferPointer(rebasing: high[window]),
              low: UnsafeBufferPointer(rebasing: low[window]),
              close: UnsafeBufferPointer(rebasing: close[window]))
            let wants = rule.wants(view, holds: holds)
            if wants != holds { changes.append(PositionChange(row: row, holds: wants)) }
            holds = wants
          }
          return changes
        }
      }
    }
  }
}
