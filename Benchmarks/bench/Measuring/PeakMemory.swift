import Foundation
import Runtime

/// The most memory that one side had resident while it worked on a row.
struct PeakMemory {
  let side: String
  let row: String
  /// Bytes of the whole process, and before the work began, where that is known.
  let peak: Int
  let before: Int?

  var json: JSON {
    [
      "case": .string(row), "side": .string(side), "peak_mb": .number(Double(peak / 1_000_000)),
      "before_mb": before.map { .number(Double($0 / 1_000_000)) } ?? .null,
    ]
  }

  /// Enough for every buffer to have been used, and for what grows to show.
  private static let repeats = Repeats(warmUps: 0, counted: 8)

  static func measure(
    _ row: Row, dataFolder: String, peers: PeerSettings?
  ) throws -> [PeakMemory] {
    let work = row.make(.full)
    let inputs = try work.inputs.map { try $0.file(in: dataFolder) }
    var found: [PeakMemory] = []
    if let peers, let peerCase = row.peer {
      var peer = try Peer(peerCase, row: row, inputs: inputs, kernels: nil, settings: peers)
      _ = try peer.run(repeats)
      let peak = try bytes(of: peer.process)
      found.append(PeakMemory(side: peer.name, row: row.path, peak: peak, before: nil))
    }
    let before = try bytes(of: getpid())
    let prepared = try work.prepare(inputs)
    for _ in 0..<repeats.counted { try prepared.run() }
    let peak = try bytes(of: getpid())
    return found + [PeakMemory(side: "ours", row: row.path, peak: peak, before: before)]
  }

  /// Linux's account of the greatest resident memory of a process so far.
  private static func bytes(of process: pid_t) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return 1024 * (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0)
  }
}
