import Features
import Foundation
import Market
import MarketData
import Runtime
import Synchronization
import TestKit
import Testing

@Suite("The feature cache")
struct FeatureCacheTests {
  struct Refused: Error, Equatable {}

  private static func key(_ number: Int) -> CacheKey {
    CacheKey(definitions: ["sma(\(number))"], data: SHA256.hash("bars"), code: "1")
  }

  private static func table(_ number: Int, rows: Int = 10) -> NumberTable {
    NumberTable(
      names: ["a", "b"],
      columns: [
        Column((0..<rows).map { Double($0 + number) }),
        Column((0..<rows).map { $0 == 0 ? .nan : Double($0) / 3 }),
      ])
  }

  private static func areEqual(_ a: NumberTable, _ b: NumberTable) -> Bool {
    a.names == b.names
      && zip(a.columns, b.columns).allSatisfy { one, other in
        one.elementsEqual(other) { $0.bitPattern == $1.bitPattern }
      }
  }

  @Test("any change of definitions, data or code is another key, and parts do not run together")
  func keys() {
    let data = SHA256.hash("bars")
    let keys = [
      CacheKey(definitions: ["ab", "c"], data: data, code: "1"),
      CacheKey(definitions: ["a", "bc"], data: data, code: "1"),
      CacheKey(definitions: ["abc"], data: data, code: "1"),
      CacheKey(definitions: ["ab", "c"], data: SHA256.hash("other"), code: "1"),
      CacheKey(definitions: ["ab", "c"], data: data, code: "2"),
      CacheKey(definitions: ["c", "ab"], data: data, code: "1"),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(keys[0] == CacheKey(definitions: ["ab", "c"], data: data, code: "1"))
  }

  @Test("six environments that ask for the same features compute them once: five hits in six")
  func hitRate() throws {
    let cache = FeatureCache(disk: nil)
    for _ in 0..<6 {
      let found = cache.table(for: Self.key(1)) { Self.table(1) }
      #expect(Self.areEqual(found, Self.table(1)))
    }
    #expect(cache.usage.misses == 1 && cache.usage.memoryHits == 5)
    #expect(try #require(cache.usage.hitRate) >= 0.833)
  }

  @Test("many threads that ask at once wait for one computation")
  func singleFlight() {
    let cache = FeatureCache(disk: nil)
    let computed = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 32) { _ in
      let found = cache.table(for: Self.key(1)) {
        computed.wrappingAdd(1, ordering: .relaxed)
        usleep(20_000)
        return Self.table(1)
      }
      #expect(Self.areEqual(found, Self.table(1)))
    }
    #expect(computed.load(ordering: .relaxed) == 1)
  }

  @Test("a computation that fails is reported to who ran it, and the next one tries again")
  func failure() throws {
    let cache = FeatureCache(disk: nil)
    #expect(throws: Refused()) {
      try cache.table(for: Self.key(1)) { () throws(Refused) in throw Refused() }
    }
    #expect(Self.areEqual(cache.table(for: Self.key(1)) { Self.table(1) }, Self.table(1)))
  }

  @Test("a table is forgotten when its time is over, and not before")
  func age() throws {
    let time = SimulatedTime()
    let cache = FeatureCache(disk: nil, time: time)
    _ = cache.table(for: Self.key(1)) { Self.table(1) }
    try time.advance(by: .seconds(599))
    _ = cache.table(for: Self.key(1)) { Self.table(1) }
    #expect(cache.usage.memoryHits == 1)
    try time.advance(by: .seconds(2))
    _ = cache.table(for: Self.key(1)) { Self.table(1) }
    #expect(cache.usage.misses == 2 && cache.usage.evictions == 1)
  }

  @Test("beyond bytes or entries the one not used for longest leaves")
  func limits() {
    var limits = FeatureCache.Limits()
    limits.entryCount = 3
    let cache = FeatureCache(limits: limits, disk: nil)
    func ask(_ number: Int) { _ = cache.table(for: Self.key(number)) { Self.table(number) } }
    for number in [1, 2, 3, 1, 4] { ask(number) }
    #expect(cache.usage.entryCount == 3 && cache.usage.evictions == 1)
    let misses = cache.usage.misses
    for number in [1, 3, 4] { ask(number) }
    #expect(cache.usage.misses == misses, "2 was the one to go")
    limits.byteCount = 2 * Self.table(1).byteCount
    cache.apply(limits)
    #expect(cache.usage.entryCount == 2 && cache.usage.byteCount == limits.byteCount)
    limits.byteCount = Self.table(1).byteCount - 1
    cache.apply(limits)
    ask(9)
    #expect(cache.usage.entryCount == 0 && cache.usage.byteCount == 0, "larger than the cache")
    cache.clear()
    #expect(cache.usage.byteCount == 0)
  }

  @Test(
    "its limits are settings: 512 MiB, ten minutes and 10,000 tables unless a file says otherwise")
  func settings() throws {
    func read(_ text: String) throws -> FeatureCache.Limits {
      try Configuration<FeatureCache.Limits>.load(
        sources: [.init(name: "cache.yaml", bytes: Array(text.utf8))]
      ).value
    }
    let standard = try read("{}")
    #expect(standard.byteCount == 536_870_912 && standard.age == .seconds(600))
    #expect(standard.entryCount == 10_000)
    let own = try read("memory: 64\nage: 5s\nentries: 2\n")
    #expect(own.byteCount == 64 << 20 && own.age == .seconds(5) && own.entryCount == 2)
    #expect(throws: ConfigurationError.self) { try read("memory: -1") }
    #expect(throws: ConfigurationError.self) { try read("age: -5s") }
  }

  @Test("another process finds the file, maps the same bits, and does not compute")
  func disk() throws {
    let folder = try TemporaryFolder()
    let first = FeatureCache(disk: DiskTier(folder: folder.root))
    _ = first.table(for: Self.key(1)) { Self.table(1, rows: 1000) }
    let second = FeatureCache(disk: DiskTier(folder: folder.root))
    let found = try second.table(for: Self.key(1)) { () throws(Refused) in throw Refused() }
    #expect(Self.areEqual(found, Self.table(1, rows: 1000)))
    #expect(second.usage.diskHits == 1 && second.usage.misses == 0)
  }

  @Test("processes that ask at once compute once between them")
  func singleFlightAcrossProcesses() throws {
    let folder = try TemporaryFolder()
    let computed = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let cache = FeatureCache(disk: DiskTier(folder: folder.root))
      _ = cache.table(for: Self.key(1)) {
        computed.wrappingAdd(1, ordering: .relaxed)
        usleep(20_000)
        return Self.table(1)
      }
    }
    #expect(computed.load(ordering: .relaxed) == 1)
  }

  @Test(
    "a damaged file is found, removed and computed anew, wherever the damage is", arguments: 0..<24)
  func damage(place: Int) throws {
    let folder = try TemporaryFolder()
    let tier = DiskTier(folder: folder.root)
    _ = FeatureCache(disk: tier).table(for: Self.key(1)) { Self.table(1) }
    let path = tier.path(Self.key(1))
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    if place < 4 {
      bytes.removeLast(bytes.count * (place + 1) / 5)
    } else {
      bytes[bytes.count * (place - 4) / 20] ^= 0x41
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let cache = FeatureCache(disk: tier)
    let found = cache.table(for: Self.key(1)) { Self.table(1) }
    #expect(Self.areEqual(found, Self.table(1)))
    // A byte of padding can change without harm; every other damage is noticed.
    #expect(cache.usage.damagedFiles == 1 || cache.usage.diskHits == 1)
    #expect(place >= 4 || cache.usage.damagedFiles == 1)
    let third = FeatureCache(disk: tier)
    _ = third.table(for: Self.key(1)) { Self.table(1) }
    #expect(third.usage.diskHits == 1)
  }

  @Test("files beyond their room leave, those not used for longest first")
  func diskRoom() throws {
    let folder = try TemporaryFolder()
    let size = try {
      let probe = DiskTier(folder: folder.root + "/probe")
      probe.write(Self.table(0, rows: 1000), Self.key(0))
      return try Data(contentsOf: URL(fileURLWithPath: probe.path(Self.key(0)))).count
    }()
    let tier = DiskTier(folder: folder.root + "/tier", byteCount: 3 * size + size / 2)
    for number in 1...4 {
      tier.write(Self.table(number, rows: 1000), Self.key(number))
      var times = [
        timeval(tv_sec: 1000 + number, tv_usec: 0), timeval(tv_sec: 1000 + number, tv_usec: 0),
      ]
      utimes(tier.path(Self.key(number)), &times)
    }
    let left = (1...4).filter { FileManager.default.fileExists(atPath: tier.path(Self.key($0))) }
    #expect(left == [2, 3, 4])
  }

  @Test("a folder that cannot be written costs nothing but the files")
  func noDisk() {
    let cache = FeatureCache(disk: DiskTier(folder: "/proc/no-such-folder"))
    #expect(Self.areEqual(cache.table(for: Self.key(1)) { Self.table(1) }, Self.table(1)))
    _ = cache.table(for: Self.key(1)) { Self.table(2) }
    #expect(cache.usage.memoryHits == 1)
  }

  @Test("a hit on a year of ninety-three features takes less than 100 microseconds")
  func speed() throws {
    let cache = FeatureCache(disk: nil)
    let table = NumberTable(
      names: (0..<93).map { "f\($0)" },
      columns: (0..<93).map { Column(repeating: Double($0), count: 19_656) })
    _ = cache.table(for: Self.key(1)) { table }
    let time = SystemTime()
    let durations = (0..<101).map { _ in
      let start = time.monotonicNanoseconds
      _ = cache.table(for: Self.key(1)) { table }
      return time.monotonicNanoseconds - start
    }
    #expect(durations.sorted()[50] <= 100_000)
  }

  @Test("the figures go to the metrics under fixed names")
  func metrics() {
    let cache = FeatureCache(disk: nil)
    for _ in 0..<4 { _ = cache.table(for: Self.key(1)) { Self.table(1) } }
    let metrics = Metrics()
    cache.usage.report(to: metrics)
    #expect(metrics.gauge("feature_cache_hit_rate").value == 0.75)
    #expect(metrics.gauge("feature_cache_bytes").value == Double(Self.table(1).byteCount))
  }
}
