import Glibc
import Learning
import Models
import Runtime

let experimentVerb = Verb(
  "experiment", summary: "Train many models side by side and compare them",
  verbs: [experimentRunVerb])

private let file: Argument<String> = .required(
  "FILE", .text, help: "The settings of the experiment, as YAML.")
private let out: Flag<String> = .value(
  "out", .text, metavariable: "FOLDER", default: "experiments/reports",
  help: "Where the comparison goes, in a folder of its own.")

private let experimentRunVerb = Verb(
  "run", summary: "Train all models of a file at all of its horizons, each in a process of its own",
  discussion: """
    As many processes run at once as the file says, within its budget of memory. One that fails does not \
    stop the rest: its last words stand in the comparison. Ends with exit code 1 where one failed.

    A file with the section papers makes published tables again instead, and ends with 3 where a \
    figure does not come out as published.
    """,
  flags: [out, LearningFlags.runs], arguments: [file],
  examples: [
    .init("martinet experiment run config/experiments/all.yaml", "All models, both horizons."),
    .init("martinet experiment run config/experiments/papers.yaml", "Published tables."),
  ]
) { invocation in
  let path = try invocation[file]
  let started = RunID(at: SystemTime().now)
  let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? "all"
  let folder = "\(try invocation[out])/\(name)_\(started)"
  if try PublishedSettings.isMeant(by: path) {
    return try PublishedRun.run(path, to: folder, invocation)
  }
  let settings = try Configuration<ExperimentSettings>.load(
    files: [path], sets: invocation.assignments
  ).value
  let experiment = try Experiment(
    settings, registry: .standard(), program: "/proc/\(getpid())/exe",
    runs: try invocation[LearningFlags.runs], folder: folder)
  let console = invocation.console
  let meter = ProgressMeter(
    "experiment", total: experiment.tasks.count, on: console,
    isQuiet: invocation.isQuiet || invocation.wantsJSON)
  let results = try experiment.run { result in
    meter.advance()
    if !result.isDone { console.note("\(result.task.name) failed: \(result.complaint)") }
  }
  meter.finish()
  let report = ExperimentReport(results, settings: settings)
  try report.write(to: folder)
  if invocation.wantsJSON {
    console.print([
      "report": JSON("\(folder)/report.html"), "verdict": JSON(report.verdict),
      "results": report.json,
    ])
  } else {
    console.print(report.table().text(for: console.traits))
    console.print("\n" + report.verdict)
    console.printResult("report", at: "\(folder)/report.html")
  }
  return results.allSatisfy(\.isDone) ? .done : .failed
}
