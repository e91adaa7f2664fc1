import Evidence
import Market
import Numerics
import Runtime
import Trading

/// Figures of a back-test on the terminal, and its page on the disk.
enum Report {
  /// Writes the page, what it says as JSON, and the daily returns and trades as CSV beside it; makes the
  /// folder they lie in.
  ///
  /// - Parameter blocks: what stands on the page after the verdict, and nowhere else
  static func write(_ sheet: TearSheet, with blocks: [Page.Block] = [], to path: String) throws {
    try UserFolder.makeFolder(ofFile: path)
    var page = sheet.page
    page.blocks.insert(contentsOf: blocks, at: 2)
    try AtomicFile.write(page.html(), to: path)
    try AtomicFile.write(sheet.report.json.text() + "\n", to: place(path, ".json"))
    try AtomicFile.write(ReturnSheet.csv(of: sheet.report), to: place(path, "-returns.csv"))
    try TradeSheet(sheet.report).write(to: place(path, "-trades.csv"))
  }

  /// A file beside the page: `out/report.json` of `out/report.html`.
  static func place(_ path: String, _ ending: String) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = path.dropFirst(folder.count)
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    return folder + stem + ending
  }

  static func figures(_ evidence: Appraisal) -> Table {
    let own = evidence.performance
    let held = evidence.benchmarkPerformance
    let result = evidence.result
    var table = Table([
      .words("figure"), .numbers(result.strategy, importance: 3),
      .numbers(evidence.benchmark.symbol.map { "\($0), held" } ?? "buy and hold", importance: 2),
      .numbers("costs doubled", importance: 1),
    ])
    func row(_ name: String, _ figure: (Performance) -> String) {
      table.add([
        .init(name), .init(figure(own)), .init(figure(held)), .init(figure(evidence.doubledCosts)),
      ])
    }
    func percent(_ value: Double?) -> String {
      NumberText.percent(value ?? .nan, withSign: false)
    }
    row("return %") { percent($0.totalReturn) }
    row("return a year %") { percent($0.annualReturn) }
    row("volatility a year %") { percent($0.annualVolatility) }
    row("Sharpe ratio") { NumberText.ratio($0.sharpe ?? .nan) }
    row("max drawdown %") { percent($0.maxDrawdown) }
    func single(_ name: String, _ text: String) { table.add([.init(name), .init(text), "", ""]) }
    single("invested %", percent(evidence.exposure))
    single("trades", NumberText.count(result.trades.count))
    single("winning trades %", percent(evidence.winRate))
    single("fees \(result.settings.currency)", NumberText.fixed(Double(result.fees), decimals: 2))
    return table
  }

  /// Title, figures and verdict of a run; between them the choices of a walk-forward, where there were some.
  static func show(
    _ evidence: Appraisal, on console: Console, titled suffix: String = "",
    choices: (table: Table, sentence: String)? = nil
  ) {
    let traits = console.traits
    console.print(title(evidence) + suffix + "\n")
    if let choices { console.print(choices.table.text(for: traits) + "\n") }
    console.print(figures(evidence).text(for: traits) + "\n")
    if let choices { console.print(traits.wrapped(choices.sentence) + "\n") }
    console.print(traits.wrapped(evidence.verdict.text) + "\n")
  }

  static func title(_ evidence: Appraisal) -> String {
    let result = evidence.result
    let symbols = result.symbols.map(\.text).joined(separator: ", ")
    return "\(result.strategy) on \(symbols), \(result.start.utcDate) to \(result.end.utcDate), "
      + "\(NumberText.count(result.bars)) bars"
  }
}

extension Report {
  /// Runs side by side, the figures that people ask for first.
  static func table(of runs: [RunReport]) -> Table {
    var table = Table(
      [.words("figure", mayBeCut: true)]
        + runs.enumerated().map { .numbers($1.strategy, importance: runs.count - $0) })
    for figure in Comparison.figures(of: runs) {
      table.add([.init(figure.name)] + figure.values.map { .init($0) })
    }
    return table
  }
}
