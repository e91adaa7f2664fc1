import Features
import Market
import Numerics
import Runtime
import Synchronization

/// Whether a strategy decides on anything that is not known yet: it is made and run anew in worlds that are
/// the same until an instant and others after it, and what it ordered until then must be the same orders.
///
/// The engine shows a strategy nothing early; what can look ahead is what it is made from. So the proof
/// takes the making: whatever is worked out from the frames before the run (a scale over the whole column,
/// a signal that lies one bar too early, an hour that has not ended) is worked out again in every world.
public struct StrategyProof: Sendable {
  /// Makes the strategy from the bars that it will trade.
  public typealias Maker = @Sendable ([Frame]) throws(BacktestError) -> AnyStrategy

  /// The first order that a changed future changed.
  public struct Leak: Hashable, Sendable {
    /// What was known when it was decided, and by then had changed in nothing.
    public let knownUntil: Timestamp
    /// `nil` where nothing was changed, and the same bars told again.
    public let change: Change?
    /// When the order was made that is another one, or none, in the changed world.
    public let orderedAt: Timestamp
  }

  /// How the future is changed.
  public enum Change: String, CaseIterable, Sendable {
    case higher, lower, noise, removed

    public var words: String {
      switch self {
      case .higher: "everything later four times as high"
      case .lower: "everything later a quarter as high"
      case .noise: "every later price drawn by chance"
      case .removed: "nothing later at all"
      }
    }
  }

  /// Instants after which the future was changed; none where the same was told again.
  public let cuts: Int
  public let worlds: Int
  /// Orders that were compared, in all worlds together.
  public let compared: Int
  public let leak: Leak?

  public var isClean: Bool { leak == nil }

  /// Cuts at instants at which the strategy ordered, right before them, and at others by chance.
  ///
  /// - Parameter changes: how the future is changed at each cut; of a strategy that is made without a look
  ///   at the bars one is as good as all
  public init(
    frames: [Frame], settings: BacktestSettings, cuts: Int = 24, seed: UInt64,
    changes: [Change] = Change.allCases, on pool: Pool = .shared, make: Maker
  ) throws(BacktestError) {
    let least = try BacktestMarket(frames, settings).rows.map { $0.lowerBound + 1 }
    let truth = try Self.orders(frames, settings, until: .max - 1, least: least, make)
    let instants = Set(frames.flatMap { Array($0.knownAt) }).sorted()
    var random = RandomStream(seed: seed, purpose: "strategy proof")
    let chosen = Self.cuts(cuts, instants, truth, &random)
    var (worlds, compared) = (0, 0)
    var leak: Leak?
    search: for cut in chosen {
      let known = truth.prefix { $0.createdAt.nanoseconds <= cut }
      let found = Mutex<[Result<[Order], BacktestError>?]>(
        Array(repeating: nil, count: changes.count))
      pool.forEachChunk(of: changes.count) { range in
        for place in range {
          let orders = Result { () throws(BacktestError) in
            let world = zip(frames, least).map {
              Self.altered($0, after: cut, changes[place], seed: seed, least: $1)
            }
            return try Self.orders(world, settings, until: cut, least: least, make)
          }
          found.withLock { $0[place] = orders }
        }
      }
      for (change, result) in zip(changes, found.withLock({ $0 })) {
        guard let result else { continue }
        worlds += 1
        compared += known.count
        guard let at = Self.difference(known, try result.get()[...]) else { continue }
        leak = Leak(knownUntil: Timestamp(nanoseconds: cut), change: change, orderedAt: at)
        break search
      }
    }
    self.cuts = chosen.count
    self.worlds = worlds
    self.compared = compared
    self.leak = leak
  }

  /// In the order they were made; a run without fills has orders all the same. The strategy is made from
  /// all of the bars, and trades those that are known at the cut: what comes later orders nothing before.
  ///
  /// - Parameter least: bars of each symbol without which there is nothing to trade
  private static func orders(
    _ frames: [Frame], _ settings: BacktestSettings, until cut: Int64, least: [Int], _ make: Maker
  ) throws(BacktestError) -> [Order] {
    let known = zip(frames, least).map { frame, least in
      frame.slice(0..<min(frame.count, max(least, frame.knownAt.firstRow(from: cut + 1))))
    }
    let strategy = try make(frames)
    let market = try BacktestMarket(known, settings)
    let engine = try Backtest.run(
      market, strategy, settings, venue: settings.venue(market.table), journal: NoJournal())
    return engine.desk.account.orders.records.map(\.order)
      .filter { $0.createdAt.nanoseconds <= cut }
  }

  private static func cuts(
    _ count: Int, _ instants: [Int64], _ orders: [Order], _ random: inout RandomStream
  ) -> [Int64] {
    guard !instants.isEmpty else { return [] }
    let ordered = orders.map { instants.firstIndex(of: $0.createdAt.nanoseconds) ?? 0 }
    var places: Set<Int> = []
    // At an order what was decided is compared; right before it, nothing had been.
    for _ in 0..<count / 2 where !ordered.isEmpty {
      let place = ordered[random.index(below: ordered.count)]
      places.formUnion([place, max(0, place - 1)])
    }
    while places.count < min(count, instants.count) {
      places.insert(random.index(below: instants.count))
    }
    return places.sorted().map { instants[$0] }
  }

  /// When the first order was made that only one side has.
  private static func difference(
    _ known: ArraySlice<Order>, _ found: ArraySlice<Order>
  ) -> Timestamp? {
    for (a, b) in zip(known, found) where a != b { return min(a.createdAt, b.createdAt) }
    guard known.count != found.count else { return nil }
    let longer = known.count > found.count ? known : found
    return longer[longer.startIndex + min(known.count, found.count)].createdAt
  }

  /// Everything known until `cut` as it is; bars that were under way have another end, too.
  private static func altered(
    _ frame: Frame, after cut: Int64, _ change: Change, seed: UInt64, least: Int
  ) -> Frame {
    let known = frame.knownAt.firstRow(from: cut + 1)
    if change == .removed { return frame.slice(0..<min(frame.count, max(least, known))) }
    var random = RandomStream(seed: seed, purpose: "strategy proof")
    let noise = (known..<frame.count).map { _ in 0.25 + 3 * random.uniform() }
    return ["open", "high", "low", "close", "vwap", "adj_close"].reduce(frame) { altered, name in
      guard let column = frame[name] else { return altered }
      let changed = Column<Double>(count: column.count) { out in
        for row in 0..<column.count {
          let factor =
            row < known ? 1 : change == .higher ? 4 : change == .lower ? 0.25 : noise[row - known]
          out.initializeElement(at: row, to: column[row] * factor)
        }
      }
      return altered.adding(changed, as: name)
    }
  }
}

extension StrategyProof {
  /// Holds the run that is judged against one before it, of a strategy that is given nothing but what its
  /// desk shows: a process or a library. Worlds that are the same until an instant show it the same until
  /// then, whatever follows: so one run to the end stands for a cut at every bar, and finds what such a
  /// strategy can have beside its desk, which is what an earlier run left behind.
  public init(of judged: BacktestResult, after rehearsal: BacktestResult) {
    (cuts, worlds, compared) = (0, 1, judged.decided.count)
    let (known, found) = (rehearsal.decided.map(\.order), judged.decided.map(\.order))
    leak = Self.difference(known[...], found[...]).map {
      Leak(knownUntil: $0, change: nil, orderedAt: $0)
    }
  }
}

extension StrategyProof {
  /// What was found, in plain words.
  public var sentence: String {
    guard let leak else {
      if cuts == 0 {
        return
          "none of \(NumberText.count(compared)) orders was another one when all was told again "
          + "from the beginning, and it is told nothing early"
      }
      return
        "none of \(NumberText.count(compared)) orders changed in \(worlds) worlds with another "
        + "future, cut at \(cuts) instants"
    }
    guard let change = leak.change else {
      return
        "an order of \(leak.orderedAt) is another one when the same bars are told again: it is "
        + "decided on what an earlier run left behind, or by chance"
    }
    return "an order of \(leak.orderedAt) is another one with \(change.words) after "
      + "\(leak.knownUntil): it was decided on what was not known"
  }
}
