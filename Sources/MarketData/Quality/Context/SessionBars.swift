import Foundation
import Market
import Runtime

/// One bar a session, from bars of any length: what jumps of the price are judged by, because splits
/// happen between sessions.
struct SessionBars {
  struct Row {
    let date: CivilDate
    /// Of the batch: the first bar of the session.
    let row: Int
    let open, high, low, close: Double
    /// NaN where there is none.
    let volume: Double
    /// Money traded, at the close's price.
    var turnover: Double { close * volume }
  }

  let rows: [Row]

  /// Sessions without a usable price are left out; the check of figures names them.
  ///
  /// - Parameter spoiled: rows that are not to be believed.
  init(_ bars: OrderedBars, without spoiled: Set<Int> = []) {
    guard let prices = Prices(bars.batch) else {
      rows = []
      return
    }
    let isIntraday = bars.batch.interval.isIntraday
    rows = bars.days.compactMap { day in
      guard isIntraday, let session = day.session else {
        return Self.joined(day.rows, prices, spoiled, date: day.date)
      }
      let regular = day.rows.filter { row in
        let start = Timestamp(nanoseconds: bars.batch.start[row])
        // The closing auction, at the close itself, belongs to the session.
        return start >= session.open && start <= session.close
      }
      guard let first = regular.first, let last = regular.last else { return nil }
      return Self.joined(first..<last + 1, prices, spoiled, date: day.date)
    }
  }

  private static func joined(
    _ rows: Range<Int>, _ prices: Prices, _ spoiled: Set<Int>, date: CivilDate
  ) -> Row? {
    let usable = rows.filter { prices.isUsable($0) && !spoiled.contains($0) }
    guard let first = usable.first, let last = usable.last else { return nil }
    var (high, low, volume) = (prices.high[first], prices.low[first], 0.0)
    for row in usable {
      high = max(high, prices.high[row])
      low = min(low, prices.low[row])
      volume += prices.volume?[row] ?? .nan
    }
    return Row(
      date: date, row: first, open: prices.open[first], high: high, low: low,
      close: prices.close[last], volume: volume)
  }

  /// The logarithm of this close over the one before.
  func move(_ index: Int) -> Double { log(rows[index].close / rows[index - 1].close) }

  /// The logarithm of this open over the close before.
  func gap(_ index: Int) -> Double { log(rows[index].open / rows[index - 1].close) }
}

/// The columns of a batch that every check of prices needs.
struct Prices {
  let open, high, low, close: Column<Double>
  let volume: Column<Double>?

  /// `nil` where a column is missing.
  init?(_ batch: BarBatch) {
    guard let open = batch["open"], let high = batch["high"], let low = batch["low"],
      let close = batch["close"]
    else { return nil }
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    volume = batch.volume
  }

  /// All four are numbers above zero, and high and low are in order.
  func isUsable(_ row: Int) -> Bool {
    let (open, high, low, close) = (open[row], high[row], low[row], close[row])
    return open > 0 && low > 0 && close > 0 && open.isFinite && close.isFinite && high.isFinite
      && high >= low
  }
}

extension BarBatch {
  /// The volumes, where there are any: stores keep a column that is missing throughout as NaN.
  var volume: Column<Double>? {
    guard let volume = self["volume"], !volume.allSatisfy(\.isNaN) else { return nil }
    return volume
  }
}
