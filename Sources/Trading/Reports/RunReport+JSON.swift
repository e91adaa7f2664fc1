import Evidence
import Market
import Runtime

/// Why a file is no report of a run.
public enum ReportError: DiagnosedError, Equatable {
  case json(JSONError)
  /// What the file lacks.
  case notOne(file: String, missing: String)
  case evidence(EvidenceError)

  public var diagnosis: Diagnosis {
    switch self {
    case .json(let error): error.diagnosis
    case .evidence(let error): error.diagnosis
    case .notOne(let file, let missing):
      Diagnosis(
        place: file, finding: "is no report of a run: it has no \(missing)",
        remedy: "name a file that martinet backtest wrote beside its page: report.json")
    }
  }
}

extension RunReport {
  /// Everything, so that it can be read again: figures by key as `MetricCatalogue` has them, and the
  /// series they are computed from. Times are UTC nanoseconds.
  public var json: JSON {
    let record = series.record
    func numbers(_ values: [Double]) -> JSON { JSON(values.map { JSON($0) }) }
    var json: JSON = [
      "format": 1, "program": JSON(Version.number), "strategy": JSON(strategy),
      "symbols": JSON(symbols.map { JSON($0.text) }), "interval": JSON(interval.description),
      "calendar": JSON(calendar), "currency": JSON(currency), "data": JSON(data),
      "start": JSON(firstDay.description), "end": JSON(lastDay.description),
      "conditions": conditions.json, "verdict": JSON(verdict.text),
      "verdict_parts": [
        "opening": JSON(verdict.opening), "comparison": JSON(verdict.comparison),
        "closing": JSON(verdict.closing),
      ],
      "sharpe_warning": JSON(sharpeWarning), "benchmark_symbol": JSON(benchmarkSymbol?.text),
      "warnings": JSON(warnings.map { JSON($0) }), "metrics": MetricCatalogue.json(of: series),
      "proof": proof?.json ?? .null,
      "deflation": deflation?.json(barsPerYear: barsPerYear) ?? .null,
      "refusals": JSON(refusals.map(\.json)), "trades": JSON(trades.map(\.json)),
    ]
    json.append(
      "fragility", ["sentence": JSON(fragility), "cases": JSON(changes.map(\.json))])
    json.append("diagnosis", JSON(doubts.map(\.json)))
    if !sectors.isEmpty {
      json.append(
        "sectors",
        .object(sectors.sorted { $0.key < $1.key }.map { .init($0.key.text, JSON($0.value)) }))
    }
    json.append(
      "series",
      [
        "time_ns": JSON(record.stamps.map { JSON($0.nanoseconds) }),
        "equity": numbers(record.values), "benchmark": numbers(benchmark),
        "doubled_costs": numbers(doubledCosts), "exposure": numbers(record.exposure ?? []),
        "traded": numbers(record.traded ?? []), "fees": JSON(record.fees),
        "orders": record.orders?.json ?? .null,
        "participation": record.participation?.json ?? .null,
      ])
    return json
  }

  public init(_ json: JSON, file: String) throws(ReportError) {
    let reader = ReportReader(json: json, file: file)
    guard json["format"]?.whole == 1 else {
      throw .notOne(file: file, missing: "format that this program knows")
    }
    strategy = try reader.text("strategy")
    symbols = try reader.texts("symbols").compactMap { Symbol($0) }
    (calendar, currency) = (try reader.text("calendar"), try reader.text("currency"))
    data = try reader.text("data")
    verdict = try Verdict(reader)
    sharpeWarning = json["sharpe_warning"]?.string
    benchmarkSymbol = json["benchmark_symbol"]?.string.flatMap { Symbol($0) }
    warnings = try reader.texts("warnings")
    let written = try reader.text("interval")
    let tradingCalendar: TradingCalendar
    do {
      interval = try BarInterval(parsing: written)
      tradingCalendar = try TradingCalendar(named: calendar)
    } catch {
      throw .notOne(file: file, missing: "calendar and interval that this program knows")
    }
    conditions = try Conditions(reader.part("conditions"))
    trades = []
    for part in json["trades"]?.elements ?? [] {
      trades.append(try Trade(ReportReader(json: part, file: file)))
    }
    refusals = []
    for part in json["refusals"]?.elements ?? [] {
      refusals.append(try Refusal(ReportReader(json: part, file: file)))
    }
    proof = try json["proof"].flatMap { $0 == .null ? JSON?.none : $0 }.map {
      part throws(ReportError) in
      try Proof(ReportReader(json: part, file: file))
    }
    fragility = json["fragility"]?["sentence"]?.string
    for part in json["fragility"]?["cases"]?.elements ?? [] {
      changes.append(try Changed(ReportReader(json: part, file: file)))
    }
    for part in json["diagnosis"]?.elements ?? [] {
      doubts.append(try Doubt(ReportReader(json: part, file: file)))
    }
    for member in json["sectors"]?.members ?? [] {
      if let symbol = Symbol(member.key) { sectors[symbol] = member.value.string }
    }
    let columns = try reader.part("series")
    (benchmark, doubledCosts) = (
      try columns.numbers("benchmark"), try columns.numbers("doubled_costs")
    )
    series = try Self.series(
      columns, trades, Annualisation(interval: interval, calendar: tradingCalendar),
      tradingCalendar.zone)
    deflation = nil
    guard benchmark.count == values.count, doubledCosts.count == values.count else {
      throw .notOne(file: file, missing: "benchmark and doubled_costs as long as equity")
    }
    deflation = json["deflation"].flatMap { Deflation($0, barsPerYear: barsPerYear) }
  }

  private static func series(
    _ columns: ReportReader, _ trades: [Trade], _ annualisation: Annualisation, _ zone: Zone
  ) throws(ReportError) -> RunSeries {
    let stamps = try columns.wholes("time_ns").map { Timestamp(nanoseconds: $0) }
    let values = try columns.numbers("equity")
    let benchmark = try columns.numbers("benchmark")
    guard !stamps.isEmpty, values.count == stamps.count + 1, benchmark.count == values.count else {
      throw .notOne(file: columns.file, missing: "series of one length")
    }
    var history = RunHistory(
      annualisation: annualisation, zone: zone, stamps: stamps, values: values)
    history.benchmark = (1..<benchmark.count).map { benchmark[$0] / benchmark[$0 - 1] - 1 }
    let (exposure, traded) = (try columns.numbers("exposure"), try columns.numbers("traded"))
    history.exposure = exposure.isEmpty ? nil : exposure
    history.traded = traded.isEmpty ? nil : traded
    history.fees = columns.json["fees"]?.double
    history.trades = trades.map { trade in
      TradeRecord(
        symbol: trade.symbol, isShort: trade.quantity < 0, entry: trade.entry, exit: trade.exit,
        stake: trade.stake, profit: trade.profit, fees: trade.fees, isOpen: trade.isOpen,
        adverse: trade.adverse, favourable: trade.favourable)
    }
    history.orders = columns.json["orders"].flatMap { OrderCounts($0) }
    history.participation = columns.json["participation"].flatMap { Participation($0) }
    do { return try RunSeries(history) } catch { throw .evidence(error) }
  }
}

extension Verdict {
  fileprivate init(_ reader: ReportReader) throws(ReportError) {
    // Before it was written in parts, it was one text, which names the benchmark of then.
    guard reader.json["verdict_parts"] != nil else {
      self.init(opening: try reader.text("verdict"), comparison: "", closing: "")
      return
    }
    let parts = try reader.part("verdict_parts")
    self.init(
      opening: try parts.text("opening"), comparison: try parts.text("comparison"),
      closing: try parts.text("closing"))
  }
}

/// Asks a part of a report for what it must have.
struct ReportReader {
  let json: JSON
  let file: String

  func part(_ key: String) throws(ReportError) -> ReportReader {
    guard let part = json[key] else { throw .notOne(file: file, missing: key) }
    return ReportReader(json: part, file: file)
  }

  func text(_ key: String) throws(ReportError) -> String {
    guard let text = json[key]?.string else { throw .notOne(file: file, missing: key) }
    return text
  }

  func texts(_ key: String) throws(ReportError) -> [String] {
    guard let parts = json[key]?.elements else { throw .notOne(file: file, missing: key) }
    return parts.compactMap(\.string)
  }

  func number(_ key: String) throws(ReportError) -> Double {
    guard let number = json[key]?.double else { throw .notOne(file: file, missing: key) }
    return number
  }

  func whole(_ key: String) throws(ReportError) -> Int64 {
    guard let number = json[key]?.whole else { throw .notOne(file: file, missing: key) }
    return number
  }

  func numbers(_ key: String) throws(ReportError) -> [Double] {
    guard let parts = json[key]?.elements else { throw .notOne(file: file, missing: key) }
    let numbers = parts.compactMap(\.double)
    guard numbers.count == parts.count else {
      throw .notOne(file: file, missing: "numbers in \(key)")
    }
    return numbers
  }

  func wholes(_ key: String) throws(ReportError) -> [Int64] {
    guard let parts = json[key]?.elements else { throw .notOne(file: file, missing: key) }
    let numbers = parts.compactMap(\.whole)
    guard numbers.count == parts.count else {
      throw .notOne(file: file, missing: "whole numbers in \(key)")
    }
    return numbers
  }
}

// The parts of a report, each as it is written and read.

extension RunReport.Conditions {
  var json: JSON {
    [
      "initial_cash": JSON(initialCash), "cash_reserve": JSON(cashReserve),
      "half_spread_bps": JSON(halfSpreadBasisPoints),
      "commission_bps": JSON(commissionBasisPoints), "leverage": JSON(leverage),
      "costs": costs.map { JSON($0) } ?? .null, "seed": JSON(String(seed)),
      "resamples": JSON(resamples), "trials": JSON(trials),
    ]
  }

  init(_ reader: ReportReader) throws(ReportError) {
    initialCash = try reader.number("initial_cash")
    cashReserve = try reader.number("cash_reserve")
    halfSpreadBasisPoints = try reader.number("half_spread_bps")
    commissionBasisPoints = try reader.number("commission_bps")
    leverage = reader.json["leverage"]?.double
    costs = reader.json["costs"]?.string
    seed = UInt64(try reader.text("seed")) ?? 0
    resamples = Int(clamping: min(max(try reader.whole("resamples"), 100), 100_000))
    trials = Int(clamping: max(1, try reader.whole("trials")))
  }
}

extension RunReport.Changed {
  var json: JSON {
    [
      "case": JSON(what), "annual_return": JSON(annualReturn), "sharpe": JSON(sharpe),
      "max_drawdown": JSON(maxDrawdown), "end_value": JSON(endValue),
    ]
  }

  init(_ reader: ReportReader) throws(ReportError) {
    what = try reader.text("case")
    annualReturn = try reader.number("annual_return")
    sharpe = reader.json["sharpe"]?.double
    maxDrawdown = try reader.number("max_drawdown")
    endValue = try reader.number("end_value")
  }
}

extension RunReport.Doubt {
  var json: JSON {
    ["finding": JSON(finding), "evidence": JSON(evidence), "remedy": JSON(remedy)]
  }

  init(_ reader: ReportReader) throws(ReportError) {
    finding = try reader.text("finding")
    evidence = try reader.text("evidence")
    remedy = try reader.text("remedy")
  }
}

extension RunReport.Trade {
  var json: JSON {
    [
      "symbol": JSON(symbol.text), "entry_ns": JSON(entry.nanoseconds),
      "exit_ns": JSON(exit.nanoseconds), "bars": JSON(bars), "quantity": JSON(quantity),
      "entry_price": JSON(entryPrice), "exit_price": JSON(exitPrice), "fees": JSON(fees),
      "profit": JSON(profit), "is_open": JSON(isOpen), "adverse": JSON(adverse),
      "favourable": JSON(favourable),
    ]
  }

  init(_ reader: ReportReader) throws(ReportError) {
    guard let symbol = Symbol(try reader.text("symbol")) else {
      throw .notOne(file: reader.file, missing: "symbol of a trade")
    }
    self.symbol = symbol
    entry = Timestamp(nanoseconds: try reader.whole("entry_ns"))
    exit = Timestamp(nanoseconds: try reader.whole("exit_ns"))
    bars = Int(try reader.whole("bars"))
    quantity = try reader.number("quantity")
    (entryPrice, exitPrice) = (try reader.number("entry_price"), try reader.number("exit_price"))
    (fees, profit) = (try reader.number("fees"), try reader.number("profit"))
    isOpen = reader.json["is_open"] == .bool(true)
    adverse = reader.json["adverse"]?.double
    favourable = reader.json["favourable"]?.double
  }
}

extension RunReport.Refusal {
  var json: JSON {
    [
      "reason": JSON(reason), "count": JSON(count), "first_ns": JSON(first.nanoseconds),
      "last_ns": JSON(last.nanoseconds),
    ]
  }

  init(_ reader: ReportReader) throws(ReportError) {
    reason = try reader.text("reason")
    count = Int(try reader.whole("count"))
    first = Timestamp(nanoseconds: try reader.whole("first_ns"))
    last = Timestamp(nanoseconds: try reader.whole("last_ns"))
  }
}

extension RunReport.Proof {
  var json: JSON { ["sentence": JSON(sentence), "clean": JSON(isClean), "seal": JSON(seal)] }

  init(_ reader: ReportReader) throws(ReportError) {
    self.init(
      sentence: try reader.text("sentence"), isClean: reader.json["clean"] == .bool(true),
      seal: reader.json["seal"]?.string)
  }
}

extension OrderCounts {
  private static var keys: [(String, WritableKeyPath<OrderCounts, Int>)] {
    [
      ("orders", \.orders), ("rejected_signals", \.rejectedSignals),
      ("entry_timeouts", \.entryTimeouts), ("exit_timeouts", \.exitTimeouts),
      ("cancelled_entries", \.cancelledEntries), ("cancelled_entry_orders", \.cancelledEntryOrders),
      ("replaced_entry_orders", \.replacedEntryOrders),
    ]
  }

  fileprivate var json: JSON {
    .object(Self.keys.map { .init($0.0, JSON(self[keyPath: $0.1])) } + [.init("hash", JSON(hash))])
  }

  fileprivate init?(_ json: JSON) {
    self.init()
    for (key, path) in Self.keys {
      guard let count = json[key]?.whole else { return nil }
      self[keyPath: path] = Int(clamping: count)
    }
    hash = json["hash"]?.string
  }
}

extension Participation {
  fileprivate var json: JSON { ["symbol": JSON(symbol.text), "share": JSON(share)] }

  fileprivate init?(_ json: JSON) {
    guard let symbol = json["symbol"]?.string.flatMap({ Symbol($0) }),
      let share = json["share"]?.double
    else { return nil }
    self.init(symbol: symbol, share: share)
  }
}
