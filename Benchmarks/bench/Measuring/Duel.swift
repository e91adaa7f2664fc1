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
  /// So many times the pairs wanted are measured at most, in search of calm ones.
  private var mostTries: Int { size == .full ? 20 : 1 }

  private struct Pair {
    let ours: Double
    let peer: Double
    /// The larger share of its time that a side waited for a core.
    let waited: Double

    var isCalm: Bool { waited <= Waiting.tolerated }
  }

  /// The line, and the largest share of its time that a side waited for a core in a pair that counts.
  func measure(_ row: Row) throws -> (Measurement, waited: Double) {
    let work = row.make(size)
    let inputs = try work.inputs.map { try $0.file(in: dataFolder) }
    let prepared = try work.prepare(inputs)
    let backend = row.usesBLAS ? try LinearAlgebra.backend() : nil
    try prepared.run()
    var pairs: [Pair] = []
    var name: String?
    var error: Double?
    if let peers, let peerCase = row.peer {
      var peer = try Peer(
        peerCase, row: row, inputs: inputs, kernels: backend?.kernels, settings: peers)
      name = peer.name
      error = row.agreement.greatestError(ours: prepared.output(), peers: peer.output)
      pairs = try self.pairs(of: prepared, against: &peer)
    } else {
      pairs = try turns(of: prepared)
    }
    let ours = row.figure.value(seconds: Self.median(pairs.map(\.ours)), items: work.items)
    let theirs = row.figure.value(seconds: Self.median(pairs.map(\.peer)), items: work.items)
    let ratios = pairs.map { $0.peer / $0.ours }
    let least = row.limit.least(items: work.items, on: limits)
    let limit = row.figure.value(seconds: least.seconds, items: work.items)
    let level = String(cString: martinet_processor_level())
    let measurement = Measurement(
      bench: row.bench, name: row.name, ours: ours, peer: name.map { _ in theirs },
      peerName: name, unit: row.figure.unit, better: row.figure.better,
      ratio: name.map { _ in Self.median(ratios) },
      ratioLeast: name.flatMap { _ in ratios.min() }, pairs: pairs.count, threads: threads,
      agree: error.map { $0 <= row.agreement.tolerance }, greatestError: error, limit: limit,
      limitShare: row.figure.better == "lower" ? limit / ours : ours / limit, limitBy: least.by,
      cpu: processor, kernels: level + (backend.map { ", OpenBLAS \($0.kernels)" } ?? ""),
      size: work.size)
    return (measurement, pairs.map(\.waited).max() ?? 0)
  }

  /// A B A B …: whatever else the machine does meets both sides alike. Pairs during which one side
  /// had to wait for a core are repeated; where calm never comes, the calmest are kept.
  private func pairs(of prepared: Prepared, against peer: inout Peer) throws -> [Pair] {
    let ours = Self.repeats(for: try seconds(of: prepared, repeats: 3))
    let theirs = Self.repeats(for: try peer.run(repeats: 3))
    var found: [Pair] = []
    // The first pair brings the clock of the processor up and does not count.
    for turn in 0...mostTries * pairs {
      let (a, oursWaited) = try Waiting.share(of: getpid()) {
        try seconds(of: prepared, repeats: ours)
      }
      rest()
      let process = peer.process
      let (b, peersWaited) = try Waiting.share(of: process) { try peer.run(repeats: theirs) }
      rest()
      if turn > 0 { found.append(Pair(ours: a, peer: b, waited: max(oursWaited, peersWaited))) }
      if found.count(where: \.isCalm) == pairs { break }
    }
    return Array(found.sorted { $0.waited < $1.waited }.prefix(pairs))
  }

  /// Our side alone, by the same rules.
  private func turns(of prepared: Prepared) throws -> [Pair] {
    let repeats = Self.repeats(for: try seconds(of: prepared, repeats: 3))
    var found: [Pair] = []
    for turn in 0...mostTries * pairs {
      let (a, waited) = try Waiting.share(of: getpid()) {
        try seconds(of: prepared, repeats: repeats)
      }
      if turn > 0 { found.append(Pair(ours: a, peer: .nan, waited: waited)) }
      if found.count(where: \.isCalm) == pairs { break }
    }
    return Array(found.sorted { $0.waited < $1.waited }.prefix(pairs))
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
