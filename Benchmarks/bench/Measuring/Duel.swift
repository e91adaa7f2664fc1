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
      error = row.agreement.greatestError(ours: try prepared.output(), peers: peer.output)
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
      size: [work.size, try prepared.remark()].compactMap { $0 }.joined(separator: ", "))
    return (measurement, pairs.map(\.waited).max() ?? 0)
  }

  /// A B A B …: whatever else the machine does meets both sides alike. Pairs during which one side
  /// had to wait for a core are repeated; where calm never comes, the calmest are kept.
  private func pairs(of prepared: Prepared, against peer: inout Peer) throws -> [Pair] {
    let ours = try Repeats.settled { try seconds(of: prepared, $0) }
    let theirs = try Repeats.settled { try peer.run($0) }
    var found: [Pair] = []
    let process = peer.process
    // The first pair brings the clock of the processor up and does not count.
    for turn in 0...mostTries * pairs {
      Waiting.rest(of: process)
      let (a, oursWaited) = try Waiting.share(of: getpid()) {
        try seconds(of: prepared, ours)
      }
      Waiting.rest(of: getpid())
      let (b, peersWaited) = try Waiting.share(of: process) { try peer.run(theirs) }
      if turn > 0 { found.append(Pair(ours: a, peer: b, waited: max(oursWaited, peersWaited))) }
      if found.count(where: \.isCalm) == pairs { break }
    }
    return Array(found.sorted { $0.waited < $1.waited }.prefix(pairs))
  }

  /// Our side alone, by the same rules.
  private func turns(of prepared: Prepared) throws -> [Pair] {
    let repeats = try Repeats.settled { try seconds(of: prepared, $0) }
    var found: [Pair] = []
    for turn in 0...mostTries * pairs {
      let (a, waited) = try Waiting.share(of: getpid()) {
        try seconds(of: prepared, repeats)
      }
      if turn > 0 { found.append(Pair(ours: a, peer: .nan, waited: waited)) }
      if found.count(where: \.isCalm) == pairs { break }
    }
    return Array(found.sorted { $0.waited < $1.waited }.prefix(pairs))
  }

  /// Seconds of one counted repeat.
  private func seconds(of prepared: Prepared, _ repeats: Repeats) throws -> Double {
    for _ in 0..<repeats.warmUps { try prepared.run() }
    let total = try Stopwatch.seconds {
      for _ in 0..<repeats.counted { try prepared.run() }
    }
    return total / Double(repeats.counted)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// How often one side works in one of its turns.
struct Repeats {
  /// Uncounted ones before: after a rest, threads first have to wake on cores of their own, and the
  /// caches hold what the other side left.
  let warmUps: Int
  let counted: Int

  init(warmUps: Int = 1, counted: Int) {
    self.warmUps = warmUps
    self.counted = counted
  }

  /// Enough of work that takes so many seconds for the clock not to count. Beside work of seconds no
  /// warm-up matters.
  init(for seconds: Double) {
    self.init(
      warmUps: seconds > 1 ? 0 : Self.count(lasting: 0.01, seconds),
      counted: Self.count(lasting: 0.025, seconds))
  }

  /// The repeats for work that is timed to find out, once where that says enough.
  static func settled(_ seconds: (Repeats) throws -> Double) rethrows -> Repeats {
    let first = try seconds(Repeats(warmUps: 0, counted: 1))
    return Repeats(for: first > 1 ? first : try seconds(Repeats(counted: 3)))
  }

  private static func count(lasting least: Double, _ seconds: Double) -> Int {
    min(1_000_000, max(1, Int((least / max(seconds, 1e-9)).rounded(.up))))
  }
}
