import Evidence
import Features
import Market
import Numerics
import Runtime

/// Why a back-test has no result.
public enum BacktestError: DiagnosedError, Equatable {
  case setting(String, String, expected: String)
  /// Settings that do not go together, told at one of them.
  case contradiction(String, finding: String, remedy: String)
  case unknownParameter(String, of: String, known: [String])
  case unknownStrategy(String)
  /// A frozen strategy was asked for a day that had a part in choosing it.
  case seenBefore(asked: CivilDate, trainedUntil: CivilDate)
  case noFrames
  /// One account's symbols have bars of one length.
  case mixedIntervals(Symbol, BarInterval, expected: BarInterval)
  case twice(Symbol)
  /// No bar on the days asked for; the days there are, where there are any.
  case noBars(Symbol, asked: TimeRange, first: CivilDate?, last: CivilDate?)
  /// Why no order was filled, where that is known.
  case noTrades(
    strategy: String, first: CivilDate, last: CivilDate, bars: Int, warmUp: Int, why: String?)
  /// Nothing was traded because nothing was let out.
  case allDenied(strategy: String, count: Int, first: Denial)
  case badBar(Symbol, CivilDate, finding: String)
  case features(FeatureError)
  case calendar(CalendarError)
  case instrument(InstrumentError)
  case engine(EngineError)
  case ledger(LedgerError)
  case evidence(EvidenceError)
  case rules(RuleError)
  case strategy(StrategyFailure)
  /// A trained model that cannot be read or run.
  case model(Diagnosis)
  case amount(FixedPointError)
  case limits(RiskLimitsError)
  case sizing(SizingError)

  public var diagnosis: Diagnosis {
    switch self {
    case .setting(let key, let found, let expected):
      Diagnosis(
        place: key, finding: "\(found) is not \(expected)", remedy: "give \(expected)",
        exitCode: .wrongUsage)
    case .contradiction(let key, let finding, let remedy):
      Diagnosis(place: key, finding: finding, remedy: remedy, exitCode: .wrongUsage)
    case .unknownParameter(let key, let strategy, let known):
      .unknownParameter(key, of: strategy, known: known)
    case .seenBefore(let asked, let trainedUntil):
      Diagnosis(
        place: "timerange \(asked)",
        finding: "the strategy was chosen on days until \(trainedUntil): what it earns until then "
          + "says nothing",
        remedy: "ask for later days: --timerange "
          + "\(trainedUntil.advanced(by: 1).compactDescription)-", exitCode: .refused)
    case .unknownStrategy(let id):
      Diagnosis(
        place: Excerpt.quoted(id, longest: 40), finding: "there is no strategy of this name",
        remedy: (Words.nearest(to: id, among: StrategyCatalogue.all.map { $0.id })
          .map { "did you mean \($0)? " } ?? "")
          + "there are: " + StrategyCatalogue.all.map { $0.id }.joined(separator: ", "),
        exitCode: .wrongUsage)
    case .mixedIntervals(let symbol, let interval, let expected):
      Diagnosis(
        place: symbol.text, finding: "has bars of \(interval), the first symbol of \(expected)",
        remedy: "choose one interval for all symbols: --interval \(expected)", exitCode: .wrongUsage
      )
    case .noFrames:
      Diagnosis(
        place: "symbols", finding: "no symbol to trade", remedy: "name one: --symbols NVDA",
        exitCode: .wrongUsage)
    case .twice(let symbol):
      Diagnosis(
        place: "symbols", finding: "\(symbol) is given twice", remedy: "name it once",
        exitCode: .wrongUsage)
    case .noBars(let symbol, let asked, let first, let last):
      Self.noBars(symbol, asked, first, last)
    case .noTrades(let strategy, let first, let last, let bars, let warmUp, let why):
      Diagnosis(
        place: "\(first) to \(last)",
        finding: "\(strategy) made no trade in \(bars) bars"
          + (bars <= warmUp
            ? "; it needs \(warmUp) before it can decide" : why.map { "; \($0)" } ?? ""),
        remedy: bars <= warmUp
          ? "give more bars: --timerange with an earlier start"
          : why == nil
            ? "choose other days or settings"
            : "give it more money, or look at its orders: --record FOLDER, then martinet journal show"
      )
    case .allDenied(let strategy, let count, let first):
      Diagnosis(
        place: strategy,
        finding: "every order was held back (\(count)), the first because \(first.finding)",
        remedy: first.remedy, exitCode: .refused)
    case .badBar(let symbol, let date, let finding):
      Diagnosis(
        place: "\(symbol) \(date)", finding: finding,
        remedy: "check the data: a traded bar has prices above zero with low ≤ open, close ≤ high")
    case .features(let error): error.diagnosis
    case .calendar(let error): error.diagnosis
    case .instrument(let error): error.diagnosis
    case .engine(let error): error.diagnosis
    case .ledger(let error): error.diagnosis
    case .evidence(let error): error.diagnosis
    case .rules(let error): error.diagnosis
    case .strategy(let error): error.diagnosis
    case .model(let diagnosis): diagnosis
    case .amount(let error): error.diagnosis
    case .limits(let error): error.diagnosis
    case .sizing(let error): error.diagnosis
    }
  }

  private static func noBars(
    _ symbol: Symbol, _ asked: TimeRange, _ first: CivilDate?, _ last: CivilDate?
  ) -> Diagnosis {
    guard let first, let last else {
      return Diagnosis(
        place: symbol.text, finding: "there are no bars at all",
        remedy: "fetch or import bars for \(symbol) first")
    }
    return Diagnosis(
      place: symbol.text, finding: "no bars in \(asked); there are bars from \(first) to \(last)",
      remedy: "ask for days within these: --timerange "
        + "\(first.compactDescription)-\(last.compactDescription)")
  }
}

extension Diagnosis {
  /// - Parameter owner: a strategy, or a file of rules
  static func unknownParameter(_ key: String, of owner: String, known: [String]) -> Diagnosis {
    let suggestion = Words.suggestion(for: key, among: known).map { $0 + " " } ?? ""
    return Diagnosis(
      place: Excerpt.quoted(key, longest: 40), finding: "\(owner) has no such parameter",
      remedy: suggestion
        + (known.isEmpty ? "it has none" : "it has: " + known.joined(separator: ", ")),
      exitCode: .wrongUsage)
  }
}
