import Foundation
import Runtime

/// Where peers are found and how they are run.
struct PeerSettings: Sendable {
  /// Benchmarks/peers, or another folder with scripts of the same names.
  let scripts: String
  /// Environments by group; `nil` runs scripts with the python3 of PATH.
  let installed: String?
  let environment: [String: String]
  let threads: Int
  /// Seconds a peer may take for one answer.
  let deadline: Int
  let showsErrors: Bool

  private static let threadVariables = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS",
  ]

  /// - Parameter kernels: OpenBLAS's, when our side uses it: the peer is given the same.
  func variables(kernels: String?) -> [String: String] {
    var variables = environment
    for name in Self.threadVariables { variables[name] = String(threads) }
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    variables["OPENBLAS_CORETYPE"] = kernels
    return variables
  }

  func python(of group: String) throws(BenchError) -> String {
    guard let installed else {
      if let path = ProgramProbe(environment: environment).path(of: ["python3"]) { return path }
      throw .peerCannotStart(script: scripts, reason: "there is no python3 in PATH")
    }
    let path = "\(installed)/\(group)/bin/python"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw .peersNotInstalled(group: group)
    }
    return path
  }
}

/// A peer that has loaded its case and stands ready to run it.
struct Peer: ~Copyable {
  private var talk: PeerProcess
  private let deadline: Int
  /// By its own words: `NumPy 2.4.6`.
  let name: String
  let output: [Double]

  private struct Ready: Decodable {
    let ready: String
    let output: String
    let dtype: String
    let version: String
  }

  private struct Run: Decodable {
    let seconds: Double
  }

  /// Starts the peer, lets it load and warm up, and reads the result of its first run.
  init(
    _ peer: PeerCase, row: Row, inputs: [InputFile], kernels: String?, settings: PeerSettings
  ) throws {
    let script = "\(settings.scripts)/\(peer.script)"
    var process = try PeerProcess(
      python: try settings.python(of: peer.group), script: script,
      environment: settings.variables(kernels: kernels), showsErrors: settings.showsErrors)
    let path = NSTemporaryDirectory() + "martinet-bench-\(UUID().uuidString).bin"
    defer { unlink(path) }
    let answer = try process.ask(
      [
        "command": "load", "case": .string(row.name), "inputs": JSON(inputs.map(\.json)),
        "output": .string(path), "threads": JSON(settings.threads),
      ], within: settings.deadline)
    let ready: Ready = try Self.read(answer, script)
    guard ready.ready == row.name, ready.output == path,
      let format = Input.Format(rawValue: ready.dtype)
    else { throw BenchError.peerNonsense(script: script, line: answer) }
    let output = try RawNumbers.readDoubles(path, format: format)
    talk = process
    self.output = output
    name = ready.version
    deadline = settings.deadline
  }

  var process: pid_t { talk.process }

  /// Seconds of one counted repeat.
  mutating func run(_ repeats: Repeats) throws -> Double {
    let answer = try talk.ask(
      [
        "command": "run", "warm_ups": JSON(repeats.warmUps), "repeats": JSON(repeats.counted),
      ], within: deadline)
    let run: Run = try Self.read(answer, talk.script)
    guard run.seconds.isFinite, run.seconds > 0 else {
      throw BenchError.peerNonsense(script: talk.script, line: answer)
    }
    return run.seconds
  }

  private static func read<Answer: Decodable>(_ line: String, _ script: String) throws -> Answer {
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
    } catch {
      throw BenchError.peerNonsense(script: script, line: line)
    }
  }
}
