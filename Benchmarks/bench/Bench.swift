import CProcessor
import Foundation
import Numerics
import Runtime

/// The command line of bench.
enum Bench {
  static let program = Program(
    version: "0.1.0",
    build: [
      JSON.Member("processor_level", .string(String(cString: martinet_processor_level())))
    ], action: action)

  private static let name: Argument<String?> = .optional(
    "NAME", .text, help: "A bench or one row of it: numerics, numerics/exp_f32. All without it.")
  private static let lists: Flag<Bool> = .toggle("list", help: "Show what there is.")
  private static let usesPeers: Flag<Bool> = .toggle(
    "peer", help: "Measure the peers in turn with ours.")
  private static let pairs: Flag<Int> = .value(
    "pairs", .integer(in: 5...1000), metavariable: "N", default: 5,
    help: "How many times each side is measured.")
  private static let threads: Flag<Int> = .value(
    "threads", .integer(in: 1...CoreBudget.maximum), metavariable: "N", default: 2,
    help: "How many threads both sides may use, unless \(CoreBudget.variable) says it.")
  private static let page: Flag<String?> = .optional(
    "page", .text, metavariable: "FILE", help: "Write the figures into this page, too.")
  private static let isTiny: Flag<Bool> = .toggle(
    "tiny", help: "A small part of the work, to see that a row runs. Its figures mean nothing.")
  private static let deadline: Flag<Int> = .value(
    "deadline", .integer(in: 1...3600), metavariable: "SECONDS", default: 120,
    help: "How long a peer may take for one answer.")
  private static let scripts: Flag<String?> = .optional(
    "scripts", .text, metavariable: "FOLDER",
    help: "Run the peers' scripts of this folder with the python3 of PATH.")
  private static let data: Flag<String> = .value(
    "data", .text, metavariable: "FOLDER", default: "Benchmarks/peers/data",
    help: "Where the inputs of both sides lie.")

  private static let action = Verb(
    "bench", summary: "measure martinet, alone or beside the programs it is compared with",
    discussion: """
      Prints a table, or with --json one line for each row as it is measured. Ends with 3 when the \
      outputs of the two sides differ, and with 1 when a row could not be measured. A row that is \
      not met is a finding, not a failure.
      """,
    flags: [lists, usesPeers, pairs, threads, page, isTiny, deadline, scripts, data],
    arguments: [name],
    examples: [
      .init("bench numerics --peer", "every row of numerics beside its peer"),
      .init("bench --list", "what there is"),
    ],
    verbs: [limits, memory], action: run)

  private static let limits = Verb(
    "limits", summary: "measure what this machine allows", flags: [threads, data, isTiny]
  ) { invocation in
    let threads = try threadCount(invocation)
    let folder = try invocation[data]
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let limits = Limits(
      threads: threads, folder: folder, patience: patience(isTiny: try invocation[isTiny]))
    var table = Table([.words("limit"), .numbers("threads"), .numbers("rate"), .words("unit")])
    for peak in Limits.all(threads: threads) {
      let figure = peak.figure(limits.rate(of: peak))
      if invocation.wantsJSON {
        invocation.console.printLine([
          "limit": .string(peak.name), "threads": JSON(peak.threads), "rate": .number(figure),
          "unit": .string(peak.unit),
        ])
      } else {
        table.add([
          .init(peak.name), "\(peak.threads)", .init(Figures.text(figure)), .init(peak.unit),
        ])
      }
    }
    if !invocation.wantsJSON {
      invocation.console.print(table.text(for: invocation.console.traits))
    }
    return .done
  }

  private static let memory = Verb(
    "memory", summary: "measure the greatest memory of one row, alone or beside its peer",
    discussion: """
      Peak resident memory of the whole process, the peer's interpreter and libraries included, and \
      what of it was there before the work began.
      """,
    flags: [usesPeers, threads, deadline, scripts, data], arguments: [name]
  ) { invocation in
    let rows = try Catalogue.rows(named: try invocation[name])
    guard let row = rows.first, rows.count == 1 else { throw BenchError.severalRows(rows.count) }
    let threads = try threadCount(invocation)
    let peers = try invocation[usesPeers] ? try settings(invocation, threads: threads) : nil
    let found = try PeakMemory.measure(row, dataFolder: try invocation[data], peers: peers)
    for memory in found { invocation.console.printLine(memory.json) }
    return .done
  }

  private static func run(_ invocation: Invocation) throws -> ExitCode {
    let rows = try Catalogue.rows(named: try invocation[name])
    if try invocation[lists] {
      show(rows, invocation)
      return .done
    }
    let threads = try threadCount(invocation)
    let folder = try invocation[data]
    let isTiny = try invocation[isTiny]
    let duel = Duel(
      threads: threads, pairs: try invocation[pairs],
      size: isTiny ? .tiny : .full, dataFolder: folder,
      limits: Limits(threads: threads, folder: folder, patience: patience(isTiny: isTiny)),
      peers: try invocation[usesPeers] ? try settings(invocation, threads: threads) : nil,
      processor: processorName(Processor.current()))
    return try measure(rows, duel, invocation)
  }

  /// How long a peak is tried for where the machine is not calm.
  private static func patience(isTiny: Bool) -> Duration {
    isTiny ? .milliseconds(20) : .seconds(2)
  }

  /// How many threads both sides get: the process's budget, where the environment goes before the flag.
  private static func threadCount(_ invocation: Invocation) throws -> Int {
    try Cores.check()
    let wanted = try invocation[threads]
    try Cores.configure(count: wanted)
    let count = Cores.budget.count
    if count != wanted {
      invocation.console.note("\(CoreBudget.variable) sets \(count) threads, not \(wanted)")
    }
    return count
  }

  private static func settings(_ invocation: Invocation, threads: Int) throws -> PeerSettings {
    let ownScripts = try invocation[scripts]
    return PeerSettings(
      scripts: ownScripts ?? "Benchmarks/peers",
      installed: ownScripts == nil ? ".deps/peers" : nil, environment: processEnvironment(),
      threads: threads, deadline: try invocation[deadline], showsErrors: invocation.isVerbose)
  }

  /// Family, model and stepping tell processors apart whose name says little.
  private static func processorName(_ processor: Processor) -> String {
    let words = processor.model.split(separator: " ")
    guard words.count > 3 else { return processor.model }
    let numbers = words.suffix(3)
    let parts = zip(["family", "model", "stepping"], numbers).map { "\($0) \($1)" }
    return words.dropLast(3).joined(separator: " ") + ", " + parts.joined(separator: " ")
  }

  /// Every row is tried, whatever becomes of the others.
  private static func measure(
    _ rows: [Row], _ duel: Duel, _ invocation: Invocation
  ) throws -> ExitCode {
    let console = invocation.console
    var page = try invocation[page].map { try ResultPage(path: $0) }
    var table = ResultTable()
    var code = ExitCode.done
    let today = String(SystemTime().now.description.prefix(10))
    for row in rows {
      if !invocation.wantsJSON, !invocation.isQuiet { console.note("measuring \(row.path)") }
      do {
        let (measurement, waited) = try duel.measure(row)
        page?.take(measurement, date: today, waited: waited)
        if waited > Waiting.tolerated {
          console.note(
            "\(row.path): the machine was busy: a side waited for a core for up to "
              + "\(NumberText.percent(waited, decimals: 0)) of the time; measure again in calm")
        }
        if invocation.wantsJSON { console.printLine(measurement.json) }
        table.add(measurement, row: row)
        if measurement.agree == false, code == .done { code = .refused }
      } catch {
        console.show(Diagnosis(describing: error, place: row.path), asJSON: invocation.wantsJSON)
        code = .failed
      }
    }
    if !invocation.wantsJSON {
      console.print(table.text(for: console.traits))
      if !table.machine.isEmpty { console.print(table.machine) }
    }
    try page?.write()
    return code
  }

  private static func show(_ rows: [Row], _ invocation: Invocation) {
    if invocation.wantsJSON {
      return invocation.console.print(
        JSON(
          rows.map { row in
            [
              "bench": .string(row.bench), "case": .string(row.name),
              "peer": JSON(row.peer?.name), "target": .number(row.target.value),
              "unit": .string(row.figure.unit),
            ]
          }))
    }
    var table = Table([
      .words("row"), .words("peer"), .numbers("needs"), .words("unit"),
      .words("limit", importance: -1, mayBeCut: true),
    ])
    for row in rows {
      table.add([
        .init(row.path), .init(row.peer?.name ?? "–"), .init(Figures.target(row.target)),
        .init(row.figure.unit), .init(row.limit.text),
      ])
    }
    invocation.console.print(table.text(for: invocation.console.traits))
  }
}

extension Console {
  /// One line, on a terminal too: one line a case is the contract.
  func printLine(_ value: JSON) { output.write(value.text() + "\n") }
}
