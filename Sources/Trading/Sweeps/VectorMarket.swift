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
  let frame: Frame
  let bars: BarColumns
  /// The bars that are traded; earlier ones are history.
  public let rows: Range<Int>
  public let calendar: TradingCalendar
  let instrument: Instrument
  let sizing: Sizing
  let rules: VenueRules
  /// Of every traded bar, exact; the first is that of `rows.lowerBound`.
  private let opens: [Price]
  private let closes: [Price]
  /// No price is so small that it is nothing when exact.
  let hasEveryPrice: Bool
  /// Whether what was ordered at the close before is filled at this bar's open.
  private let isOpenFillable: [Bool]

  public init(_ frame: Frame, _ settings: BacktestSettings) throws(BacktestError) {
    try settings.check()
    let market = try BacktestMarket([frame], settings)
    self.settings = settings
    self.frame = market.frames[0]
    bars = market.columns[0]
    rows = market.rows[0]
    calendar = market.calendar
    instrument = market.table[InstrumentID(0)]
    sizing = try settings.sizing(instruments: 1)
    rules = try settings.rules()
    let lane = market.lanes[0].storage
    do throws(FixedPointError) {
      var (opens, closes): ([Price], [Price]) = ([], [])
      for row in rows {
        opens.append(try Price(nearest: lane.open[row]))
        closes.append(try Price(nearest: lane.close[row]))
      }
      hasEveryPrice = !(opens + closes).contains(.zero)
      (self.opens, self.closes) = (opens, closes)
    } catch {
      throw .amount(error)
    }
    let first = market.rows[0].lowerBound
    isOpenFillable = market.rows[0].map { row in
      row > first && lane.knownAt[row - 1] <= lane.start[row]
        && !lane.place(of: row).contains(.outside)
    }
  }

  public var count: Int { rows.count }

  func open(_ row: Int) -> Price { opens[row - rows.lowerBound] }
  func close(_ row: Int) -> Price { closes[row - rows.lowerBound] }
  func isFillable(_ row: Int) -> Bool { isOpenFillable[row - rows.lowerBound] }

  /// When each traded bar is known.
  var stamps: [Timestamp] { rows.map { Timestamp(nanoseconds: frame.knownAt[$0]) } }

  public func day(_ row: Int) -> CivilDate {
    calendar.zone.date(at: Timestamp(nanoseconds: frame.end[row]))
  }
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
