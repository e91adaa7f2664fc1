import Evidence
import Market
import Runtime

/// A sweep as people and programs read it.
public struct SweepReport: Sendable {
  public let result: SweepResult
  public let symbols: [Symbol]
  public let first, last: CivilDate
  /// Its line in the ledger of trials, whose settings are `12.0`, `12.1` and so on.
  public let luck: TrialLuck

  public init(
    _ result: SweepResult, symbols: [Symbol], first: CivilDate, last: CivilDate, luck: TrialLuck
  ) {
    self.result = result
    self.symbols = symbols
    self.first = first
    self.last = last
    self.luck = luck
  }

  private var year: Double { result.annualisation.barsPerYear }
  private var best: SweepOutcome { result.outcomes[result.best] }

  public func id(_ setting: Int) -> String { "\(luck.number).\(setting)" }

  private func json(_ setting: Int) -> JSON {
    var json: JSON = [
      "trial": JSON(id(setting)), "parameters": result.parameters(setting),
    ]
    for member in result.outcomes[setting].json.members ?? [] {
      json.append(member.key, member.value)
    }
    return json
  }

  /// Every setting and what came of it, in the order of the grid.
  public var settingsJSON: JSON { JSON(result.outcomes.indices.map(json)) }

  /// The figures in plain ratios.
  public func json(files: KeyValuePairs<String, String>) -> JSON {
    let held = result.benchmark
    var json: JSON = [
      "strategy": JSON(result.grid.strategy), "symbols": JSON(symbols.map { JSON($0.text) }),
      "start": JSON(first.description), "end": JSON(last.description), "bars": JSON(result.bars),
      "settings": JSON(result.outcomes.count), "contradictions": JSON(result.grid.contradictions),
      "vectorised": JSON(result.outcomes.count { $0.isVectorised }),
      "independent": JSON(result.effective), "trial": JSON(luck.number),
      "best": self.json(result.best),
      "buy_and_hold": [
        "return": JSON(held.totalReturn), "sharpe": JSON(held.sharpe),
        "max_drawdown": JSON(held.maxDrawdown),
      ],
      "overfitting": overfitting, "deflation": luck.deflation?.json(barsPerYear: year) ?? .null,
      "more_than_luck": luck.isMoreThanLuck.map { .bool($0) } ?? .null, "verdict": JSON(verdict),
    ]
    for (key, path) in files { json.append(key, JSON(path)) }
    return json
  }

  private var overfitting: JSON {
    guard let found = result.overfitting else { return .null }
    return [
      "probability": JSON(found.probability), "uncertainty": JSON(found.uncertainty),
      "loss_probability": JSON(found.lossProbability), "degradation": JSON(found.degradation),
      "blocks": JSON(found.blocks), "splits": JSON(found.splits),
    ]
  }

  /// In plain words: the best, what luck alone would have found, and one conclusion from that and from
  /// whether choosing it means anything.
  public var verdict: String {
    guard let sharpe = best.sharpe, let deflation = luck.deflation else {
      return "No setting made a trade, so there is nothing to judge."
    }
    return "Of \(NumberText.count(result.outcomes.count)) settings, which amount to "
      + "\(NumberText.fixed(result.effective, decimals: 1)) independent ones, \(result.words(result.best)) "
      + "has the best Sharpe ratio, \(NumberText.ratio(sharpe)) a year; buying and holding has "
      + "\(NumberText.ratio(result.benchmark.sharpe ?? .nan)). \(conclusion(deflation)) "
      + deflation.sentence(barsPerYear: year)
  }

  private func conclusion(_ deflation: Deflation) -> String {
    let choice = luck.overfitting.map { TrialLuck.words(overfitting: $0) }
    guard deflation.isSignificant else {
      return "That cannot be told from luck" + (choice.map { ", and \($0)." } ?? ".")
    }
    guard luck.isOverfit, let choice else {
      return "That is more than luck explains" + (choice.map { "; \($0)." } ?? ".")
    }
    return
      "Do not choose by this: \(choice), which is worse than choosing blindly. The settings as a "
      + "whole earned more than luck explains; that this one is better than the others is not shown."
  }

  /// The map in letters, and the best settings.
  public func text(for traits: TerminalTraits) -> String {
    let room = max(4, (traits.width - 16) / 2)
    let map = SweepMap(result, most: (rows: 16, columns: min(room, 36)))
    return map.text(isUTF8: traits.isUTF8) + "\n\n" + table.text(for: traits)
  }

  private var ranked: [Int] {
    let ratios = result.outcomes.map { $0.sharpe ?? -.infinity }
    return result.outcomes.indices.sorted { (ratios[$1], $0) < (ratios[$0], $1) }
  }

  private var table: Table {
    var table = Table([
      .words("trial", importance: 3), .words("setting", importance: 3, mayBeCut: true),
      .numbers("Sharpe", importance: 3), .numbers("return %", importance: 2),
      .numbers("max drawdown %", importance: 2), .numbers("trades", importance: 1),
    ])
    for setting in ranked.prefix(5) {
      table.add(cells(setting).map { Table.Cell($0) })
    }
    return table
  }

  private func cells(_ setting: Int) -> [String] {
    let outcome = result.outcomes[setting]
    return [
      id(setting), result.words(setting), NumberText.ratio(outcome.sharpe ?? .nan),
      NumberText.percent(outcome.totalReturn, withSign: false),
      NumberText.percent(outcome.maxDrawdown, withSign: false), NumberText.count(outcome.trades),
    ]
  }

  public var page: Page {
    let names = symbols.map(\.text).joined(separator: ", ")
    return Page(
      title: "Sweep of \(result.grid.strategy) on \(names)",
      blocks: [
        .facts(facts), .verdict(verdict), .figures(figures),
        .heat(SweepMap(result, most: (rows: 46, columns: 24)).chart),
        .table(
          Page.Table(
            caption: "The best settings; run one again with martinet backtest --trial",
            columns: [
              .words("trial"), .words("setting"), .numbers("Sharpe"), .numbers("return %"),
              .numbers("max drawdown %"), .numbers("trades"),
            ], rows: ranked.prefix(20).map(cells))), .heading("How this was made"), .text(method),
      ])
  }

  private var facts: [Page.Fact] {
    [
      .init("Dates", "\(first) to \(last), \(NumberText.count(result.bars))\u{A0}bars"),
      .init("Settings", NumberText.count(result.outcomes.count)),
      .init(
        "Grid",
        result.grid.axes.map { "\($0.key) \($0.values.count) values" }.joined(separator: ", ")),
      .init(
        "Left out", "\(NumberText.count(result.grid.contradictions)) that contradict themselves"),
      .init("Trial", "no. \(luck.number) of the ledger"), .init("Seed", "\(result.grid.seed)"),
    ]
  }

  private var figures: [Page.Figure] {
    [
      .init(
        "Best Sharpe ratio", NumberText.ratio(best.sharpe ?? .nan), note: result.words(result.best),
        warning: luck.warning,
        missing: best.sharpe == nil ? "no setting made a trade" : nil),
      .init(
        "Chance that the true ratio is above luck",
        luck.deflation.map { Deflation.words($0.chance) } ?? "",
        note: "the deflated Sharpe ratio, after all trials on these bars",
        missing: luck.deflation == nil ? "nothing to judge" : nil),
      .init(
        "Probability of overfitting",
        result.overfitting.map { NumberText.percent($0.probability) } ?? "",
        note: "how often the best of one half was no better than the median in the other",
        warning: luck.isOverfit ? "worse than choosing blindly" : nil,
        missing: result.overfitting == nil ? "one setting, or too few bars" : nil),
      .init(
        "Independent settings", NumberText.fixed(result.effective, decimals: 1),
        note: "as many unrelated ones would reach as far by luck"),
      .init(
        "Buy and hold Sharpe", NumberText.ratio(result.benchmark.sharpe ?? .nan),
        note: "over the same bars"),
    ]
  }

  private var method: String {
    let engine = result.outcomes.count { !$0.isVectorised }
    return
      "Orders were decided at a close and filled at the next open, in whole shares, with all costs, in "
      + "exact money. \(NumberText.count(result.outcomes.count - engine)) settings were run without "
      + "events, by the matching that the engine uses and to the same cent; "
      + "\(NumberText.count(engine)) by the engine itself. Figures of a year assume "
      + "\(result.annualisation.statement). Every setting is a trial, and all of them are in the ledger."
  }
}
