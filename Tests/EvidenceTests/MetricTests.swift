import Evidence
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing

@Suite("Metrics") struct MetricTests {
  private static func record(
    _ values: [Double], barsPerYear: Double = 252, everyHours hours: Int64 = 24
  ) -> RunHistory {
    RunHistory(
      annualisation: Annualisation(barsPerYear: barsPerYear, statement: "a test"), zone: .utc,
      stamps: (1..<max(values.count, 1)).map {
        Timestamp(seconds: 1_700_000_000 + Int64($0) * 3600 * hours)
      },
      values: values)
  }

  /// A run with everything recorded, of a kind that is drawn by lot: calm, wild, flat, ruined.
  private static func random(seed: UInt64) throws -> RunHistory {
    var random = RandomStream(seed: seed, purpose: "random runs")
    let count = 1 + random.index(below: 40)
    let scale = [0, 1e-12, 0.01, 0.5][random.index(below: 4)]
    var values = [pow(10, Double(random.index(below: 12)) - 2)]
    for _ in 0..<count {
      let step = random.uniform() < 0.2 ? 0 : scale * random.normal()
      values.append(values[values.count - 1] * max(1 + step, 1e-3))
    }
    if random.uniform() < 0.2 { values[count] = random.uniform() < 0.5 ? 0 : -values[0] }
    var record = record(values, barsPerYear: 252, everyHours: 7)
    func column() -> [Double] {
      (0..<count).map { _ in random.uniform() < 0.3 ? 0 : random.normal() }
    }
    record.riskFreeRate = random.uniform() < 0.5 ? 0 : 0.05
    record.benchmark = column().map { max($0 * 0.1, -0.9) }
    record.exposure = column()
    record.traded = column().map(abs)
    record.fees = 1
    let symbol = try #require(Symbol("TEST"))
    record.trades = (0..<random.index(below: 6)).map { index in
      let entry = Timestamp(seconds: 1_700_000_000 + Int64(index))
      let exit = Timestamp(
        seconds: entry.nanoseconds / 1_000_000_000 + Int64(random.index(below: 9)))
      let profit = random.uniform() < 0.3 ? 0 : random.normal()
      return TradeRecord(
        symbol: symbol, isShort: random.uniform() < 0.5, entry: entry, exit: exit, stake: 10,
        profit: profit, isOpen: random.uniform() < 0.3,
        adverse: random.uniform() < 0.9 ? min(profit, 0) : nil, favourable: max(profit, 0))
    }
    return record
  }

  @Test(
    "are numbers or reasons, whatever the run: never infinite, never missing", arguments: 0..<300)
  func total(seed: Int) throws {
    let run = try RunSeries(Self.random(seed: UInt64(seed)))
    for (metric, value) in MetricCatalogue.values(of: run) {
      switch value {
      case .number(let number): #expect(number.isFinite, "\(metric.key)")
      case .undefined(let reason):
        #expect(reason.split(separator: " ").count > 2, "\(metric.key): \(reason)")
      case .date, .text: #expect(!metric.formula.isEmpty)
      }
    }
    for key in [
      "max_drawdown", "max_drawdown_money", "mean_drawdown", "largest_adverse", "total_lost",
      "max_closed_drawdown", "max_intra_drawdown", "max_end_drawdown",
    ] {
      if let number = try MetricCatalogue.metric(key)(run).number { #expect(number <= 0, "\(key)") }
    }
  }

  @Test("of returns do not depend on the currency the account is counted in")
  func scale() throws {
    let money = Set(MetricCatalogue.all.filter { $0.unit == .money }.map(\.key))
    for seed in 0..<40 as Range<UInt64> {
      var record = try Self.random(seed: seed)
      let before = MetricCatalogue.values(of: try RunSeries(record))
      record.values = record.values.map { $0 * 64 }
      record.traded = record.traded?.map { $0 * 64 }
      let after = MetricCatalogue.values(of: try RunSeries(record))
      for ((metric, old), (_, new)) in zip(before, after)
      where !money.contains(metric.key) && !metric.formula.contains("p")
        && !metric.formula.contains("÷ V(0)")
      {
        // A power of two changes no digit.
        #expect(old == new, "\(metric.key)")
      }
    }
  }

  @Test("have keys of their own, words in every place, and say in which direction they are better")
  func catalogue() {
    let metrics = MetricCatalogue.all
    #expect(metrics.count > 170)
    #expect(Set(metrics.map(\.key)).count == metrics.count)
    #expect(Set(metrics.map(\.title)).count == metrics.count)
    for metric in metrics {
      #expect(metric.key.allSatisfy { $0 == "_" || $0.isNumber || $0.isLowercase }, "\(metric.key)")
      #expect(!metric.formula.isEmpty && !metric.title.isEmpty)
      #expect(metric.names.allSatisfy { $0.difference?.isEmpty != true })
    }
    let error = #expect(throws: EvidenceError.self) { try MetricCatalogue.metric("sharp") }
    #expect(error?.diagnosis.remedy == "did you mean sharpe?")
  }

  @Test("cover what QuantStats, freqtrade and LEAN print, by their names")
  func peers() {
    func names(_ peer: Metric.Peer) -> Set<String> {
      Set(MetricCatalogue.all.flatMap(\.names).filter { $0.peer == peer }.map(\.name))
    }
    // As QuantStats' full report has them; "~" rows, start and end apart.
    let report = [
      "Risk-Free Rate", "Time in Market", "Cumulative Return", "CAGR﹪", "Sharpe",
      "Prob. Sharpe Ratio", "Smart Sharpe", "Sortino", "Smart Sortino", "Sortino/√2",
      "Smart Sortino/√2", "Omega", "Max Drawdown", "Max DD Date", "Max DD Period Start",
      "Max DD Period End", "Longest DD Days", "Volatility (ann.)", "R^2", "Information Ratio",
      "Calmar", "Skew", "Kurtosis", "Ulcer Performance Index", "Risk-Adjusted Return",
      "Risk-Return Ratio", "Avg. Return", "Avg. Win", "Avg. Loss", "Win/Loss Ratio",
      "Profit Ratio", "Expected Daily", "Expected Monthly", "Expected Yearly", "Kelly Criterion",
      "Risk of Ruin", "Daily Value-at-Risk", "Expected Shortfall (cVaR)", "Max Consecutive Wins",
      "Max Consecutive Losses", "Gain/Pain Ratio", "Gain/Pain (1M)", "Payoff Ratio",
      "Profit Factor", "Common Sense Ratio", "CPC Index", "Tail Ratio", "Outlier Win Ratio",
      "Outlier Loss Ratio", "MTD", "3M", "6M", "YTD", "1Y", "3Y (ann.)", "5Y (ann.)",
      "10Y (ann.)", "Best Day", "Worst Day", "Best Month", "Worst Month", "Best Year",
      "Worst Year", "Avg. Drawdown", "Avg. Drawdown Days", "Recovery Factor", "Ulcer Index",
      "Serenity Index", "Avg. Up Month", "Avg. Down Month", "Win Days %", "Win Month %",
      "Win Quarter %", "Win Year %", "Beta", "Alpha", "Correlation", "Treynor Ratio",
    ]
    #expect(Set(report).subtracting(names(.quantStats)) == [])
    let summary = [
      "Total/Daily Avg Trades", "Starting balance", "Final balance", "Absolute profit",
      "Total profit %", "CAGR %", "Sortino", "Sharpe", "Calmar", "SQN", "Profit factor",
      "Expectancy (Ratio)", "Avg. daily profit %", "Avg. stake amount", "Total trade volume",
      "Best Pair", "Worst Pair", "Best trade", "Worst trade", "Best day", "Worst day",
      "Days win/draw/lose", "Avg. Duration Winners", "Avg. Duration Loser",
      "Max Consecutive Wins / Loss", "Rejected Entry signals", "Entry/Exit Timeouts",
      "Canceled Trade Entries", "Canceled Entry Orders", "Replaced Entry Orders", "Min balance",
      "Max balance", "Max % of account underwater", "Absolute drawdown", "Drawdown start",
      "Drawdown end", "Market change", "Long / Short", "Total profit Long %",
      "Total profit Short %",
    ]
    #expect(Set(summary).subtracting(names(.freqtrade)) == [])
    let statistics = [
      "Total Orders", "Average Win", "Average Loss", "Compounding Annual Return", "Drawdown",
      "Expectancy", "Start Equity", "End Equity", "Net Profit", "Sharpe Ratio", "Sortino Ratio",
      "Probabilistic Sharpe Ratio", "Loss Rate", "Win Rate", "Profit Loss Ratio", "Alpha", "Beta",
      "Annual Standard Deviation", "Annual Variance", "Information Ratio", "Tracking Error",
      "Treynor Ratio", "Total Fees", "Estimated Strategy Capacity", "Lowest Capacity Asset",
      "Portfolio Turnover", "Drawdown Recovery", "OrderListHash",
    ]
    #expect(Set(statistics).subtracting(names(.lean)) == [])
  }

  @Test("are on the page docs/METRICS.md as the program prints it")
  func page() throws {
    let file = try String(contentsOfFile: Package.path("docs/METRICS.md"), encoding: .utf8)
    #expect(
      file == MetricCatalogue.page + "\n",
      "print it anew: martinet report metrics --markdown > docs/METRICS.md")
  }

  @Test("are refused with the place where a record is not sound")
  func refusals() throws {
    func refused(_ change: (inout RunHistory) -> Void) -> EvidenceError? {
      var record = Self.record([100, 110, 121])
      change(&record)
      return #expect(throws: EvidenceError.self) { try RunSeries(record) }
    }
    #expect(refused { $0.values = [100] } == .lengths("values", 0, bars: 2))
    #expect(
      refused {
        $0.stamps = []
        $0.values = [1]
      } == .noBars)
    #expect(refused { $0.values[1] = .nan } == .notFinite("values", row: 1))
    #expect(refused { $0.values[1] = 0 } == .ruined(row: 1))
    #expect(refused { $0.values[0] = -5 } == .ruined(row: 0))
    #expect(refused { $0.benchmark = [0] } == .lengths("benchmark", 1, bars: 2))
    #expect(refused { $0.exposure = [0, .infinity] } == .notFinite("exposure", row: 1))
    #expect(refused { $0.stamps[1] = $0.stamps[0] } == .order(row: 1))
    #expect(refused { $0.riskFreeRate = -1 } == .riskFreeRate(-1))
    let symbol = try #require(Symbol("TEST"))
    let time = Timestamp(seconds: 0)
    #expect(
      refused {
        $0.trades = [TradeRecord(symbol: symbol, entry: time, exit: time, stake: 0, profit: 1)]
      } == .badTrade(0, symbol))
  }
}
