internal import CPlugin
import Features
import Glibc
import Market
import Numerics
import Runtime

/// Lets a library decide: docs/PLUGINS.md. It sees what the desk shows, as any strategy does, and what it
/// asks for goes through the gate.
public struct PluginStrategy: Strategy {
  private let library: PluginLibrary
  private var run: PluginRun?
  /// Bars that were shown, by series.
  private var shown: [Int] = []

  public init(path: String) throws(StrategyFailure) { library = try PluginLibrary(path) }

  public var name: String { library.name }
  public var warmUp: Int { Int(library.strategy.warm_up) }

  /// The hash of a library's file; "missing" where there is none.
  static func digest(of path: String) -> String {
    do { return SHA256.hash(try SmallFile.read(path, bytesMax: 1 << 28)).description } catch {
      return "missing"
    }
  }

  public mutating func onStart(_ desk: inout Desk) {
    run = PluginRun(library)
    shown = desk.histories.map(\.count)
    guard library.strategy.on_start != nil else { return }
    call(&desk, bars: []) { strategy, state, desk in strategy.on_start?(state, desk) }
  }

  /// The first bar of an instant speaks for all: by then those of all series are known.
  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard desk.histories[bar.series.place].count > shown[bar.series.place] else { return }
    var bars: [MartinetBar] = []
    for (series, history) in desk.histories.enumerated() {
      for row in shown[series]..<history.count {
        let values = history[row]
        bars.append(
          MartinetBar(
            series: Int32(series), instrument: history.instrument.index, open: values.open,
            high: values.high, low: values.low, close: values.close, volume: values.volume))
      }
      shown[series] = history.count
    }
    call(&desk, bars: bars) { strategy, state, desk in strategy.on_bars(state, desk) }
  }

  private func call(
    _ desk: inout Desk, bars: [MartinetBar],
    _ body: (MartinetStrategy, UnsafeMutableRawPointer?, UnsafePointer<MartinetDesk>) -> Void
  ) {
    guard let run else { return }
    let positions = (0..<desk.account.table.count).map {
      Double(desk.account.position(InstrumentID($0)))
    }
    let context = PluginContext(desk)
    let symbols = run.symbols(of: desk)
    positions.withUnsafeBufferPointer { positions in
      bars.withUnsafeBufferPointer { bars in
        symbols.withUnsafeBufferPointer { symbols in
          var view = MartinetDesk(
            time: desk.now.nanoseconds, equity: Double(desk.account.equity),
            cash: Double(desk.account.cash()), instrument_count: UInt32(positions.count),
            symbols: symbols.baseAddress, positions: positions.baseAddress,
            bar_count: UInt32(bars.count), bars: bars.baseAddress,
            context: Unmanaged.passUnretained(context).toOpaque(),
            history: { PluginContext.history($0, $1, $2, $3, $4) },
            hold: { PluginContext.add($0, .hold(instrument: Int($1), part: $2)) },
            weigh: { PluginContext.add($0, .weigh(instrument: Int($1), part: $2)) },
            order: { PluginContext.order($0, $1, $2, $3, $4) },
            cancel: { PluginContext.add($0, .cancel(instrument: Int($1))) },
            fail: { PluginContext.fail($0, $1) })
          withUnsafePointer(to: &view) { body(library.strategy, run.state, $0) }
        }
      }
    }
    do throws(StrategyFailure) {
      if let reason = context.failure {
        throw StrategyFailure(
          name, "it failed: \(Excerpt.bare(reason, longest: 200))", "correct the strategy")
      }
      for act in context.acts { try desk.perform(act) }
    } catch {
      desk.stop(error)
    }
  }
}

/// What the library made for one run; taken back when the run is over.
private final class PluginRun: @unchecked Sendable {
  // Safe to send: one run has it, and runs on one thread at a time.
  let state: UnsafeMutableRawPointer?
  private let library: PluginLibrary
  private var texts: [UnsafeMutablePointer<CChar>?] = []

  init(_ library: PluginLibrary) {
    self.library = library
    state = library.strategy.create()
  }

  deinit {
    library.strategy.destroy(state)
    for text in texts { free(text) }
  }

  func symbols(of desk: Desk) -> [UnsafePointer<CChar>?] {
    if texts.isEmpty { texts = desk.account.table.instruments.map { strdup($0.symbol.text) } }
    return texts.map { UnsafePointer($0) }
  }
}

/// What a library may ask during one call, and what it asked for.
private final class PluginContext {
  private let histories: [BarHistory]
  private(set) var acts: [StrategyAct] = []
  private(set) var failure: String?

  init(_ desk: Desk) { histories = desk.histories }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> PluginContext? {
    pointer.map { Unmanaged<PluginContext>.fromOpaque($0).takeUnretainedValue() }
  }

  static func add(_ context: UnsafeMutableRawPointer?, _ act: StrategyAct) {
    of(context)?.acts.append(act)
  }

  static func history(
    _ context: UnsafeMutableRawPointer?, _ series: Int32, _ field: MartinetField, _ count: UInt64,
    _ values: UnsafeMutablePointer<Double>?
  ) -> UInt64 {
    guard let context = of(context), let values else { return 0 }
    guard series >= 0, series < context.histories.count else {
      context.failure = context.failure ?? "there is no series \(series)"
      return 0
    }
    let history = context.histories[Int(series)]
    let column: [Double]
    switch field {
    case MARTINET_OPEN: column = history.open
    case MARTINET_HIGH: column = history.high
    case MARTINET_LOW: column = history.low
    case MARTINET_CLOSE: column = history.close
    case MARTINET_VOLUME: column = history.volume
    default:
      context.failure = context.failure ?? "there is no field \(field.rawValue)"
      return 0
    }
    let known = min(column.count, Int(clamping: count))
    for (place, value) in column.suffix(known).enumerated() { values[place] = value }
    return UInt64(known)
  }

  static func order(
    _ context: UnsafeMutableRawPointer?, _ instrument: Int32, _ quantity: Double,
    _ kind: MartinetOrder, _ price: Double
  ) {
    let act: StrategyAct.Kind
    switch kind {
    case MARTINET_MARKET: act = .market
    case MARTINET_LIMIT: act = .limit(price)
    case MARTINET_STOP: act = .stop(price)
    default:
      return fail(context, "there is no kind of order \(kind.rawValue)")
    }
    add(context, .order(instrument: Int(instrument), quantity: quantity, kind: act))
  }

  static func fail(_ context: UnsafeMutableRawPointer?, _ reason: UnsafePointer<CChar>?) {
    guard let context = of(context) else { return }
    context.failure = context.failure ?? reason.map { String(cString: $0) } ?? "no reason given"
  }
}
