import Runtime
import Trading

private let last: Flag<Int?> = .optional(
  "last", .integer(in: 1...1_000_000), metavariable: "N",
  help: "The last N records; 20 where neither is given.")
private let from: Flag<Int?> = .optional(
  "from", .integer(in: 0...1_000_000_000_000), metavariable: "N", help: "All from record N on.")
private let kind: Flag<String?> = .optional(
  "kind", .text, metavariable: "KIND", help: "Only these: submitted, executed, posted, denied, …")

let journalShowVerb = Verb(
  "show", summary: "Print records", flags: [last, from, kind], arguments: [JournalFlags.folder],
  examples: [
    .init("martinet journal show runs/paper --last 50", "How the day ended."),
    .init("martinet journal show runs/paper --from 0 --kind executed --json", "Every execution."),
  ]
) { invocation in
  let start = try invocation[from]
  let count = try invocation[last] ?? (start == nil ? 20 : Int.max)
  let wanted = try invocation[kind]
  var records: [(UInt64, JournalRecord)] = []
  let summary = try JournalReader(JournalFlags.disk(invocation)).read(from: UInt64(start ?? 0)) {
    stored throws(JournalError) in
    let record = try stored.decoded()
    guard wanted == nil || record.kindName == wanted else { return }
    records.append((stored.sequence, record))
    // No more is kept than twice what is asked for.
    if records.count / 2 > count {
      records.removeFirst(records.count - count)
    }
  }
  guard !summary.parts.isEmpty else {
    throw JournalError.empty(try invocation[JournalFlags.folder])
  }
  let console = invocation.console
  for (sequence, record) in records.suffix(count) {
    if invocation.wantsJSON {
      console.print(record.json(numbered: sequence).text())
    } else {
      console.print("\(sequence)  \(record.line)")
    }
  }
  if !invocation.wantsJSON {
    console.print(
      "\(NumberText.count(Int(summary.next))) records   next: martinet journal export "
        + "\(try invocation[JournalFlags.folder]) --to records.parquet")
  }
  return .done
}

extension JournalRecord {
  func json(numbered sequence: UInt64) -> JSON {
    guard case .object(let members) = json else { return json }
    return .object([JSON.Member("record", JSON(sequence))] + members)
  }

  /// `2026-11-25T14:30:00Z submitted order=4 side=buy …`
  fileprivate var line: String {
    guard case .object(let members) = json else { return kindName }
    return "\(time)  \(kindName)  "
      + members.filter { !["kind", "time"].contains($0.key) }
      .map { "\($0.key)=\($0.value.string ?? $0.value.text())" }.joined(separator: "  ")
  }
}
