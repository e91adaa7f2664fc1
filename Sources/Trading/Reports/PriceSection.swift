import Market
import Numerics
import Runtime

/// Prices with what was traded on them, and the trades one by one.
struct PriceSection {
  private let sheet: TearSheet
  private var report: RunReport { sheet.report }

  /// All charts of a page together hold no more bars than this, so that it stays small.
  private static let barsMax = 13_000
  private static let tradesMax = 400

  init(_ sheet: TearSheet) { self.sheet = sheet }

  var blocks: [Page.Block] {
    let shown = drawn
    var blocks = shown.map { Page.Block.candles(chart($0)) }
    if shown.count < sheet.frames.count {
      blocks.append(
        .text(
          "Drawn are the \(shown.count) of \(sheet.frames.count) symbols with the most trades; the "
            + "others are in the table."))
    }
    // A long table is looked up, not read.
    return blocks + [table.rows.count > 12 ? .fold(table.caption, [table]) : .table(table)]
  }

  /// Symbols in the order of their trades, as many as there is room for.
  private var drawn: [Frame] {
    let counts = Dictionary(grouping: report.trades, by: \.symbol).mapValues(\.count)
    let sorted = sheet.frames.sorted {
      (counts[$1.symbol] ?? 0, $0.symbol) < (counts[$0.symbol] ?? 0, $1.symbol)
    }
    var bars = 0
    return Array(
      sorted.prefix { frame in
        bars += frame.count
        return bars <= Self.barsMax || bars == frame.count
      })
  }

  private func chart(_ frame: Frame) -> CandleChart {
    let span = report.stamps[0].nanoseconds...report.stamps[report.stamps.count - 1].nanoseconds
    let rows = (0..<frame.count).filter { span.contains(frame.knownAt[$0]) }
    func column(_ name: String) -> [Double] { rows.map { frame[name]?[$0] ?? .nan } }
    let starts = rows.map { frame.start[$0] }
    let events = sheet.fills.filter { $0.symbol == frame.symbol }.compactMap { fill in
      place(of: fill.time.nanoseconds, in: starts).map { index in
        CandleChart.Event(
          index: index, text: fill.isPurchase ? "buy" : "sell", pointsUp: fill.isPurchase,
          value: fill.price)
      }
    }
    let buys = events.count { $0.pointsUp }
    return CandleChart(
      title: "\(frame.symbol) with \(NumberText.count(buys)) purchases and "
        + "\(NumberText.count(events.count - buys)) sales",
      caption:
        "Price in \(report.currency); marks that point up are purchases, down sales, each at "
        + "its price in the bar where it was filled.",
      label: frame.symbol.text,
      times: rows.map { report.wall(Timestamp(nanoseconds: frame.end[$0])) }, open: column("open"),
      high: column("high"), low: column("low"), close: column("close"), events: events,
      library: sheet.library, showsTimeOfDay: frame.interval.isIntraday)
  }

  /// The bar in which something happened.
  private func place(of time: Int64, in starts: [Int64]) -> Int? {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  private var table: Page.Table {
    let isOne = report.symbols.count == 1
    let all = report.trades
    // Of many, those that made and lost the most, in the order of time.
    let shown =
      all.count <= Self.tradesMax
      ? all
      : all.sorted { abs($0.profit) > abs($1.profit) }.prefix(Self.tradesMax)
        .sorted { ($0.entry, $0.symbol) < ($1.entry, $1.symbol) }
    return Page.Table(
      caption: all.count == shown.count
        ? "\(NumberText.count(all.count)) trades, after costs"
        : "The \(shown.count) of \(NumberText.count(all.count)) trades that made or lost the most",
      columns: (isOne ? [] : [.words("symbol")]) + [
        .words("entry"), .words("exit"), .numbers("bars"), .numbers("shares"),
        .numbers("entry price"), .numbers("exit price"), .numbers("fees"),
        .numbers("profit \(report.currency)"), .numbers("profit %"),
      ],
      rows: shown.map { trade in
        (isOne ? [] : [trade.symbol.text]) + [
          report.day(trade.entry).description,
          trade.isOpen ? "still held" : report.day(trade.exit).description,
          NumberText.count(trade.bars), NumberText.fixed(trade.quantity, decimals: 0),
          NumberText.fixed(trade.entryPrice, decimals: trade.entryPrice < 10 ? 4 : 2),
          NumberText.fixed(trade.exitPrice, decimals: trade.exitPrice < 10 ? 4 : 2),
          NumberText.fixed(trade.fees, decimals: 2), NumberText.fixed(trade.profit, decimals: 2),
          NumberText.percent(trade.profitRatio),
        ]
      })
  }
}
