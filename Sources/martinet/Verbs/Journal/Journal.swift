import Foundation
import Runtime
import Trading

/// What is asked of the journals of runs.
let journalVerb = Verb(
  "journal", summary: "Check, read and export what a run wrote down",
  verbs: [journalVerifyVerb, journalShowVerb, journalExportVerb])

/// Where a journal lies.
enum JournalFlags {
  static let folder: Argument<String> = .required(
    "FOLDER", .text, help: "The folder of a run, or the journal folder in it.")

  static func disk(_ invocation: Invocation) throws -> FolderDisk {
    let folder = try invocation[Self.folder]
    let inner = folder + "/journal"
    var isFolder: ObjCBool = false
    let hasInner = FileManager.default.fileExists(atPath: inner, isDirectory: &isFolder)
    return FolderDisk(reading: hasInner && isFolder.boolValue ? inner : folder)
  }
}

private let journalVerifyVerb = Verb(
  "verify", summary: "Read every record and say whether anything is lost or does not fit",
  discussion: """
    A torn end is what a crash leaves of records that nobody had been told of; the next run cuts it \
    off. Damage before the end, or records that do not fit together, end with exit code 3 and the \
    place. Nothing is changed.
    """,
  arguments: [JournalFlags.folder],
  examples: [.init("martinet journal verify runs/paper", "Before the day begins.")]
) { invocation in
  let check = try JournalCheck(JournalFlags.disk(invocation))
  let console = invocation.console
  guard !invocation.wantsJSON else {
    console.print(check.json)
    return check.findings.isEmpty ? .done : .refused
  }
  let summary = check.summary
  for part in summary.parts {
    console.print(
      "\(part.name)  format \(part.version)  records \(part.first) to "
        + "\(part.first + UInt64(part.records))  \(NumberText.count(part.bytes)) bytes")
  }
  for (record, finding) in check.findings.prefix(20) {
    console.print("\(Mark.bad.sign(for: console.traits)) record \(record): \(finding)")
  }
  if let tail = summary.tail {
    console.print(
      "torn end: \(tail.segment), byte \(tail.offset): \(tail.finding); "
        + "the next run cuts \(NumberText.count(tail.bytes)) bytes off")
  }
  let isSound = check.findings.isEmpty
  console.print(
    "\((isSound ? Mark.good : .bad).sign(for: console.traits)) "
      + "\(NumberText.count(Int(summary.next))) records"
      + (summary.isClosed ? ", closed" : "")
      + "   next: martinet journal show \(try invocation[JournalFlags.folder])")
  return isSound ? .done : .refused
}
