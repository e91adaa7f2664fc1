import Evidence
import Market
import Numerics
import Runtime

/// What an account on paper has done so far, day by day beside what it is compared with, what was odd, and
/// after the trial whether it should go on with money.
public struct PaperReport: Sendable {
  public struct Day: Sendable {
    public let date: CivilDate
    public let equity: Cash
    /// What the same capital would be, held in equal parts of every instrument.
    public let equalWeight: Cash
    public let fills: Int
    public let denials: Int
  }

  public struct Anomaly: Hashable, Sendable {
    public let date: CivilDate?
    public let finding: String
  }

  /// One of the conditions for going on with money.
  public struct Criterion: Sendable {
    public let name: String
    public let found: Double?
    public let needed: String
    public let isMet: Bool
    /// What was found as a person reads it.
    public let foundText: String

    init(_ name: String, _ found: Double?, needed: String, isMet: Bool, _ foundText: String?) {
      self.name = name
      self.found = found
      self.needed = needed
      self.isMet = isMet
      self.foundText = foundText ?? "none"
    }
  }

  /// How old the last price of an instrument is.
  public struct Age: Sendable {
    public let symbol: Symbol
    public let lastBar: Timestamp?
    /// Bars of others have come since, for longer than limits allow: nothing is entered in it.
    public let isStale: Bool
  }

  public let strategy: String
  public let initialCash: Cash
  public let days: [Day]
  public let fills: [Fill]
  public let symbols: [Symbol]
  public let positions: [Quantity]
  public let cash: Cash
  public let openOrders: Int
  public let isHalted: Bool
  /// No bar of any instrument comes: nothing is entered until one does.
  public let isFeedSilent: Bool
  public let ages: [Age]
  public let anomalies: [Anomaly]
  public let trialSessions: Int
  public let lastTime: Timestamp?
  /// Empty until the trial is over.
  public private(set) var criteria: [Criterion] = []

  /// Reads an account, while it is traded or not.
  public init(_ folder: PaperFolder) throws(PaperError) {
    let own: AnyStrategy
    do { own = try folder.recipe.strategy() } catch { throw .backtest(error) }
    let trader = try PaperTrader(folder, own, isReading: true)
    let engine = trader.engine
    let account = engine.desk.account
    let zone: Zone
    do { zone = try folder.settings.tradingCalendar().zone } catch { throw .backtest(error) }
    (strategy, initialCash, symbols) = (own.name, folder.settings.initialCash, folder.symbols)
    (fills, trialSessions) = (engine.record.fills, folder.trialSessions)
    positions = symbols.indices.map { account.position(InstrumentID($0)) }
    (cash, openOrders) = (account.cash(), account.orders.open.count)
    (isHalted, lastTime) = (engine.gate.isHalted, trader.lastTime)
    isFeedSilent = trader.isFeedSilent
    let held = try Self.equalWeight(folder)
    days = Self.days(engine.record, held, account, zone)
    let limit = folder.settings.limits.data.oldest
    let isSilent = isFeedSilent
    ages = symbols.enumerated().map { place, symbol in
      let at = account.mark(InstrumentID(place)) == nil ? nil : account.markedAt[place]
      let isStale =
        zip2(at, trader.lastTime).map { at, now in
          isSilent || limit.map { .nanoseconds(now.nanoseconds - at.nanoseconds) > $0 } ?? false
        } ?? true
      return Age(symbol: symbol, lastBar: at, isStale: isStale)
    }
    anomalies = Self.anomalies(engine.record, days, trader.unsound, zone)
    if days.count >= trialSessions { criteria = judged() }
  }

  /// Every criterion is met; `nil` while the trial is under way.
  public var isGo: Bool? { criteria.isEmpty ? nil : criteria.allSatisfy(\.isMet) }

  /// Whether it may go on with money, and by what.
  public var verdict: String {
    guard let isGo else {
      return "the trial is under way: \(days.count) of \(trialSessions) sessions"
    }
    let words = criteria.map { criterion in
      "\(criterion.name) \(criterion.foundText), needed \(criterion.needed)"
        + (criterion.isMet ? "" : ": not met")
    }
    return (isGo ? "go: it may trade money; " : "no-go: it may not trade money; ")
      + words.joined(separator: "; ")
  }

  // MARK: Parts

  /// What buying and holding, limited by nothing, is worth at each instant of the market that was seen.
  private static func equalWeight(_ folder: PaperFolder) throws(PaperError) -> RunRecord {
    var settings = folder.settings
    settings.limits = .research
    do throws(BacktestError) {
      var table = InstrumentTable(base: try settings.baseCurrency())
      for symbol in folder.symbols { _ = table.add(try settings.instrument(symbol)) }
      var feed = QueueFeed()
      do throws(JournalError) {
        _ = try JournalReader(FolderDisk(reading: folder.market)).read {
          stored throws(JournalError) in feed.append(try stored.decodedEvent())
        }
      } catch {
        throw BacktestError.engine(.journal(error))
      }
      var engine = try settings.engine(
        BuyAndHold(), feed, try settings.venue(table), table, folder.histories, NoJournal(),
        at: folder.startedAt)
      do throws(EngineError) {
        try engine.start(settings.header("", table, at: folder.startedAt))
        try engine.run()
      } catch {
        throw BacktestError.engine(error)
      }
      return engine.record
    } catch {
      throw .backtest(error)
    }
  }

  private static func days(
    _ record: RunRecord, _ held: RunRecord, _ account: Account, _ zone: Zone
  ) -> [Day] {
    let denied = record.denials.compactMap { account.orders[$0.order]?.order.createdAt }
    func counts(_ times: some Sequence<Timestamp>) -> [CivilDate: Int] {
      times.reduce(into: [:]) { $0[zone.date(at: $1), default: 0] += 1 }
    }
    let (fills, denials) = (counts(record.fills.map(\.time)), counts(denied))
    func closes(_ points: [EquityPoint]) -> [CivilDate: Cash] {
      points.reduce(into: [:]) { $0[zone.date(at: $1.time)] = $1.equity }
    }
    let (own, others) = (closes(record.equity), closes(held.equity))
    return own.keys.sorted().map { date in
      Day(
        date: date, equity: own[date] ?? .zero, equalWeight: others[date] ?? .zero,
        fills: fills[date] ?? 0, denials: denials[date] ?? 0)
    }
  }

  private static func anomalies(
    _ record: RunRecord, _ days: [Day], _ unsound: Int, _ zone: Zone
  ) -> [Anomaly] {
    var found = record.breakers.map {
      Anomaly(
        date: zone.date(at: $0.at), finding: "the limit \($0.name) tripped: \($0.denial.finding)")
    }
    if unsound > 0 {
      found.append(Anomaly(date: nil, finding: "\(unsound) bars had no possible prices"))
    }
    if record.repeated > 0 {
      found.append(Anomaly(date: nil, finding: "\(record.repeated) executions came twice"))
    }
    if record.unknownOrders > 0 {
      found.append(
        Anomaly(date: nil, finding: "\(record.unknownOrders) reports were of unknown orders"))
    }
    // A day far outside what the days before it were.
    var moments = (count: 0.0, mean: 0.0, squares: 0.0)
    for (before, day) in zip(days, days.dropFirst()) {
      let change = Double(day.equity) / Double(before.equity) - 1
      let deviation = (moments.squares / max(1, moments.count - 1)).squareRoot()
      if moments.count >= 10, deviation > 0, abs(change - moments.mean) > 4 * deviation {
        found.append(
          Anomaly(
            date: day.date,
            finding: "it changed by \(NumberText.percent(change)), more than four deviations"))
      }
      moments.count += 1
      let off = change - moments.mean
      moments.mean += off / moments.count
      moments.squares += off * (change - moments.mean)
    }
    return found
  }

  /// The conditions under which paper becomes money.
  private func judged() -> [Criterion] {
    let values = [Double(initialCash)] + days.map { Double($0.equity) }
    guard values.count > 2, let last = days.last else { return [] }
    let performance = Performance(values: values, barsPerYear: 252)
    let held = Double(last.equalWeight) / Double(initialCash) - 1
    let own = performance.totalReturn
    let sharpe = performance.sharpe
    let drawdown = -performance.maxDrawdown
    return [
      Criterion(
        "return", own, needed: "above \(NumberText.percent(held)), which is equal weight",
        isMet: own > held, NumberText.percent(own)),
      Criterion(
        "Sharpe ratio a year", sharpe, needed: "above 0.8", isMet: sharpe.map { $0 > 0.8 } ?? false,
        sharpe.map { NumberText.ratio($0) }),
      Criterion(
        "drawdown", drawdown, needed: "below 15%", isMet: drawdown < 0.15,
        NumberText.percent(drawdown)),
      Criterion(
        "anomalies", Double(anomalies.count), needed: "none", isMet: anomalies.isEmpty,
        NumberText.count(anomalies.count)),
    ]
  }
}

private func zip2<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
  if let a, let b { (a, b) } else { nil }
}
