import Features
import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Audit of ready-made tables") struct TableAuditTests {
  @Test("every planted column is flagged with its cause, and no other", arguments: [300, 1500])
  func planted(rows: Int) throws {
    var table = MadeUpTable(rows: rows, seed: 11)
    for leak in MadeUpTable.leaks { table.add(leak.name, leak.values(table)) }
    for (name, values) in table.causal { table.add(name, values) }
    let findings = try table.audit().findings
    let found = Dictionary(uniqueKeysWithValues: findings.map { ($0.column, $0.cause) })
    for leak in MadeUpTable.leaks {
      #expect(
        found[leak.name] == leak.cause, "\(leak.name): \(String(describing: found[leak.name]))")
    }
    let others = findings.filter { finding in
      !MadeUpTable.leaks.contains { $0.name == finding.column }
    }
    #expect(others.isEmpty, "\(others.map { "\($0.column): \($0.explanation)" })")
  }

  @Test(
    "no causal column of many made-up markets is flagged",
    arguments: 1...(FuzzBudget.isNightly ? 60 : 6) as ClosedRange<UInt64>)
  func causal(seed: UInt64) throws {
    var table = MadeUpTable(rows: [250, 600, 2000][Int(seed % 3)], seed: seed)
    for (name, values) in table.causal { table.add(name, values) }
    let audit = try table.audit()
    #expect(audit.columns.count > 50)
    #expect(audit.isClean, "\(audit.findings.map { "\($0.column): \($0.explanation)" })")
  }

  @Test("no shipped feature is flagged on real bars", arguments: ["NVDA", "MSFT", "SPY"])
  func shipped(symbol: String) throws {
    let folder = try DataFolder(path: Package.path("Samples/daily"))
    let symbol = try Symbol(parsing: symbol)
    let frame = try folder.load(symbol).slice(1000..<3000)
    let columns = try FeaturePlan(Catalogue.all.map(\.expression)).columns(over: [BarColumns(frame)]
    )[0]
    let table = NumberTable(
      names: ["close"] + Catalogue.all.map { "feature " + $0.about.name },
      columns: [try frame.numbers("close")] + columns)
    let audit = try TableAudit(ForeignTable(numbers: table), price: "close", file: "made")
    #expect(audit.isClean, "\(audit.findings.map { "\($0.column): \($0.explanation)" })")
  }

  @Test("newest rows first is no leak, and rows are told as they stand in the file")
  func descending() throws {
    var table = MadeUpTable(rows: 400, seed: 3)
    for (name, values) in table.causal { table.add(name, values) }
    table.add("tomorrow", table.shifted(1))
    table.isDescending = true
    let findings = try table.audit().findings
    #expect(findings.map(\.column) == ["tomorrow"])
    #expect(findings.first?.row == 399)
  }

  @Test("symbols that share a file are looked at one by one")
  func severalSymbols() throws {
    let tables = [MadeUpTable(rows: 300, seed: 1), MadeUpTable(rows: 300, seed: 2)]
    let dates = tables[0].dates
    let numbers = NumberTable(
      names: ["price", "honest", "tomorrow"],
      columns: [
        Column(tables.flatMap(\.price)), Column(tables.flatMap { $0.shifted(-1) }),
        Column(tables.flatMap { $0.shifted(1) }),
      ])
    let words = [
      (name: "date", values: dates + dates),
      (
        name: "symbol",
        values: Array(repeating: "A", count: 300) + Array(repeating: "B", count: 300)
      ),
    ]
    let audit = try TableAudit(
      ForeignTable(numbers: numbers, words: words), price: "price", file: "made")
    #expect(audit.findings.map(\.column) == ["tomorrow"])
  }

  @Test("a price that is not there, words for prices and too few rows are refused with a remedy")
  func refusals() throws {
    var table = MadeUpTable(rows: 60, seed: 1)
    table.add("other", table.shifted(-1))
    let short = #expect(throws: TableAuditError.self) { try table.audit() }
    #expect(short == .tooFew(file: "made", "price", needed: 100))
    let misspelt = #expect(throws: TableAuditError.self) { try table.audit(price: "prize") }
    #expect(misspelt?.diagnosis.remedy == "did you mean --price price?")
    let words = #expect(throws: TableAuditError.self) { try table.audit(price: "date") }
    #expect(words?.diagnosis.finding.contains("holds words") == true)
  }

  @Test(
    "SAMBA's momentum, averages and reversed block are flagged, each with its cause",
    .enabled(if: SharedData.has("samba"), "needs ../shared/data/samba"), arguments: ["DJI", "IXIC"])
  func samba(index: String) throws {
    let path = SharedData.path("samba/combined_dataframe_\(index).csv.gz")
    let findings = try TableAudit(ForeignTable(path: path), price: "Price", file: path).findings
    func columns(_ cause: TableFinding.Cause) -> Set<String> {
      Set(findings.filter { $0.cause == cause }.map(\.column))
    }
    #expect(
      columns(.futurePrices)
        == ["mom", "mom1", "mom2", "mom3", "ROC_5", "ROC_10", "ROC_15", "ROC_20"])
    #expect(columns(.backwardAverage) == ["EMA_10", "EMA_20", "EMA_50", "EMA_200"])
    #expect(columns(.reversedRows).isSuperset(of: ["S&P-F", "GSPC", "NASDAQ-F", "DGS10", "DE6"]))
    #expect(columns(.reversedRows).count == 67)
    #expect(findings.count == 79)
  }

  @Test(
    "MambaStock's fields of the day are flagged, and its prices are not",
    .enabled(if: SharedData.has("mambastock"), "needs ../shared/data/mambastock"),
    arguments: ["600036", "601988"])
  func mambastock(bank: String) throws {
    let path = SharedData.path("mambastock/\(bank).SH.csv.gz")
    let findings = try TableAudit(ForeignTable(path: path), price: "close", file: path).findings
    #expect(findings.map(\.column) == ["change", "pct_chg", "total_mv", "circ_mv"])
    #expect(findings.allSatisfy { $0.cause == .sameDay })
  }

  @Test(
    "nothing of CNNpred's causal columns is flagged",
    .enabled(if: SharedData.has("cnnpred"), "needs ../shared/data/cnnpred"),
    arguments: ["DJI", "NASDAQ", "SP"])
  func cnnpred(index: String) throws {
    let path = SharedData.path("cnnpred/Processed_\(index).csv.gz")
    let audit = try TableAudit(ForeignTable(path: path), price: "Close", file: path)
    #expect(audit.columns.count == 81)
    #expect(audit.isClean, "\(audit.findings.map(\.explanation))")
  }
}
