import Evidence
import Foundation
import Market
import MarketData
import Numerics
import Runtime
import Trading

/// The engine against others' event loops.
enum BacktestRows {
  static let all: [Row] = VectorRows.all + [eventSMA, BookRows.replay]

  /// Two moving averages over minute bars, ten shares a trade, with gate, ledger and journal.
  private static let eventSMA = Row(
    bench: "backtest", name: "event_sma", figure: .rate(unit: "M bars/s", perItem: 1e-6),
    target: .ratio(20),
    peer: PeerCase(name: "backtesting.py", group: "backtest", script: "event_loops.py"),
    agreement: Agreement(
      measure: .relative(floor: 1), tolerance: 1e-9,
      text: "the number of fills and the account's last value"),
    limit: .bytes("3 times and 5 numbers of 8 bytes read a bar", .read, perItem: 64),
    usesBLAS: false
  ) { size in
    let count = size == .full ? 100_000 : 300
    // Prices in cents, so that sums of them are exact on both sides.
    let input = Input(name: "bars_in_cents", format: .float64, shape: [5, count]) { _, _ in
      MinuteBars(count: count).columnsInCents
    }
    return Work(size: "\(count)", items: Double(count), inputs: [input]) { files in
      let frame = try frame(RawNumbers.read(files[0].path), count: count)
      var settings = BacktestSettings()
      settings.initialCash = Cash(steps: 10_000_000 * Cash.stepsPerUnit)
      settings.halfSpreadBasisPoints = 0
      settings.commissionBasisPoints = 10
      settings.isContinuous = true
      var results: [Double] = []
      return Prepared(
        run: {
          let (result, _) = try Backtest.run(
            frames: [frame], strategy: TenShares(), settings: settings, journal: MemoryJournal())
          results = [
            Double(result.fills.count), Double(result.equity[result.bars - 1].equity),
          ]
        }, output: { results })
    }
  }

  private static func frame(_ numbers: [Double], count: Int) throws -> Frame {
    let symbol = try Symbol(parsing: MinuteBars.symbolText)
    let minute: Int64 = 60_000_000_000
    let starts = (0..<count).map { 1_600_000_000_000_000_000 + Int64($0) * minute }
    let ends = Column(starts.map { $0 + minute })
    func column(_ place: Int) -> Column<Double> {
      Column(numbers[place * count..<(place + 1) * count])
    }
    return Frame(
      symbol: symbol, interval: .minute, start: Column(starts), end: ends, knownAt: ends,
      columns: [
        "open": column(0), "high": column(1), "low": column(2), "close": column(3),
        "volume": column(4),
      ])
  }
}

/// Buys ten shares while the mean of 20 closes is above that of 50, and sells them again.
private struct TenShares: Strategy {
  private var holds = false
  private var fast = 0.0
  private var slow = 0.0

  let name = "ten shares"
  let warmUp = 50

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    let count = desk.histories[bar.series.place].count
    fast += bar.bar.close
    slow += bar.bar.close
    if count > 20 { fast -= desk.histories[bar.series.place].close[count - 21] }
    if count > 50 { slow -= desk.histories[bar.series.place].close[count - 51] }
    guard count >= 50 else { return }
    let wants = fast / 20 > slow / 50
    guard wants != holds else { return }
    holds = wants
    desk.submit(
      OrderIntent(
        wants ? .buy : .sell, Quantity(steps: 10 * Quantity.stepsPerUnit), of: bar.instrument,
        timeInForce: .untilCancelled))
  }
}
