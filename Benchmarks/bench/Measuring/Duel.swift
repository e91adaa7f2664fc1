import CProcessor
import Glibc
import Numerics
import Runtime

/// How rows are measured: settings that hold for all of them.
struct Duel {
  let threads: Int
  let pairs: Int
  let size: WorkSize
  let dataFolder: String
  let limits: Limits
  /// `nil` to measure our side alone.
  let peers: PeerSettings?
  let processor: String

  /// One measurement lasts at least so long, so that the clock and the other program's last
  /// breath do not count.
  private static let leastSeconds = 0.025

  func measure(_ row: Row) throws -> Measurement {
    let work = row.make(size)
    let inputs = try work.inputs.map { try $0.file(in: dataFolder) }
    let prepared = try work.prepare(inputs)
    let backend = row.usesBLAS ? try LinearAlgebra.backend() : nil
    try prepared.run()
    var pairTimes: [(ours: Double, peer: Double)] = []
    var oursAlone: [Double] = []
    var name: String?
    var error: Double?
    if let peers, let peerCase = row.peer {
      var peer = try Peer(
        peerCase, row: row, inputs: inputs, kernels: backend?.kernels, settings: peers)
      name = peer.name
      error = row.agreement.greatestError(ours: prepared.output(), peers: peer.output)
      pairTimes = try times(of: prepared, against: &peer)
    } else {
      oursAlone = try times(of: prepared)
    }
    let agree = error.map { $0 <= row.agreement.tolerance }
    let ours = row.figure.value(
      seconds: Self.median(pairTimes.isEmpty ? oursAlone : pairTimes.map(\.ours)),
      items: work.items)
    let theirs =
      pairTimes.isEmpty
      ? nil
      : row.figure.value(seconds: Self.median(pairTimes.map(\.peer)), items: work.items)
    let ratios = pairTimes.map { $0.peer / $0.ours }
    let least = row.limit.least(items: work.items, on: limits)
    let limit = row.figure.value(seconds: least.seconds, items: work.items)
    let level = String(cString: martinet_processor_level())
    return Measurement(
      bench: row.bench, name: row.name, ours: ours, peer: theirs, peerName: name,
      unit: row.figure.unit, better: row.figure.better,
      ratio: ratios.isEmpty ? nil : Self.median(ratios), ratioLeast: ratios.min(),
      pairs: pairTimes.isEmpty ? oursAlone.count : pairTimes.count, threads: threads,
      agree: agree, greatestError: error, limit: limit,
      limitShare: row.figure.better == "lower" ? limit / ours : ours / limit, limitBy: least.by,
      cpu: processor, kernels: level + (backend.map { ", OpenBLAS \($0.kernels)" } ?? ""),
      size: work.size)
  }

  /// A B A B …: whatever else the machine does meets both sides alike.
  private func times(
    of prepared: Prepared, against peer: inout Peer
  ) throws -> [(ours: Double, peer: Double)] {
    let ours = Self.repeats(for: try seconds(of: prepared, repeats: 3))
    let theirs = Self.repeats(for: try peer.run(repeats: 3))
    var times: [(ours: Double, peer: Double)] = []
    for pair in 0...pairs {
      let a = try seconds(of: prepared, repeats: ours)
      rest()
      let b = try peer.run(repeats: theirs)
      rest()
      // The first pair brings the clock of the processor up and does not count.
      if pair > 0 { times.append((a, b)) }
    }
    return times
  }

  private func times(of prepared: Prepared) throws -> [Double] {
    let repeats = Self.repeats(for: try seconds(of: prepared, repeats: 3))
    return try (0...pairs).map { _ in try seconds(of: prepared, repeats: repeats) }.suffix(pairs)
  }

  /// Seconds of one repeat. The first one, which is not counted, brings the caches back after the
  /// peer's turn.
  private func seconds(of prepared: Prepared, repeats: Int) throws -> Double {
    try prepared.run()
    let total = try Stopwatch.seconds {
      for _ in 0..<repeats { try prepared.run() }
    }
    return total / Double(repeats)
  }

  private static func repeats(for seconds: Double) -> Int {
    min(1_000_000, max(1, Int((leastSeconds / max(seconds, 1e-9)).rounded(.up))))
  }

  /// Long enough for the threads of either side to stop waiting for more work in a loop.
  private func rest() { usleep(10_000) }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
