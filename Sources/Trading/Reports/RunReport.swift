import Evidence
import Features
import Market
import Numerics
import Runtime

/// What a run leaves for people and programs: everything its page says, but for the bars themselves.
///
/// It is written as JSON beside the page, and pages that set runs side by side are made from it.
public struct RunReport: Sendable {
  public var strategy: String
  public var symbols: [Symbol]
  public var interval: BarInterval
  /// Whose days the bars have, by name.
  public var calendar: String
  public var currency: String
  /// Where the bars come from and how they were adjusted: "Samples/daily, adjusted for splits".
  public var data: String
  public var conditions: Conditions
  /// What every figure of the catalogue is computed from.
  public var series: RunSeries
  /// What the account was worth with costs doubled, and with the benchmark, from the capital on.
  public var doubledCosts: [Double]
  public var benchmark: [Double]
  /// What the benchmark is, where it is not the symbols that are traded.
  public var benchmarkSymbol: Symbol?
  public var trades: [Trade]
  public var refusals: [Refusal]
  public var verdict: Verdict
  /// What stands beside the Sharpe ratio.
  public var sharpeWarning: String?
  /// What the data may be to blame for.
  public var warnings: [String]
  public var proof: Proof?
  public var deflation: Deflation?
  /// The same run with one thing changed at a time, and what that means.
  public var changes: [Changed] = []
  public var fragility: String?
  /// What a careful reader would ask about.
  public var doubts: [Doubt] = []
  /// Of the trade's symbols, where it was said.
  public var sectors: [Symbol: String] = [:]

  /// What became of the run where something else was taken for granted.
  public struct Changed: Hashable, Sendable {
    public var what: String
    public var annualReturn: Double
    public var sharpe: Double?
    public var maxDrawdown: Double
    public var endValue: Double
  }

  /// A doubt, what shows it and what to do.
  public struct Doubt: Hashable, Sendable {
    public var finding, evidence, remedy: String
  }

  /// What the run was made under.
  public struct Conditions: Hashable, Sendable {
    public var initialCash: Double
    public var cashReserve: Double
    public var halfSpreadBasisPoints: Double
    public var commissionBasisPoints: Double
    public var leverage: Double?
    /// All that trading cost, in words; `nil` in reports of before there were words.
    public var costs: String?
    public var seed: UInt64
    public var resamples: Int
    public var trials: Int
  }

  /// A position from its first unit to its last.
  public struct Trade: Hashable, Sendable {
    public var symbol: Symbol
    public var entry, exit: Timestamp
    public var bars: Int
    /// Below zero where it was sold short.
    public var quantity: Double
    public var entryPrice, exitPrice: Double
    public var fees, profit: Double
    public var isOpen: Bool
    /// The furthest the position was in loss and in profit, where that was followed.
    public var adverse, favourable: Double?

    public var stake: Double { abs(entryPrice * quantity) }
    public var profitRatio: Double { profit / stake }
  }

  /// Orders that did not leave, or left smaller, for one reason.
  public struct Refusal: Hashable, Sendable {
    public var reason: String
    public var count: Int
    public var first, last: Timestamp
  }

  /// What was found when the future was changed.
  public struct Proof: Hashable, Sendable {
    public var sentence: String
    public var isClean: Bool
    /// Of the certificate, where one was made.
    public var seal: String?

    public init(sentence: String, isClean: Bool, seal: String? = nil) {
      self.sentence = sentence
      self.isClean = isClean
      self.seal = seal
    }

    public init(_ verdict: LookAheadVerdict) {
      self.init(sentence: verdict.sentence, isClean: verdict.isClean)
    }
  }
}

// From a back-test.
extension RunReport {
  public init(_ evidence: Appraisal, data: String, proof: Proof?) {
    let result = evidence.result
    let settings = result.settings
    strategy = result.strategy
    symbols = result.symbols
    interval = result.interval
    calendar = result.calendar.name
    currency = settings.currency
    self.data = data
    conditions = Conditions(
      initialCash: Double(settings.initialCash), cashReserve: settings.cashReserve,
      halfSpreadBasisPoints: settings.halfSpreadBasisPoints,
      commissionBasisPoints: settings.commissionBasisPoints, leverage: settings.leverage,
      costs: settings.costs.words,
      seed: settings.seed, resamples: settings.resamples,
      trials: evidence.luck?.settings ?? 1)
    series = evidence.series
    doubledCosts = evidence.doubledCosts.values
    (benchmark, benchmarkSymbol) = (evidence.benchmark.values, evidence.benchmark.symbol)
    trades = result.trades.map { trade in
      Trade(
        symbol: trade.symbol, entry: trade.entry, exit: trade.exit, bars: trade.bars,
        quantity: Double(trade.quantity), entryPrice: trade.entryPrice, exitPrice: trade.exitPrice,
        fees: Double(trade.fees), profit: Double(trade.profit), isOpen: trade.isOpen,
        adverse: trade.adverse, favourable: trade.favourable)
    }
    refusals = Refusal.all(of: result)
    (verdict, sharpeWarning) = (evidence.verdict, evidence.sharpeWarning)
    warnings = evidence.jumps.map(\.warning)
    self.proof = proof
    deflation = evidence.luck?.deflation
    fragility = evidence.fragility.sentence
    changes = evidence.fragility.cases.map { found in
      Changed(
        what: found.assumption.words, annualReturn: found.performance.annualReturn,
        sharpe: found.performance.sharpe, maxDrawdown: found.performance.maxDrawdown,
        endValue: found.performance.values.last ?? .nan)
    }
    doubts = evidence.observations.map {
      Doubt(finding: $0.kind.title, evidence: $0.evidence, remedy: $0.kind.remedy)
    }
  }
}

// What follows from it.
extension RunReport {
  public var values: [Double] { series.record.values }
  public var stamps: [Timestamp] { series.record.stamps }
  public var zone: Zone { series.record.zone }
  public var barsPerYear: Double { series.record.annualisation.barsPerYear }
  public var symbolList: String { symbols.map(\.text).joined(separator: ", ") }
  /// The benchmark, in tables and beside lines.
  var benchmarkName: String { benchmarkSymbol.map { "\($0), held" } ?? "buy and hold" }
  var benchmarkLabel: String { benchmarkSymbol?.text ?? "hold" }
  public var performance: Performance { Performance(values: values, barsPerYear: barsPerYear) }
  public var firstDay: CivilDate { day(stamps[0]) }
  public var lastDay: CivilDate { day(stamps[stamps.count - 1]) }

  /// The same run beside another benchmark.
  public mutating func compare(with other: Benchmark) throws(BacktestError) {
    (benchmark, benchmarkSymbol) = (other.values, other.symbol)
    var record = series.record
    record.benchmark = other.returns
    do { series = try RunSeries(record) } catch { throw .evidence(error) }
    guard !verdict.comparison.isEmpty else { return }
    verdict.comparison = Verdict.comparison(
      Performance(values: benchmark, barsPerYear: barsPerYear), benchmarkSymbol, bootstrap)
  }

  /// Of the account beside its benchmark.
  var bootstrap: Bootstrap {
    Bootstrap(
      performance, against: Performance(values: benchmark, barsPerYear: barsPerYear),
      resamples: conditions.resamples, seed: conditions.seed)
  }

  /// The day at the exchange.
  public func day(_ time: Timestamp) -> CivilDate { zone.date(at: time) }

  /// What the exchange's clock on the wall shows, written as if it were UTC, for axes and tables.
  func wall(_ time: Timestamp) -> Timestamp {
    let (date, nanoseconds) = zone.wallTime(at: time)
    let midnight = Int64(date.dayNumber) * Timestamp.nanosecondsPerDay
    return Timestamp(nanoseconds: midnight + nanoseconds)
  }

  func money(_ amount: Double) -> String {
    NumberText.money(amount, currency: currency, decimals: 0)
  }

  /// What the account returned on each day.
  public var dailyReturns: [(day: CivilDate, value: Double)] { daily(values) }
  /// What the benchmark returned on the same days.
  public var dailyBenchmark: [(day: CivilDate, value: Double)] { daily(benchmark) }

  private func daily(_ values: [Double]) -> [(day: CivilDate, value: Double)] {
    var days: [(day: CivilDate, value: Double)] = []
    var before = values[0]
    let all = series.days
    for (row, day) in all.enumerated() where row + 1 == all.count || all[row + 1] != day {
      days.append((day, values[row + 1] / before - 1))
      before = values[row + 1]
    }
    return days
  }
}
