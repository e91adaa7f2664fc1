import Numerics
import Runtime

/// What the machine allows, measured in this run when a row first asks for it.
final class Limits {
  enum Peak: Hashable, Sendable {
    case multiplyAdd32(threads: Int)
    case multiplyAdd64(threads: Int)
    /// Of BFloat16 pairs; that of `Float` where the processor has no instruction for them.
    case halfMultiplyAdd(threads: Int)
    case bandwidth(MemoryLevel, Peaks.Traffic, threads: Int)
    case syncs
  }

  let threads: Int
  let caches = Caches.current()
  private let folder: String
  private let patience: Duration
  private var measured: [Peak: Double] = [:]

  /// - Parameters:
  ///   - folder: on the disk whose syncs count
  ///   - patience: how long a peak is tried for where the machine is not calm
  init(threads: Int, folder: String, patience: Duration) {
    self.patience = patience
    self.threads = threads
    self.folder = folder
  }

  /// Operations, bytes or syncs a second.
  func rate(of peak: Peak) -> Double {
    if let rate = measured[peak] { return rate }
    let rate = measure(peak)
    measured[peak] = rate
    return rate
  }

  private func measure(_ peak: Peak) -> Double {
    switch peak {
    case .multiplyAdd32(let threads):
      let pool = Pool(threads: threads)
      return max(
        Peaks.multiplyAdds(SIMD16<Float>.self, on: pool, within: patience),
        Peaks.multiplyAdds(SIMD8<Float>.self, on: pool, within: patience))
    case .multiplyAdd64(let threads):
      let pool = Pool(threads: threads)
      return max(
        Peaks.multiplyAdds(SIMD8<Double>.self, on: pool, within: patience),
        Peaks.multiplyAdds(SIMD4<Double>.self, on: pool, within: patience))
    case .halfMultiplyAdd(let threads):
      let rate = Peaks.halfMultiplyAdds(on: Pool(threads: threads), within: patience)
      return rate > 0 ? rate : self.rate(of: .multiplyAdd32(threads: threads))
    case .bandwidth(let level, let traffic, let threads):
      return Peaks.bandwidth(
        traffic, bytesPerThread: caches.probeBytes(of: level, threads: threads),
        on: Pool(threads: threads), within: patience)
    case .syncs:
      return Peaks.syncs(in: folder)
    }
  }

  /// Everything `bench limits` shows, in order.
  static func all(threads: Int) -> [Peak] {
    let counts = threads > 1 ? [1, threads] : [1]
    return counts.map { Peak.multiplyAdd32(threads: $0) }
      + counts.map { Peak.multiplyAdd64(threads: $0) }
      + counts.map { Peak.halfMultiplyAdd(threads: $0) }
      + MemoryLevel.allCases.flatMap { level in
        Peaks.Traffic.allCases.flatMap { traffic in
          counts.map { Peak.bandwidth(level, traffic, threads: $0) }
        }
      } + [.syncs]
  }
}

extension Limits.Peak {
  /// `f32 FMA`, `L2 copy`.
  var name: String {
    switch self {
    case .multiplyAdd32: "f32 FMA"
    case .multiplyAdd64: "f64 FMA"
    case .halfMultiplyAdd: "bf16 FMA"
    case .bandwidth(let level, let traffic, _): "\(level.rawValue) \(traffic)"
    case .syncs: "fdatasync of 4 KiB"
    }
  }

  var threads: Int {
    switch self {
    case .multiplyAdd32(let threads), .multiplyAdd64(let threads), .halfMultiplyAdd(let threads),
      .bandwidth(_, _, let threads):
      threads
    case .syncs: 1
    }
  }

  var unit: String {
    switch self {
    case .multiplyAdd32, .multiplyAdd64, .halfMultiplyAdd: "GFLOP/s"
    case .bandwidth: "GB/s"
    case .syncs: "syncs/s"
    }
  }

  /// The rate in the unit.
  func figure(_ rate: Double) -> Double {
    if case .syncs = self { return rate }
    return rate * 1e-9
  }

  /// `L2 copy 395 GB/s`.
  func text(_ rate: Double) -> String {
    "\(name) \(NumberText.fixed(figure(rate), decimals: 0)) \(unit)"
  }
}

/// What the machine allows for the work of a row.
struct LimitFormula: Sendable {
  /// As it stands in the table: `2n³ operations / f32 FMA peak`.
  let text: String
  private let seconds: @Sendable (Limits, Double) -> (seconds: Double, by: String)

  /// Operations of one run over a peak.
  ///
  /// - Parameter operations: of the items of one run.
  static func operations(
    _ text: String, _ peak: @escaping @Sendable (Int) -> Limits.Peak,
    _ operations: @escaping @Sendable (Double) -> Double
  ) -> LimitFormula {
    LimitFormula(text: text) { limits, items in
      let peak = peak(limits.threads)
      let rate = limits.rate(of: peak)
      return (operations(items) / rate, peak.text(rate))
    }
  }

  /// Bytes of one run over the bandwidth of the fastest level of memory that holds them.
  static func bytes(
    _ text: String, _ traffic: Peaks.Traffic, perItem bytes: Double
  ) -> LimitFormula {
    LimitFormula(text: "\(text) / \(traffic) bandwidth of the fastest level that holds them") {
      limits, items in
      let level = limits.caches.fastest(for: bytes * items, threads: limits.threads)
      let peak = Limits.Peak.bandwidth(level, traffic, threads: limits.threads)
      let rate = limits.rate(of: peak)
      return (bytes * items / rate, peak.text(rate))
    }
  }

  /// One sync an item.
  static let syncs = LimitFormula(text: "syncs / fdatasync of 4 KiB over bytes that are there") {
    limits, items in
    let rate = limits.rate(of: .syncs)
    return (items / rate, Limits.Peak.syncs.text(rate))
  }

  /// The least seconds of one run with so many items, and what sets them.
  func least(items: Double, on limits: Limits) -> (seconds: Double, by: String) {
    seconds(limits, items)
  }

  private init(
    text: String, _ seconds: @escaping @Sendable (Limits, Double) -> (seconds: Double, by: String)
  ) {
    self.text = text
    self.seconds = seconds
  }
}
