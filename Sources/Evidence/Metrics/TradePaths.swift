import Foundation
import Runtime

/// How far trades were in profit and loss while they lasted, and what their sum went through.
extension MetricCatalogue {
  static let tradePaths: [Metric] = [
    Metric(
      "mean_adverse", "Mean worst loss within a trade", .money, .higher,
      "mean of the trades' worst",
      .lean("Average MAE")
    ) { run throws(Undefined) in try run.adverse().mean(else: .noTrades) },
    Metric(
      "mean_favourable", "Mean best profit within a trade", .money, .higher,
      "mean of the trades' best", .lean("Average MFE")
    ) { run throws(Undefined) in try run.favourable().mean(else: .noTrades) },
    Metric(
      "largest_adverse", "Worst loss within a trade", .money, .higher, "min of the trades' worst",
      .lean("Largest MAE")
    ) { run throws(Undefined) in try run.adverse().reduce(0, min) },
    Metric(
      "largest_favourable", "Best profit within a trade", .money, .higher,
      "max of the trades' best",
      .lean("Largest MFE")
    ) { run throws(Undefined) in try run.favourable().reduce(0, max) },
    Metric(
      "max_closed_drawdown", "Deepest fall of the sum of profits", .money, .higher,
      "min (P(j) − highest P up to j), P(j) the sum of the first j profits, P(0) = 0",
      .lean("Maximum Closed Trade Drawdown")
    ) { run throws(Undefined) in try run.closedDrawdown() },
    Metric(
      "max_intra_drawdown", "Deepest fall within trades", .money, .higher,
      "min (P(j − 1) + worst of trade j − highest of P(i − 1) + best of trade i, i ≤ j, and 0)",
      .lean("Maximum Intra Trade Drawdown")
    ) { run throws(Undefined) in
      let (profits, worst, best) = (try run.profits(), try run.adverse(), try run.favourable())
      var (sum, peak, deepest) = (0.0, 0.0, 0.0)
      for index in profits.indices {
        peak = max(peak, sum + best[index])
        deepest = min(deepest, sum + worst[index] - peak)
        sum += profits[index]
      }
      return deepest
    },
    Metric(
      "max_end_drawdown", "Most given back at a trade's end", .money, .higher,
      "min (p − best of the trade)",
      .lean("Maximum End Trade Drawdown", "keeps the least of what was given back, which is 0")
    ) { run throws(Undefined) in
      let (profits, best) = (try run.profits(), try run.favourable())
      return profits.indices.reduce(0) { min($0, profits[$1] - best[$1]) }
    },
    Metric(
      "mean_end_drawdown", "Mean given back at a trade's end", .money, .higher,
      "mean p − mean of the trades' best", .lean("Average End Trade Drawdown")
    ) { run throws(Undefined) in
      try run.profits().mean(else: .noTrades) - run.favourable().mean(else: .noTrades)
    },
    Metric(
      "profit_to_drawdown", "Profit over the deepest fall of profits", .ratio, .higher,
      "Σ p ÷ |deepest fall of the sum of profits|",
      .lean("Profit To Max Drawdown Ratio", "says 10 without a fall")
    ) { run throws(Undefined) in
      try run.profits().sum().over(-run.closedDrawdown(), else: Undefined("profits never fell"))
    },
    Metric(
      "max_drawdown_duration", "Longest time between peaks of profits", .days, .lower,
      "most days of 24 hours from a trade's exit at a peak of P (at first the earliest entry of the "
        + "first trade) to the exit that made the next peak, with a loss between",
      .lean("Maximum Drawdown Duration")
    ) { run throws(Undefined) in try run.peakToPeak() },
  ]

  static let orders: [Metric] = [
    counted("orders", "Orders", "orders sent", .lean("Total Orders"), \.orders),
    counted(
      "rejected_signals", "Signals refused", "entries that limits refused",
      .freqtrade("Rejected Entry signals"), \.rejectedSignals),
    counted(
      "entry_timeouts", "Entries that timed out", "entries cancelled for age",
      .freqtrade("Entry/Exit Timeouts"), \.entryTimeouts),
    counted(
      "exit_timeouts", "Exits that timed out", "exits cancelled for age",
      .freqtrade("Entry/Exit Timeouts"), \.exitTimeouts),
    counted(
      "cancelled_entries", "Trades cancelled before entry", "entries of which nothing was filled",
      .freqtrade("Canceled Trade Entries"), \.cancelledEntries),
    counted(
      "cancelled_entry_orders", "Entry orders cancelled", "entry orders cancelled",
      .freqtrade("Canceled Entry Orders"), \.cancelledEntryOrders),
    counted(
      "replaced_entry_orders", "Entry orders replaced", "entry orders replaced",
      .freqtrade("Replaced Entry Orders"), \.replacedEntryOrders),
    Metric(
      "order_hash", "Hash of the orders", .text, "SHA-256 of the orders as journalled",
      .lean("OrderListHash", "is another hash of other words")
    ) { run throws(Undefined) in
      guard let hash = try run.orders().hash else { throw Undefined("orders were not hashed") }
      return .text(hash)
    },
  ]

  private static func counted(
    _ key: String, _ title: String, _ formula: String, _ name: Metric.Name,
    _ count: @escaping @Sendable (OrderCounts) -> Int
  ) -> Metric {
    Metric(key, title, .count, .neither, "Σ " + formula, names: [name]) { run throws(Undefined) in
      Double(count(try run.orders()))
    }
  }
}

extension RunSeries {
  func adverse() throws(Undefined) -> [Double] { try path(\.adverse) }
  func favourable() throws(Undefined) -> [Double] { try path(\.favourable) }

  private func path(_ extreme: (TradeRecord) -> Double?) throws(Undefined) -> [Double] {
    let trades = try trades()
    let known = trades.compactMap(extreme)
    guard known.count == trades.count else {
      throw Undefined("how far trades were in profit and loss was not recorded")
    }
    return known
  }

  func closedDrawdown() throws(Undefined) -> Double {
    var (sum, peak, deepest) = (0.0, 0.0, 0.0)
    for profit in try profits() {
      sum += profit
      peak = max(peak, sum)
      deepest = min(deepest, sum - peak)
    }
    return deepest
  }

  func peakToPeak() throws(Undefined) -> Double {
    let trades = try trades()
    var (sum, peak, longest) = (0.0, 0.0, -1.0)
    var peakTime = trades[0].entry
    var isBelow = false
    for trade in trades {
      sum += trade.profit
      if sum > peak {
        peak = sum
        let waited = Double(trade.exit.nanoseconds - peakTime.nanoseconds)
        if isBelow { longest = max(longest, waited / Double(Timestamp.nanosecondsPerDay)) }
        peakTime = trade.exit
        isBelow = false
      } else if trade.profit <= 0 {
        isBelow = true
      }
    }
    guard longest >= 0 else { throw Undefined("no peak of profits followed on a loss") }
    return longest
  }
}
