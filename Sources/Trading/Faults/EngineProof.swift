import Numerics
import Runtime
import Synchronization

/// Random schedules of faults, and whether an account came through all of them: books that balance and
/// agree with the venue's, no order without a record that was safe before it was sent, nothing sent
/// twice, and after every restart the state that there was.
public struct EngineProof: Sendable {
  public struct Violation: Hashable, Sendable {
    public let seed: UInt64
    public let finding: String
  }

  public private(set) var seeds = 0
  public private(set) var orders = 0
  public private(set) var fills = 0
  /// Schedules in which something was filled.
  public private(set) var withFills = 0
  /// Schedules in which each kind of fault happened.
  public private(set) var faults: [Fault: Int] = [:]
  /// By seed; of very many the first.
  public private(set) var violations: [Violation] = []

  public static let mostViolations = 100

  /// Runs the schedules of `count` seeds from `first` on.
  public static func run(
    seeds count: Int, from first: UInt64, on pool: Pool = .shared
  ) throws(BacktestError) -> EngineProof {
    try run(seeds: count, from: first, on: pool, planting: FaultPlant())
  }

  /// The same with a fault of the program itself, for tests of the proof.
  package static func run(
    seeds count: Int, from first: UInt64, on pool: Pool = .shared, planting plant: FaultPlant
  ) throws(BacktestError) -> EngineProof {
    let world = try FaultWorld()
    let whole = Mutex(EngineProof())
    pool.forEachChunk(of: count) { range in
      var part = EngineProof()
      for place in range { part.run(world, seed: first &+ UInt64(place), plant) }
      whole.withLock { $0.add(part) }
    }
    return whole.withLock { $0 }
  }

  private mutating func run(_ world: FaultWorld, seed: UInt64, _ plant: FaultPlant) {
    seeds += 1
    let watch: FaultWatch
    do throws(EngineError) {
      watch = try FaultRun.watch(world, seed: seed, plant)
    } catch {
      violations.append(Violation(seed: seed, finding: error.diagnosis.finding))
      return
    }
    orders += watch.orders
    fills += watch.fills
    if watch.fills > 0 { withFills += 1 }
    for fault in watch.seen { faults[fault, default: 0] += 1 }
    for finding in watch.findings { violations.append(Violation(seed: seed, finding: finding)) }
  }

  private mutating func add(_ other: EngineProof) {
    seeds += other.seeds
    orders += other.orders
    fills += other.fills
    withFills += other.withFills
    faults.merge(other.faults, uniquingKeysWith: +)
    violations = Array(
      (violations + other.violations).sorted { ($0.seed, $0.finding) < ($1.seed, $1.finding) }
        .prefix(Self.mostViolations))
  }

  public var isClean: Bool { violations.isEmpty }

  public var json: JSON {
    [
      "seeds": JSON(seeds), "orders": JSON(orders), "fills": JSON(fills),
      "schedules_with_fills": JSON(withFills),
      "faults": .object(
        Fault.allCases.map { JSON.Member($0.rawValue, JSON(faults[$0] ?? 0)) }),
      "violations": JSON(
        violations.map { ["seed": JSON(String($0.seed)), "finding": JSON($0.finding)] }),
    ]
  }
}
