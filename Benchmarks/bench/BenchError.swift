import Runtime

/// What can keep a row from being measured.
enum BenchError: DiagnosedError, Equatable {
  case unknownRow(String, nearest: String?)
  /// Peaks are those of a process: it can work on one row only.
  case severalRows(Int)
  case peersNotInstalled(group: String)
  case peerCannotStart(script: String, reason: String)
  /// Our own deadline, not the peer's.
  case peerSilent(script: String, seconds: Int, command: String)
  case peerEnded(script: String, command: String, lastWords: String)
  case peerNonsense(script: String, line: String)
  /// Orders that should have passed did not: what was timed is not what the row says.
  case gateHeldBack(Int)

  var diagnosis: Diagnosis {
    switch self {
    case .unknownRow(let name, let nearest):
      Diagnosis(
        place: "bench", finding: "there is no row \(Excerpt.quoted(name))",
        remedy: nearest.map { "did you mean: bench \($0)" } ?? "see: bench --list",
        exitCode: .wrongUsage)
    case .severalRows(let count):
      Diagnosis(
        place: "bench memory", finding: "\(count) rows are named",
        remedy: "name one: bench memory tensors/lstm_train", exitCode: .wrongUsage)
    case .peersNotInstalled(let group):
      Diagnosis(
        place: ".deps/peers/\(group)", finding: "the peers are not installed",
        remedy: "make peers, or leave --peer out to measure our side alone")
    case .peerCannotStart(let script, let reason):
      Diagnosis(
        place: script, finding: "the peer cannot be started: \(reason)", remedy: "make peers")
    case .peerSilent(let script, let seconds, let command):
      Diagnosis(
        place: script, finding: "no answer to \(command) within \(seconds) s; the peer was ended",
        remedy: "run again on a machine with less to do, or allow more with --deadline")
    case .peerEnded(let script, let command, let lastWords):
      Diagnosis(
        place: script,
        finding:
          "the peer ended instead of answering \(command): \(Excerpt.bare(lastWords, longest: 200))",
        remedy: "make peers installs it anew; its own message says more with --verbose")
    case .gateHeldBack(let count):
      Diagnosis(
        place: "backtest/pretrade_check_ns", finding: "\(count) orders were held back",
        remedy: "the row's book and limits do not fit together any more: correct the row")
    case .peerNonsense(let script, let line):
      Diagnosis(
        place: script, finding: "an answer that is none: \(Excerpt.quoted(line))",
        remedy: "the script must answer one JSON object a line: Benchmarks/peers/protocol.py")
    }
  }
}
