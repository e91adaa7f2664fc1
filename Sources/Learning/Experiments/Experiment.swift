import Foundation
import Runtime
import Synchronization

/// Models side by side, each in a process of its own, so that one that fails takes nobody with it.
package struct Experiment: Sendable {
  package let settings: ExperimentSettings
  package let models: [String]
  /// The program that is run with `train …`.
  package let program: String
  /// The folder of runs, and the one where the comparison goes.
  package let runs, folder: String

  package struct Task: Sendable, Equatable {
    package let model: String
    package let horizon: Int
    package var name: String { "\(model)_h\(horizon)" }
  }

  /// What became of a task.
  package struct Result: Sendable {
    package let task: Task
    package let seconds: Double
    /// What `train --json` printed; nil where it failed.
    package let answer: JSON?
    /// The last lines of what it said besides, where it failed.
    package let complaint: String
    package let status: Int32

    package var isDone: Bool { answer != nil }
  }

  /// Refuses kinds that are not there before anything is run.
  package init(
    _ settings: ExperimentSettings, registry: ModelRegistry, program: String, runs: String,
    folder: String
  ) throws {
    self.settings = settings
    self.program = program
    self.runs = runs
    self.folder = folder
    models = settings.models.isEmpty ? registry.kinds.map(\.name) : settings.models
    for model in models {
      _ = try registry.kind(model).configured([], sets: settings.assignments(of: model))
    }
    for setting in settings.settings {
      let model = String(setting.prefix { $0 != "." })
      guard models.contains(model) else { throw UnknownModel(name: model, known: models) }
    }
  }

  package var tasks: [Task] {
    models.flatMap { model in settings.horizons.map { Task(model: model, horizon: $0) } }
  }

  /// Runs all tasks, as many at once as settings say, and gives what became of each, in their order.
  package func run(_ told: @escaping @Sendable (Result) -> Void) throws -> [Result] {
    try Folder.make("\(folder)/logs")
    let tasks = tasks
    let next = Mutex(0)
    let results = Mutex([Int: Result]())
    let failure = Mutex<(any Error)?>(nil)
    let workers = min(settings.parallel, tasks.count)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let place = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard place < tasks.count else { return }
        do {
          let result = try self.result(of: tasks[place], workers: workers)
          results.withLock { $0[place] = result }
          told(result)
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return results.withLock { all in tasks.indices.compactMap { all[$0] } }
  }

  private func arguments(_ task: Task, workers: Int) -> [String] {
    var arguments = [
      "train", "--model", task.model, "--horizon", "\(task.horizon)", "--data", settings.data,
      "--seed", "\(settings.seed)", "--runs", runs, "--cores", "1", "--memory",
      "\(max(64, settings.memory / workers))", "--json",
    ]
    if let steps = settings.steps { arguments += ["--steps", "\(steps)"] }
    if let seconds = settings.seconds { arguments += ["--seconds", "\(seconds)"] }
    if !settings.climbsLadder { arguments.append("--skip-sanity") }
    for assignment in settings.assignments(of: task.model) { arguments += ["--set", assignment] }
    return arguments
  }

  private func result(of task: Task, workers: Int) throws -> Result {
    let output = "\(folder)/logs/\(task.name).json"
    let errors = "\(folder)/logs/\(task.name).txt"
    for path in [output, errors] { try AtomicFile.write("", to: path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments(task, workers: workers)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    let began = ContinuousClock.now
    try process.run()
    process.waitUntilExit()
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let text = String(decoding: try SmallFile.read(output, bytesMax: 64 << 20), as: UTF8.self)
    let said = String(decoding: try SmallFile.read(errors, bytesMax: 64 << 20), as: UTF8.self)
    // A model that falls off the ladder ends with 3, and has figures all the same.
    let isOver = process.terminationReason == .exit && [0, 3].contains(process.terminationStatus)
    // An error is one JSON value too, but names no run.
    var answer: JSON?
    if isOver, !text.isEmpty { answer = try JSON(parsing: text, source: output) }
    if answer?["run"] == nil { answer = nil }
    return Result(
      task: task, seconds: seconds, answer: answer,
      complaint: answer == nil ? Self.complaint(said, process) : "",
      status: process.terminationStatus)
  }

  /// The error of what a process said that failed, or its last words; how it ended where it said
  /// nothing.
  private static func complaint(_ said: String, _ process: Process) -> String {
    let lines = said.split(separator: "\n").suffix(2)
    if let last = lines.last, let error = Self.error(String(last)) { return error }
    if !lines.isEmpty { return lines.joined(separator: " ") }
    return process.terminationReason == .exit
      ? "it ended with \(process.terminationStatus)"
      : "it was ended by signal \(process.terminationStatus)"
  }

  /// `--json` makes an error a JSON value; nil where a line is none.
  private static func error(_ line: String) -> String? {
    do {
      let error = try JSON(parsing: line, source: "an error")["error"]
      guard let place = error?["place"]?.string, let finding = error?["finding"]?.string else {
        return nil
      }
      return "\(place): \(finding)"
    } catch {
      return nil
    }
  }
}
