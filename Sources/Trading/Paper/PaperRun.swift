import Glibc
import Market
import Numerics
import Runtime

/// Lets an account on paper trade.
public enum PaperRun {
  /// How it is run.
  public struct Options: Sendable {
    /// Seconds between two looks for new bars; without it what there is is played, and then it ends.
    public var following: Int?
    /// Milliseconds between two instants, so that a replay can be watched.
    public var pace = 0

    public init() {}
  }

  public struct Outcome: Sendable {
    public let instants: Int
    public let isStopped: Bool
  }

  /// - Parameters:
  ///   - killSwitch: by which a person stops it from outside
  ///   - wait: passes a tenth of a second
  ///   - bars: reads what bars there are by now
  public static func run(
    _ folder: PaperFolder, _ options: Options, killSwitch: KillSwitch?, clock: some TimeSource,
    wait: () -> Void = { usleep(100_000) }, bars: () throws -> [Frame]
  ) throws -> Outcome {
    try folder.forgetStop()
    var trader = try PaperTrader(folder, try folder.recipe.strategy())
    var watch = try FeedWatch(
      folder.settings, folder.interval, isSilent: trader.isFeedSilent,
      at: clock.monotonicNanoseconds)
    var instants = 0
    var isStopped = false
    trading: while true {
      let events = try trader.news(
        in: ordered(try bars(), as: folder.symbols), folder.settings)
      var place = 0
      while place < events.count {
        try heed(killSwitch, &trader, clock)
        if folder.isAskedToStop {
          isStopped = true
          break trading
        }
        let end = events[place...].firstIndex { $0.time != events[place].time } ?? events.count
        try proceed(&watch, &trader, clock)
        try trader.see(Array(events[place..<end]))
        instants += 1
        place = end
        if options.pace > 0 { usleep(UInt32(options.pace) * 1000) }
      }
      guard let seconds = options.following else { break }
      for _ in 0..<max(1, seconds * 10) {
        try heed(killSwitch, &trader, clock)
        if folder.isAskedToStop {
          isStopped = true
          break trading
        }
        let now = clock.monotonicNanoseconds
        if let act = watch.waited(since: trader.lastTime, at: now), let last = trader.lastTime {
          try trader.operate(act, at: watch.now(after: last, at: now))
        }
        wait()
      }
    }
    try trader.close()
    return Outcome(instants: instants, isStopped: isStopped)
  }

  /// A bar comes: where the feed had been silent, that is over.
  private static func proceed<S>(
    _ watch: inout FeedWatch, _ trader: inout PaperTrader<S>, _ clock: some TimeSource
  ) throws(PaperError) {
    let now = clock.monotonicNanoseconds
    let time = trader.lastTime.map { watch.now(after: $0, at: now) }
    guard let act = watch.saw(at: now) else { return }
    try trader.operate(act, at: time ?? clock.now)
  }

  /// Between two instants a person may stop everything, or let it go on.
  private static func heed<S>(
    _ killSwitch: KillSwitch?, _ trader: inout PaperTrader<S>, _ clock: some TimeSource
  ) throws(PaperError) {
    let isKilled = trader.engine.gate.memory.isKilled
    guard let act = killSwitch?.nextAct(isKilled: isKilled) else { return }
    // In the market's time, where a replay is not now.
    try trader.operate(act, at: trader.lastTime ?? clock.now)
  }

  private static func ordered(
    _ frames: [Frame], as symbols: [Symbol]
  ) throws(PaperError) -> [Frame] {
    var ordered: [Frame] = []
    var missing: [Symbol] = []
    for symbol in symbols {
      if let frame = frames.first(where: { $0.symbol == symbol }) {
        ordered.append(frame)
      } else {
        missing.append(symbol)
      }
    }
    guard missing.isEmpty else { throw .otherSymbols(missing: missing) }
    return ordered
  }
}
