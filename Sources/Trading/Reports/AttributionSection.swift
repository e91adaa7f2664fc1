import Market
import Numerics
import Runtime

/// Which symbols, sides, sectors, years and lengths of holding the profit came from.
struct AttributionSection {
  private let report: RunReport

  init(_ report: RunReport) { self.report = report }

  /// Trades that have something in common.
  private struct Group {
    let name: String
    var trades = 0
    var won = 0
    var profit = 0.0
    var fees = 0.0
    var stake = 0.0
  }

  private func groups(_ name: (RunReport.Trade) -> String) -> [Group] {
    var groups: [String: Group] = [:]
    for trade in report.trades {
      let key = name(trade)
      var group = groups[key] ?? Group(name: key)
      group.trades += 1
      group.won += trade.profit > 0 ? 1 : 0
      group.profit += trade.profit
      group.fees += trade.fees
      group.stake += trade.stake
      groups[key] = group
    }
    return groups.values.sorted { ($1.profit, $0.name) < ($0.profit, $1.name) }
  }

  var blocks: [Page.Block] {
    let symbols = groups(\.symbol.text)
    var blocks: [Page.Block] = []
    if symbols.count > 1, let best = symbols.first, let worst = symbols.last {
      let shown = symbols.count > 24 ? Array(symbols.prefix(12) + symbols.suffix(12)) : symbols
      blocks.append(
        .bars(
          BarsChart(
            title: "\(best.name) made \(report.money(best.profit)), \(worst.name) "
              + "\(report.money(worst.profit))",
            caption: "Profit of each symbol's trades after costs, those still held at their last "
              + "close\(symbols.count > 24 ? "; the twelve best and the twelve worst" : "").",
            bars: shown.map { .init($0.name, $0.profit, text: report.money($0.profit)) })))
    }
    blocks += [
      table("symbol", symbols),
      table(
        "sector",
        groups { trade in report.sectors[trade.symbol] ?? "not said" }),
      table("timeframe", groups { _ in report.interval.description }),
      table("side", groups { $0.quantity < 0 ? "short" : "long" }),
      table(
        "year of the entry",
        groups { "\(report.day($0.entry).yearMonthDay.year)" }.sorted { $0.name < $1.name }),
      table("time held", byTimeHeld),
    ].map(Page.Block.table)
    return blocks
  }

  private var byTimeHeld: [Group] {
    let steps: [(days: Double, name: String)] = [
      (1, "a day or less"), (7, "up to a week"), (31, "up to a month"), (92, "up to a quarter"),
      (.infinity, "longer"),
    ]
    let groups = groups { trade in
      let days = Double(trade.exit.nanoseconds - trade.entry.nanoseconds) / 86_400e9
      return steps.first { days <= $0.days }?.name ?? ""
    }
    return steps.compactMap { step in groups.first { $0.name == step.name } }
  }

  private func table(_ what: String, _ groups: [Group]) -> Page.Table {
    let total = report.trades.reduce(0) { $0 + $1.profit }
    return Page.Table(
      caption: "By \(what)",
      columns: [
        .words(what), .numbers("trades"), .numbers("won"), .numbers("profit \(report.currency)"),
        .numbers("of all profit"), .numbers("of its stake"), .numbers("fees"),
      ],
      rows: groups.map { group in
        [
          group.name, NumberText.count(group.trades),
          NumberText.percent(Double(group.won) / Double(group.trades)),
          NumberText.fixed(group.profit, decimals: 0),
          total > 0 ? NumberText.percent(group.profit / total) : NumberText.absent,
          NumberText.percent(group.profit / group.stake), NumberText.fixed(group.fees, decimals: 0),
        ]
      })
  }
}
