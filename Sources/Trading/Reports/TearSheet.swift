import Evidence
import Features
import Market
import Numerics
import Runtime

/// The page of one back-test.
public struct TearSheet: Sendable {
  public var evidence: Appraisal
  public var frames: [Frame]
  public var proof: LookAheadVerdict?
  /// Where the bars come from and how they were adjusted: "Samples/daily, adjusted for splits".
  public var data: String
  /// The text of the charting library, where it is installed.
  public var library: String?

  public init(
    evidence: Appraisal, frames: [Frame], proof: LookAheadVerdict?, data: String, library: String?
  ) {
    self.evidence = evidence
    self.frames = frames
    self.proof = proof
    self.data = data
    self.library = library
  }

  private var result: BacktestResult { evidence.result }
  private var settings: BacktestSettings { evidence.result.settings }
  private var performance: Performance { evidence.performance }
  private var symbols: String { result.symbols.map(\.text).joined(separator: ", ") }
  private var isOneSymbol: Bool { result.symbols.count == 1 }
  private var times: [Timestamp] { result.equity.map { wall($0.time) } }

  public var page: Page {
    Page(
      title: "\(result.strategy) on \(symbols)",
      blocks: [
        .facts(facts), .verdict(evidence.verdict), .figures(figures),
        .heading("Equity and drawdown"), .chart(equityChart), .chart(drawdownChart),
        .heading("Price and trades"),
      ] + frames.map { .candles(priceChart($0)) } + [
        .table(tradeTable), .heading("Costs and fragility"), .text(evidence.fragility.sentence),
        .table(costTable),
        .heading("Diagnosis"),
      ]
        + diagnosis + [
          .heading("How this was made"), .text(method),
        ])
  }

  private var diagnosis: [Page.Block] {
    guard !evidence.observations.isEmpty else {
      return [
        .text(
          "None of the usual doubts applies: not few trades, nor one that makes the result, "
            + "nor costs, fills or prices that one would ask about.")
      ]
    }
    return evidence.observations.map { .text($0.sentence) }
  }

  private var facts: [Page.Fact] {
    [
      .init(
        "Dates",
        "\(result.day(result.start)) to \(result.day(result.end)), \(NumberText.count(result.bars))\u{A0}bars"
      ),
      .init("Data", data),
      .init(
        "Capital",
        "\(money(Double(settings.initialCash))), of which \(NumberText.percent(settings.cashReserve)) "
          + "is never invested"),
      .init(
        "Costs",
        "\(NumberText.fixed(settings.halfSpreadBasisPoints, decimals: 1)) bp half-spread and "
          + "\(NumberText.fixed(settings.commissionBasisPoints, decimals: 1)) bp commission on each fill"
      ),
      .init("Fills", "at the next bar's open, never in the bar that led to them"),
      .init("Look-ahead", proof?.sentence ?? "not examined: run martinet prove features"),
      .init("Seed", "\(settings.seed)"),
      .init("Trials", trials),
    ]
  }

  private var trials: String {
    guard let luck = evidence.luck else { return "not recorded" }
    return "\(NumberText.count(luck.settings)) on these bars, this one included, in the ledger"
  }

  private var figures: [Page.Figure] {
    let bootstrap = evidence.bootstrap
    let held = evidence.benchmarkPerformance
    return [
      .init(
        "Return a year",
        NumberText.percent(performance.annualReturn),
        interval: NumberText.percentRange(bootstrap.annualReturn),
        note: "\(NumberText.percent(performance.totalReturn)) in all"),
      .init(
        "Sharpe ratio",
        NumberText.ratio(performance.sharpe ?? .nan), interval: NumberText.range(bootstrap.sharpe),
        note:
          "risk-free rate 0, \(evidence.annualisation.statement)",
        warning: evidence.isTooShort
          ? "too short to judge" : evidence.isMoreThanLuck ? nil : "cannot be told from luck",
        missing: performance.sharpe == nil ? "the account never moved" : nil),
      .init(
        "Maximum drawdown",
        NumberText.percent(performance.maxDrawdown),
        interval: NumberText.percentRange(bootstrap.maxDrawdown),
        note: "longest \(NumberText.count(performance.longestDrawdownBars)) bars below a peak",
        warning: evidence.jumps.first?.warning),
      .init(
        "Volatility a year",
        NumberText.percent(performance.annualVolatility ?? .nan),
        interval: NumberText.percentRange(bootstrap.annualVolatility),
        note: "of the bars' returns"),
      .init(
        "Buy and hold a year", NumberText.percent(held.annualReturn),
        note: "Sharpe \(NumberText.ratio(held.sharpe ?? .nan)), drawdown "
          + NumberText.percent(held.maxDrawdown)),
      .init(
        "Invested", NumberText.percent(evidence.exposure), note: "of the account, on average"),
      trades,
      .init(
        "Fees", money(Double(result.fees)),
        note: "\(NumberText.ratio(evidence.turnover)) × the account traded a year"),
    ]
  }

  private var trades: Page.Figure {
    let closed = result.trades.count { !$0.isOpen }
    let factor = evidence.profitFactor.map { "profit factor \(NumberText.ratio($0))" }
    return .init(
      "Winning trades", evidence.winRate.map { NumberText.percent($0) } ?? "",
      note: ["of \(NumberText.count(closed)) closed", factor].compactMap { $0 }
        .joined(separator: ", "),
      warning: closed < 30 ? "too few to tell" : nil,
      missing: evidence.winRate == nil ? "no trade is closed yet" : nil)
  }

  private var equityChart: TimeChart {
    let start = money(Double(settings.initialCash))
    return TimeChart(
      title: "\(start) became \(money(performance.values.last ?? .nan)); "
        + "held in \(symbols) it became \(money(evidence.benchmarkPerformance.values.last ?? .nan))",
      caption: "Value of the account in \(settings.currency) at each close, after costs, beside "
        + "buying at the first open and holding with the same costs; days of \(result.calendar.zone.name).",
      times: times,
      series: [
        .init("strategy", .subject, Array(performance.values.dropFirst())),
        .init("hold", .benchmark, Array(evidence.benchmarkPerformance.values.dropFirst())),
      ],
      format: .compact, growsByFactors: true, height: 340)
  }

  private var drawdownChart: TimeChart {
    let drawdowns = performance.drawdowns
    let deepest = drawdowns.indices.min { drawdowns[$0] < drawdowns[$1] }
    let date = deepest.map { times[$0].utcDate.description } ?? ""
    return TimeChart(
      title:
        "At worst the account was \(NumberText.percent(performance.maxDrawdown)) below its peak, "
        + "on \(date)",
      caption: "Distance from the highest value so far, on the same axis of time.",
      times: times, series: [.init("strategy", .loss, drawdowns, isArea: true)], format: .percent,
      height: 170, labelledIndex: deepest)
  }

  private func priceChart(_ frame: Frame) -> CandleChart {
    let rows = (0..<frame.count).filter { row in
      (result.start.nanoseconds...result.end.nanoseconds).contains(frame.knownAt[row])
    }
    func column(_ name: String) -> [Double] { rows.map { frame[name]?[$0] ?? .nan } }
    var position: [Int64: Int] = [:]
    for (index, row) in rows.enumerated() { position[frame.start[row]] = index }
    let fills = result.fills.filter { result.symbol(of: $0) == frame.symbol }
    let events = fills.compactMap { fill in
      position[fill.time.nanoseconds].map { index in
        CandleChart.Event(
          index: index, text: fill.quantity.isNegative ? "sell" : "buy",
          pointsUp: !fill.quantity.isNegative, value: Double(fill.price))
      }
    }
    let buys = events.count { $0.pointsUp }
    return CandleChart(
      title: "\(frame.symbol) with \(NumberText.count(buys)) purchases and "
        + "\(NumberText.count(events.count - buys)) sales",
      caption: "Price in \(settings.currency); marks that point up are purchases, down sales, "
        + "each at the open where it was filled.",
      label: frame.symbol.text, times: rows.map { wall(Timestamp(nanoseconds: frame.end[$0])) },
      open: column("open"), high: column("high"), low: column("low"), close: column("close"),
      events: events, library: library)
  }

  private var tradeTable: Page.Table {
    Page.Table(
      caption: "\(NumberText.count(result.trades.count)) trades, after costs",
      columns: (isOneSymbol ? [] : [.words("symbol")]) + [
        .words("entry"), .words("exit"), .numbers("bars"), .numbers("shares"),
        .numbers("entry price"), .numbers("exit price"), .numbers("fees"),
        .numbers("profit \(settings.currency)"), .numbers("profit %"),
      ],
      rows: result.trades.map { trade in
        (isOneSymbol ? [] : [trade.symbol.text]) + [
          result.day(trade.entry).description,
          trade.isOpen ? "still held" : result.day(trade.exit).description,
          NumberText.count(trade.bars), NumberText.fixed(Double(trade.quantity), decimals: 0),
          NumberText.fixed(trade.entryPrice, decimals: trade.entryPrice < 10 ? 4 : 2),
          NumberText.fixed(trade.exitPrice, decimals: trade.exitPrice < 10 ? 4 : 2),
          NumberText.fixed(Double(trade.fees), decimals: 2),
          NumberText.fixed(Double(trade.profit), decimals: 2),
          NumberText.percent(trade.profitRatio),
        ]
      })
  }

  private var costTable: Page.Table {
    func row(_ name: String, _ performance: Performance) -> [String] {
      [
        name, NumberText.percent(performance.annualReturn),
        NumberText.ratio(performance.sharpe ?? .nan), NumberText.percent(performance.maxDrawdown),
        money(performance.values.last ?? .nan),
      ]
    }
    return Page.Table(
      caption: "The same days again, with one thing changed",
      columns: [
        .words("run"), .numbers("return a year"), .numbers("Sharpe"), .numbers("max drawdown"),
        .numbers("end value"),
      ],
      rows: [row("as above", performance)]
        + evidence.fragility.cases.map { row($0.assumption.words, $0.performance) }
        + [row("buy and hold", evidence.benchmarkPerformance)])
  }

  private var method: String {
    let bootstrap = evidence.bootstrap
    return
      "Each bar's close was shown to the strategy, which saw nothing later; its order was sized "
      + "at that close and filled at the next bar's open. Money was booked in double entry, exact to "
      + "a hundredth of a cent, \(NumberText.count(result.ledger.postings)) postings. Figures of a "
      + "year assume \(evidence.annualisation.statement); returns compound. In brackets: where 95 of "
      + "100 histories lie, from \(NumberText.count(bootstrap.resamples)) drawn by the stationary "
      + "bootstrap with blocks of \(NumberText.count(Int(bootstrap.meanBlock))) bars on average "
      + "(seed \(bootstrap.seed)). Past prices are no promise."
  }

  /// What the exchange's clock on the wall shows, written as if it were UTC, for axes and tables.
  private func wall(_ time: Timestamp) -> Timestamp {
    let (date, nanoseconds) = result.calendar.zone.wallTime(at: time)
    let midnight = Int64(date.dayNumber) * Timestamp.nanosecondsPerDay
    return Timestamp(nanoseconds: midnight + nanoseconds)
  }

  private func money(_ amount: Double) -> String {
    NumberText.money(amount, currency: settings.currency, decimals: 0)
  }

}
