import Market
import MarketData
import Numerics
import Runtime
import Trading

private let target: Flag<String> = .required(
  "to", .text, metavariable: "FILE",
  help: "FILE.parquet, or FILE.jsonl for a line of JSON a record.")

let journalExportVerb = Verb(
  "export", summary: "Write all records to a Parquet file or to lines of JSON",
  discussion: """
    Both have one row a record: its number, time, kind and order, and all of it as JSON with exact \
    decimals. The Parquet file has side, quantity, price, commission and taxes as numbers besides.
    """,
  flags: [target], arguments: [JournalFlags.folder],
  examples: [
    .init("martinet journal export runs/paper --to records.parquet", "For polars or DuckDB."),
    .init("martinet journal export runs/paper --to records.jsonl", "For jq."),
  ]
) { invocation in
  let path = try invocation[target]
  let isParquet = path.hasSuffix(".parquet")
  guard isParquet || path.hasSuffix(".jsonl") else {
    throw JournalExportError.unknownFormat(path)
  }
  var records: [(number: UInt64, record: JournalRecord)] = []
  let summary = try JournalReader(JournalFlags.disk(invocation)).read {
    stored throws(JournalError) in
    records.append((stored.sequence, try stored.decoded()))
  }
  guard !summary.parts.isEmpty else {
    throw JournalError.empty(try invocation[JournalFlags.folder])
  }
  try UserFolder.makeFolder(ofFile: path)
  if isParquet {
    try ParquetFile(path: path).write(JournalTable(records).sheet)
  } else {
    let lines = records.map { $0.record.json(numbered: $0.number).text() + "\n" }
    try AtomicFile.write(lines.joined(), to: path)
  }
  if invocation.wantsJSON {
    invocation.console.print(["records": JSON(records.count), "path": .string(path)])
  } else {
    invocation.console.printResult("\(NumberText.count(records.count)) records", at: path)
  }
  return .done
}

enum JournalExportError: DiagnosedError {
  case unknownFormat(String)

  var diagnosis: Diagnosis {
    switch self {
    case .unknownFormat(let path):
      Diagnosis(
        place: "--to \(path)", finding: "neither .parquet nor .jsonl",
        remedy: "end the name with one of them", exitCode: .wrongUsage)
    }
  }
}

/// Records as columns.
private struct JournalTable {
  let sheet: TickSheet

  init(_ records: [(number: UInt64, record: JournalRecord)]) {
    var sheet = TickSheet(rowCount: records.count)
    sheet.addStamps("time", records) { $0.record.time.nanoseconds }
    sheet.addIntegers("record", records) { Int64($0.number) }
    sheet.addText("kind", records) { $0.record.kindName }
    sheet.addIntegers("order", records) { Int64($0.record.order?.number ?? 0) }
    sheet.addNumbers("quantity", records) { $0.record.figures.quantity }
    sheet.addNumbers("price", records) { $0.record.figures.price }
    sheet.addNumbers("commission", records) { $0.record.figures.commission }
    sheet.addNumbers("taxes", records) { $0.record.figures.taxes }
    sheet.addText("content", records) { $0.record.json.text() }
    self.sheet = sheet
  }
}

extension JournalRecord {
  /// What a table shows as numbers; missing where a record has none.
  fileprivate var figures: (quantity: Double, price: Double, commission: Double, taxes: Double) {
    switch self {
    case .submitted(let order), .reduced(let order, _), .denied(let order, _):
      (Double(order.intent.signedQuantity), .nan, .nan, .nan)
    case .told(.report(let report)):
      switch report.content {
      case .executed(let execution):
        (
          Double(execution.quantity), Double(execution.price), Double(execution.commission),
          Double(execution.taxes)
        )
      default: (.nan, .nan, .nan, .nan)
      }
    default: (.nan, .nan, .nan, .nan)
    }
  }
}
