import Models
import Runtime

/// What `experiment run` does with a file that names published tables.
enum PublishedRun {
  static func run(
    _ path: String, to folder: String, _ invocation: Invocation
  ) throws -> ExitCode {
    let settings = try Configuration<PublishedSettings>.load(
      files: [path], sets: invocation.assignments
    ).value
    let console = invocation.console
    let report = try PublishedReport(settings) { outcome in
      if !outcome.missing.isEmpty {
        console.note(
          "\(outcome.table.key) is left out: \(outcome.missing.joined(separator: ", ")) "
            + "is not below \(settings.papers.data)")
      }
    }
    try report.write(to: folder)
    if invocation.wantsJSON {
      console.print([
        "report": JSON("\(folder)/report.html"), "verdict": JSON(report.verdict),
        "tables": report.json,
      ])
    } else {
      console.print(report.table().text(for: console.traits))
      console.print("\n" + report.verdict)
      console.printResult("report", at: "\(folder)/report.html")
    }
    return report.isReproduced ? .done : .refused
  }
}
