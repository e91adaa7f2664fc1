import Market
import MarketData
import Runtime

/// Says what becomes of each file while an import goes on.
final class ImportReport {
  private let console: Console
  private let wantsJSON: Bool
  private let plan: ImportPlan
  private let meter: ProgressMeter
  private var table = Table([
    .words("file", importance: 1, mayBeCut: true), .words("symbol"), .words("bars"),
    .numbers("rows"), .words("first", importance: 3), .words("last", importance: 3),
    .words("status"),
  ])
  private var outcomes: [ImportOutcome] = []

  init(_ invocation: Invocation, plan: ImportPlan) {
    console = invocation.console
    wantsJSON = invocation.wantsJSON
    self.plan = plan
    meter = ProgressMeter(
      "import", total: plan.items.count, on: invocation.console,
      isQuiet: invocation.wantsJSON || invocation.isQuiet)
  }

  func add(_ outcome: ImportOutcome) {
    meter.advance()
    // One line a file, as soon as it is done, whatever the terminal.
    if wantsJSON { console.output.write(outcome.json.text() + "\n") }
    outcomes.append(outcome)
  }

  func finish(store: StoreAddress) {
    meter.finish()
    guard !wantsJSON else { return }
    for outcome in outcomes { table.add(outcome.cells) }
    if !outcomes.isEmpty { console.print(table.text(for: console.traits)) }
    printDeclarations()
    for outcome in outcomes {
      for note in outcome.notes { console.note("\(outcome.path): \(note)") }
      if let refusal = outcome.refusal {
        console.note("\(refusal.place): \(refusal.finding)\n  \(refusal.remedy)")
      }
    }
    if !plan.passedOver.isEmpty {
      console.note("\(plan.passedOver.count) files passed over: their names are not those of data")
    }
    let rows = outcomes.reduce(0) { $0 + ($1.status == .imported ? $1.rows : 0) }
    let refused = outcomes.count { $0.status == .refused }
    console.print(
      "\(outcomes.count - refused) of \(outcomes.count) files, \(NumberText.count(rows)) new rows read"
    )
    console.printResult("store", at: "\(store)", next: "martinet data check --from \(store)")
  }

  /// Each declaration once, with how many files it is of.
  private func printDeclarations() {
    var files: [(words: String, count: Int)] = []
    for outcome in outcomes where outcome.status != .refused && outcome.kind == "bars" {
      let words = (outcome.form.map { $0 + "; " } ?? "") + outcome.declaration.words
      if let index = files.firstIndex(where: { $0.words == words }) {
        files[index].count += 1
      } else {
        files.append((words, 1))
      }
    }
    for (words, count) in files {
      console.print("declared, \(count) \(count == 1 ? "file" : "files"): \(words)")
    }
  }
}

extension ImportOutcome {
  fileprivate var cells: [Table.Cell] {
    let symbol = symbols.count > 1 ? "\(symbols.count) symbols" : symbols.first?.text ?? "-"
    let kind = self.kind == "bars" ? interval?.description ?? "-" : self.kind
    func day(_ time: Timestamp?) -> String { time.map { "\($0.utcDate)" } ?? "-" }
    return [
      .init(path), .init(symbol), .init(kind), .init(NumberText.count(rows)),
      .init(day(span?.lowerBound)), .init(day(span?.upperBound)),
      .init(status.rawValue, status == .refused ? .loss : nil),
    ]
  }
}
