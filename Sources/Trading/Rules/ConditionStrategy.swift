import Features
import Market
import Numerics
import Runtime

/// Trades each symbol by conditions: in when its entry holds and its exit does not, out when its exit
/// holds, or at a stop or a profit.
///
/// After a stop the entry must have failed once before it counts again, so that a rule that still
/// holds does not buy back at once what was just sold.
public struct ConditionStrategy: Strategy {
  public let rules: Rules
  private let outputs: Outputs
  private var streams = RuleStreams()
  /// By series.
  private var lines: [Line] = []

  /// Where in the plan each rule stands.
  private struct Outputs {
    let entry, exit, shortEntry, shortExit, size, stop, takeProfit: Int?

    init(_ rules: Rules) {
      entry = rules.output(.entry)
      exit = rules.output(.exit)
      shortEntry = rules.output(.shortEntry)
      shortExit = rules.output(.shortExit)
      size = rules.output(.size)
      stop = rules.output(.stop)
      takeProfit = rules.output(.takeProfit)
    }

    var protects: Bool { stop != nil || takeProfit != nil }
  }

  private struct Line {
    /// 1 long, −1 short, 0 neither: what was decided, filled or not.
    var side = 0
    var order: OrderID?
    /// Of the entry price, as they were when the entry was decided.
    var stop: Double?
    var takeProfit: Double?
    var protection: [OrderID] = []
    /// Whether an entry on either side counts again after a stop.
    var isLongFresh = true
    var isShortFresh = true
  }

  public init(_ rules: Rules) {
    self.rules = rules
    outputs = Outputs(rules)
  }

  public var name: String { rules.name }
  public var warmUp: Int { rules.lookBack + 1 }

  public mutating func onStart(_ desk: inout Desk) {
    streams = RuleStreams(rules, &desk)
    // What another left in the account is its own from here on, as in a walk-forward.
    lines = desk.histories.map { history in
      let held = desk.account.position(history.instrument)
      return Line(side: held.isZero ? 0 : held.isNegative ? -1 : 1)
    }
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    let place = bar.series.place
    streams.follow(bar.series, rules, &desk)
    noticeEnd(place, bar.instrument, desk)
    func value(_ output: Int?) -> Double { output.map { streams[place, $0] } ?? .nan }
    func holds(_ output: Int?) -> Bool { value(output) == 1 }
    func fails(_ output: Int?) -> Bool { value(output) == 0 }
    let (entry, exit) = (holds(outputs.entry), holds(outputs.exit))
    let (shortEntry, shortExit) = (holds(outputs.shortEntry), holds(outputs.shortExit))
    if fails(outputs.entry) { lines[place].isLongFresh = true }
    if fails(outputs.shortEntry) { lines[place].isShortFresh = true }
    var side = lines[place].side
    if side > 0 && exit || side < 0 && shortExit { side = 0 }
    if side == 0, entry != shortEntry {
      if entry, !exit, lines[place].isLongFresh { side = 1 }
      if shortEntry, !shortExit, lines[place].isShortFresh { side = -1 }
    }
    if side != lines[place].side { take(side, place, bar.instrument, &desk) }
  }

  /// A stop, a profit or a refusal left nothing of what was decided.
  private mutating func noticeEnd(_ place: Int, _ id: InstrumentID, _ desk: Desk) {
    guard lines[place].side != 0, desk.account.position(id).isZero else { return }
    if let order = lines[place].order, desk.account.orders[order]?.state.isOver == false { return }
    if lines[place].side > 0 { lines[place].isLongFresh = false }
    if lines[place].side < 0 { lines[place].isShortFresh = false }
    lines[place].side = 0
    lines[place].protection = []
  }

  private mutating func take(
    _ side: Int, _ place: Int, _ id: InstrumentID, _ desk: inout Desk
  ) {
    var part = 0.0
    if side != 0 {
      let size = outputs.size.map { streams[place, $0] } ?? 1
      let stop = outputs.stop.map { streams[place, $0] }
      let takeProfit = outputs.takeProfit.map { streams[place, $0] }
      // Without a size or a stop that makes sense there is no entry.
      guard size > 0, stop.map({ $0 > 0 && $0 < 1 }) ?? true,
        takeProfit.map({ $0 > 0 && (side > 0 || $0 < 1) }) ?? true
      else {
        if lines[place].side != 0 { take(0, place, id, &desk) }
        return
      }
      part = min(size, 1) * Double(side)
      (lines[place].stop, lines[place].takeProfit) = (stop, takeProfit)
    }
    lines[place].side = side
    lines[place].protection = []
    lines[place].order = desk.hold(part, of: id)
  }

  /// Puts a stop and a limit under what an entry has bought so far; the fill of one ends the other.
  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) {
    guard outputs.protects,
      let place = lines.indices.first(where: { desk.histories[$0].instrument == fill.instrument }),
      lines[place].side != 0, lines[place].order == fill.order
    else { return }
    for order in lines[place].protection { desk.cancel(order) }
    lines[place].protection = []
    let held = desk.account.position(fill.instrument)
    guard !held.isZero, held.isNegative == (lines[place].side < 0),
      let size = desk.magnitude(of: held)
    else { return }
    let direction = Double(lines[place].side)
    let price = Double(fill.price)
    var types: [OrderType] = []
    if let stop = lines[place].stop,
      let at = desk.price(price * (1 - direction * stop), of: fill.instrument)
    {
      types.append(.stop(at))
    }
    if let gain = lines[place].takeProfit,
      let at = desk.price(price * (1 + direction * gain), of: fill.instrument)
    {
      types.append(.limit(at))
    }
    lines[place].protection = desk.submitAlternatives(
      types.map {
        OrderIntent(
          direction > 0 ? .sell : .buy, size, of: fill.instrument, type: $0,
          timeInForce: .untilCancelled)
      })
  }
}
