import Dispatch
import MarketData
import Runtime
import Synchronization

/// Tables of features that were computed before: in memory, and in files that processes share.
///
/// There is one in the process, `shared`, and this is its only door: what one user computed every
/// other finds. A table that several ask for at once is computed once, by the first; the others wait
/// for it, also across processes.
public final class FeatureCache: Sendable {
  /// How much the cache may hold in memory, and for how long.
  public struct Limits: Hashable, Sendable {
    public var byteCount = 512 << 20
    public var age = Duration.seconds(600)
    public var entryCount = 10_000

    public init() {}
  }

  /// How often the cache could answer, and what it holds.
  public struct Usage: Hashable, Sendable {
    public var memoryHits = 0
    public var diskHits = 0
    public var misses = 0
    /// Tables that left memory to make room, or because they were too old.
    public var evictions = 0
    /// Files that were damaged; they were removed and computed anew.
    public var damagedFiles = 0
    public var entryCount = 0
    public var byteCount = 0

    /// The part of requests that needed no computing; `nil` before the first.
    public var hitRate: Double? {
      let all = memoryHits + diskHits + misses
      return all > 0 ? Double(memoryHits + diskHits) / Double(all) : nil
    }
  }

  private struct Entry {
    let table: NumberTable
    let expires: Int64
  }

  private struct State {
    var limits: Limits
    var entries = RecentlyUsed<CacheKey, Entry>()
    var flights: [CacheKey: DispatchGroup] = [:]
    var usage = Usage()
  }

  /// The cache of the process, with files in the user's cache folder.
  public static let shared = FeatureCache(disk: DiskTier.ofUser)

  private let state: Mutex<State>
  private let disk: DiskTier?
  private let time: any TimeSource

  /// A cache of its own, for tests; everything else goes through `shared`.
  package init(
    limits: Limits = Limits(), disk: DiskTier?, time: any TimeSource = SystemTime()
  ) {
    state = Mutex(State(limits: limits))
    self.disk = disk
    self.time = time
  }

  /// Changes the limits; what is beyond the new ones is dropped at once.
  public func apply(_ limits: Limits) {
    state.withLock { state in
      state.limits = limits
      makeRoom(in: &state)
    }
  }

  public var usage: Usage { state.withLock { $0.usage } }

  /// Forgets what is in memory; files stay.
  public func clear() {
    state.withLock { state in
      while let key = state.entries.leastRecent { drop(key, from: &state) }
    }
  }

  /// The table of that key, computed only if nobody has it.
  public func table<Failure: Error>(
    for key: CacheKey, compute: () throws(Failure) -> NumberTable
  ) throws(Failure) -> NumberTable {
    while true {
      switch state.withLock({ start(key, &$0) }) {
      case .found(let table): return table
      case .wait(let flight): flight.wait()
      case .lead(let flight):
        defer { land(key, flight) }
        return try lead(key, compute)
      }
    }
  }

  private enum Start {
    case found(NumberTable)
    case wait(DispatchGroup)
    case lead(DispatchGroup)
  }

  private func start(_ key: CacheKey, _ state: inout State) -> Start {
    if let entry = state.entries.peek(key) {
      if entry.expires > time.monotonicNanoseconds {
        state.usage.memoryHits += 1
        return .found(state.entries.use(key)?.table ?? entry.table)
      }
      drop(key, from: &state)
      state.usage.evictions += 1
    }
    if let flight = state.flights[key] { return .wait(flight) }
    let flight = DispatchGroup()
    flight.enter()
    state.flights[key] = flight
    return .lead(flight)
  }

  private func land(_ key: CacheKey, _ flight: DispatchGroup) {
    state.withLock { _ = $0.flights.removeValue(forKey: key) }
    flight.leave()
  }

  private func lead<Failure: Error>(
    _ key: CacheKey, _ compute: () throws(Failure) -> NumberTable
  ) throws(Failure) -> NumberTable {
    // Other processes wait here while one of them computes.
    let turn = disk?.takeTurn(key)
    defer { turn?.end() }
    if let disk {
      switch disk.read(key) {
      case .table(let table):
        keep(table, key) { $0.diskHits += 1 }
        return table
      case .damaged: state.withLock { $0.usage.damagedFiles += 1 }
      case .absent: break
      }
    }
    let table = try compute()
    // A disk that is full or read-only costs speed, not the result.
    disk?.write(table, key)
    keep(table, key) { $0.misses += 1 }
    return table
  }

  private func keep(_ table: NumberTable, _ key: CacheKey, _ count: (inout Usage) -> Void) {
    state.withLock { state in
      count(&state.usage)
      let age = state.limits.age.nanoseconds ?? .max
      let (expires, overflow) = time.monotonicNanoseconds.addingReportingOverflow(age)
      drop(key, from: &state)
      state.entries.insert(Entry(table: table, expires: overflow ? .max : expires), for: key)
      state.usage.entryCount += 1
      state.usage.byteCount += table.byteCount
      makeRoom(in: &state)
    }
  }

  private func makeRoom(in state: inout State) {
    while state.usage.byteCount > state.limits.byteCount
      || state.usage.entryCount > state.limits.entryCount,
      let key = state.entries.leastRecent
    {
      drop(key, from: &state)
      state.usage.evictions += 1
    }
  }

  private func drop(_ key: CacheKey, from state: inout State) {
    guard let entry = state.entries.remove(key) else { return }
    state.usage.entryCount -= 1
    state.usage.byteCount -= entry.table.byteCount
  }
}

extension FeatureCache.Usage {
  /// The figures under the names a metrics server knows them by.
  public func report(to metrics: Metrics) {
    let figures: [(String, Double)] = [
      ("feature_cache_memory_hits", Double(memoryHits)),
      ("feature_cache_disk_hits", Double(diskHits)), ("feature_cache_misses", Double(misses)),
      ("feature_cache_evictions", Double(evictions)),
      ("feature_cache_damaged_files", Double(damagedFiles)),
      ("feature_cache_entries", Double(entryCount)), ("feature_cache_bytes", Double(byteCount)),
      ("feature_cache_hit_rate", hitRate ?? 0),
    ]
    for (name, value) in figures { metrics.gauge(name).set(value) }
  }
}
