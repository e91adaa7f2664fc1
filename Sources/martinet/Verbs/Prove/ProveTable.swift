import Features
import MarketData
import Runtime

private let file: Argument<String> = .required(
  "FILE", .text, help: "The table: CSV, packed or not, or Parquet.")
private let price: Flag<String> = .required(
  "price", .text, metavariable: "COLUMN", help: "The column of prices that others are held against."
)

let proveTableVerb = Verb(
  "table", summary: "Look for columns of a ready-made table that know what comes later",
  discussion: """
    A table that somebody else made cannot be computed again, so it is judged by what stands in it: \
    columns that are functions of later prices, averages that were run backwards, blocks of columns in \
    reversed order of rows, scales that only the whole file gives, and fields of the day that give its \
    price away. Each finding says what was seen, on which rows, and how exactly it fits.

    What it does not find may still leak: it knows the commonest ways only. Ends with exit code 3 where \
    there are findings.
    """,
  flags: [price], arguments: [file],
  examples: [
    .init("martinet prove table features.csv --price Close", "Which columns cheat?"),
    .init("martinet prove table train_scaled.parquet --price close --json", "For a program."),
  ]
) { invocation in
  let path = try invocation[file]
  let audit = try TableAudit(
    ForeignTable(path: path), price: try invocation[price], file: path)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print(audit.json)
    return audit.isClean ? .done : .refused
  }
  let traits = console.traits
  for finding in audit.findings {
    console.print("\(Mark.bad.sign(for: traits)) \(finding.column) (\(finding.cause.rawValue))")
    console.print(traits.wrapped("  " + finding.explanation))
  }
  let counted = "\(audit.columns.count) columns of \(NumberText.count(audit.rows)) rows"
  console.print(
    audit.isClean
      ? "\(Mark.good.sign(for: traits)) \(counted): none is seen to know what comes later"
      : "\n\(audit.findings.count) of \(counted) know what comes later   next: leave them out, or make "
        + "them again from bars: martinet features list")
  return audit.isClean ? .done : .refused
}
